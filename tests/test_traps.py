"""The table of traps names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_trap_has_its_test() -> None:
    table = (ROOT / "docs" / "traps.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| ") and "`test_" in line]
    written = {
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(rows) >= 30
    for row in rows:
        named = set(re.findall(r"`(test_\w+)`", row))
        assert named <= written, f"gone: {sorted(named - written)}"
