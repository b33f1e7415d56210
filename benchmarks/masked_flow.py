"""Inverting a masked autoregressive flow: units that are kept, against a pass for each number.

The sides have the same weights and invert the same rows; that they come to the same numbers is
looked at first. Sampling a MAF is the first row of each size, a slope through it, which learning an
inverse autoregressive flow needs in every round, the second.

    python -m benchmarks.masked_flow [--blocks 5]
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch
from torch import Tensor

from benchmarks.timing import Row, answer, arguments, interleaved, ratio
from counterplay.game import generator, seeded
from counterplay.networks.flows import Autoregressive

SIZES = ((12, 500), (64, 100), (256, 20))
"""Numbers in a row, and rows."""

Inversion = Callable[[Tensor], tuple[Tensor, Tensor]]


def in_whole_passes(step: Autoregressive, z: Tensor) -> tuple[Tensor, Tensor]:
    """Invert as it is usually written."""
    x, slope = torch.zeros_like(z), torch.zeros_like(z)
    for place in range(z.shape[1]):
        raw = step.net(x).unflatten(1, (z.shape[1], step.univariate.width))
        value, each = step.univariate.inverse(z, raw)
        x = torch.where(step.place == place, value, x)
        slope = torch.where(step.place == place, each, slope)
    return x, slope.sum(1)


def sides(dim: int) -> dict[str, Inversion]:
    """Return both ways of inverting one transform, whose weights are not all zero."""
    with seeded("benchmark"):
        step = Autoregressive(list(range(dim)), [64, 64])
        for parameter in step.parameters():
            torch.nn.init.normal_(parameter, std=0.02)
    return {"ours": step.inverse, "passes": lambda z: in_whole_passes(step, z)}


def _sloped(invert: Inversion, z: Tensor) -> None:
    x, log_det = invert(z.clone().requires_grad_())
    (x.sum() + log_det.sum()).backward()


def _still(invert: Inversion, z: Tensor) -> None:
    with torch.no_grad():
        invert(z)


def rows(dim: int, n: int, blocks: int) -> list[Row]:
    """Return the rows of one size.

    Raises:
        RuntimeError: when the two ways come to other numbers.
    """
    both = sides(dim)
    z = torch.randn(n, dim, generator=generator("rows"))
    with torch.no_grad():
        apart = float((both["ours"](z)[0] - both["passes"](z)[0]).abs().max())
    if apart > 1e-4:
        raise RuntimeError(f"{dim} numbers: the two ways are {apart:.2g} apart")
    found = []
    for what, act in (("inverting", _still), ("and a slope through it", _sloped)):
        times = interleaved({k: lambda f=f, a=act: a(f, z) for k, f in both.items()}, blocks)
        title = f"{n} rows of {dim} numbers, {what}: whole passes over ours"
        found.append(Row(title, ratio(times["passes"], times["ours"]), "×", at_least=1.0))
    return found


def main() -> int:
    """Time all sizes."""
    asked = arguments(__doc__ or "", blocks=5)
    return answer([row for dim, n in SIZES for row in rows(dim, n, asked.blocks)], asked.json)


if __name__ == "__main__":
    sys.exit(main())
