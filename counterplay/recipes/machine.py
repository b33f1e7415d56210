"""What a training costs the machine: its pace, its memory, and the doctor's share of the time.

``machine.jsonl`` has a line for each check-up. It stands apart from the doctor's signals, which are
the same in every run of a recipe; these are not.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

__all__ = ["MACHINE", "measured", "words"]

MACHINE = "machine.jsonl"
PACE = "images_per_second"
"""As the records of a training have it."""


def measured(
    records: Sequence[Mapping[str, Any]], device: torch.device, spent: float
) -> dict[str, float]:
    """Return examples a second, megabytes, and the seconds that a check-up took.

    Args:
        records: those since the last check-up.
        device: of the networks.
        spent: seconds.
    """
    paces = [r[PACE] for r in records if r.get(PACE)]
    found = {"pace": statistics.median(paces)} if paces else {}
    return found | _memory(device) | {"check-up": round(spent, 4)}


def _memory(device: torch.device) -> dict[str, float]:
    """Return the most that was in use, of the process and of its GPU."""
    found: dict[str, float] = {}
    try:
        import resource
    except ImportError:  # there is none on Windows
        pass
    else:
        found["memory"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    if device.type == "cuda":
        import torch

        found["memory on the GPU"] = round(torch.cuda.max_memory_allocated(device) / 2**20, 1)
    return found


def words(told: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence on the pace, the memory and the doctor's share, of the file's lines."""
    lines = [each for each in told if "step" in each and "event" not in each]
    paces = [each["pace"] for each in lines if "pace" in each]
    said = []
    if paces:
        usual = statistics.median(paces)
        said.append(f"{paces[-1]:,.0f} examples a second, {paces[-1] / usual:.0%} of its median")
    if lines and "memory" in lines[-1]:
        grown = lines[-1]["memory"] - lines[min(1, len(lines) - 1)]["memory"]
        said.append(f"{lines[-1]['memory']:,.0f} MB at most, {grown:+,.0f} since it began")
    took = [each["check-up"] for each in lines if "check-up" in each]
    if took:
        said.append(f"a check-up took {statistics.median(took):.2g} s")
    return [", ".join(said)] if said else []
