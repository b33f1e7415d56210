"""What every metric asks of its samples, and the one line a person reads when it does not hold."""

from __future__ import annotations

import torch
from torch import Tensor

from counterplay.errors import UserError

__all__ = ["CHUNK", "check_features", "check_finite", "check_pair", "column_means", "double"]

CHUNK = 2048
"""How many rows of features are made float64, or compared, at a time."""


def check_finite(x: Tensor, what: str) -> Tensor:
    """Return ``x`` unless it holds a NaN or an infinity.

    Raises:
        UserError: naming ``what`` and how many of its examples are affected.
    """
    bad = int((~torch.isfinite(x.flatten(1) if x.dim() > 1 else x[:, None]).all(1)).sum())
    if bad:
        raise UserError(
            f"{what} has NaN or infinite values in {bad} of {len(x)} examples: "
            "metrics need finite samples; find the step at which the training left the finite"
        )
    return x


def check_features(x: Tensor, what: str, least: int = 2) -> Tensor:
    """Return features (N, F), detached, as float32 or float64, finite and at least ``least`` rows.

    Raises:
        UserError: for another number of axes, too few rows, no columns, or non-finite values.
    """
    if x.dim() != 2 or x.shape[1] == 0:
        raise UserError(f"{what} has shape {tuple(x.shape)}: a metric takes features (N, F)")
    if len(x) < least:
        raise UserError(f"{what} has {len(x)} examples: this metric needs at least {least}")
    x = x.detach()
    return check_finite(x if x.dtype in (torch.float32, torch.float64) else x.float(), what)


def check_pair(real: Tensor, generated: Tensor, least: int = 2) -> tuple[Tensor, Tensor]:
    """Check two samples of features and that they have as many columns.

    Raises:
        UserError: as :func:`check_features`, and when the columns differ.
    """
    real = check_features(real, "the real sample", least)
    generated = check_features(generated, "the generated sample", least)
    if real.shape[1] != generated.shape[1]:
        raise UserError(
            f"the real sample has {real.shape[1]} features and the generated one "
            f"{generated.shape[1]}: compute both with the same features"
        )
    return real, generated


def double(x: Tensor) -> Tensor:
    """Return ``x`` in float64, on the CPU where its own device has no float64 (MPS)."""
    return (x.cpu() if x.device.type == "mps" else x).double()


def column_means(x: Tensor) -> Tensor:
    """Return the float64 mean of each column of (N, F), chunk by chunk.

    The mean of equal float32 rows is exactly that row.
    """
    total = double(x[:1]).sum(0)
    for part in x[1:].split(CHUNK):
        total += double(part).sum(0)
    return total / len(x)
