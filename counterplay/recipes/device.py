"""Where a run is computed, and in what numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from counterplay.errors import UserError

if TYPE_CHECKING:
    import torch

__all__ = ["find", "precise"]


def find(asked: str, local: int = 0) -> torch.device:
    """Return the device for ``auto``, ``cpu`` or ``cuda``; the ``local``-th GPU of this machine.

    Raises:
        UserError: when a GPU is asked for and torch sees none, or for another word.
    """
    import torch

    if asked not in ("auto", "cpu", "cuda"):
        raise UserError(f"device '{asked}': choose from auto, cpu, cuda")
    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        raise UserError("--device cuda: torch sees no GPU here; --device cpu works")
    if asked == "cpu" or not there:
        return torch.device("cpu")
    return torch.device("cuda", local % torch.cuda.device_count())


def precise(asked: str, device: torch.device) -> Literal["float32", "bf16"]:
    """Return the precision that ``asked`` (auto, float32, bf16) means on ``device``."""
    if asked == "auto":
        return "bf16" if _fast_bf16(device) else "float32"
    return "bf16" if asked == "bf16" else "float32"


def _fast_bf16(device: torch.device) -> bool:
    """Return whether the processor has instructions for bf16; without, it is slower."""
    import torch

    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    try:
        able = torch.cpu.get_capabilities()
    except AttributeError:  # a torch that cannot tell
        return False
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
