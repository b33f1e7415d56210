"""What tests share: the way to real data beside the repository, and how cases are drawn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same cases each time, so that a failure is of the change that is tested;
# HYPOTHESIS_PROFILE=search draws others.
settings.register_profile("same", derandomize=True)
settings.register_profile("search")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of real test data, or skip the test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data '{name}' is not at {SHARED}")
    return path
