"""Peak memory of the neighbours' metrics: 50,000 against 50,000 examples in 2048 dimensions.

    python -m benchmarks.large [--out peak.json]

It prints MB beside the samples themselves; a quarter of an hour of one core.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.metrics import memory

__all__ = ["main"]


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    found = memory("50000")
    print(f"{found:.0f} MB")
    if given.out:
        given.out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
