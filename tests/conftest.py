"""What tests share: the way to real data beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of real test data, or skip the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data '{name}' is not at {SHARED}")
    return path
