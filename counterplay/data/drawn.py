"""An exact law as data: every batch is fresh, and there is as much of it as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from torch import Tensor

from counterplay.data.domain import Vector
from counterplay.data.examples import digest
from counterplay.data.source import Order, Raw, Source
from counterplay.errors import UserError
from counterplay.game import Law, generator

__all__ = ["Drawn", "from_law", "named_law"]

NOMINAL = {"train": 100_000, "validation": 10_000, "test": 10_000}


@dataclass(frozen=True)
class Drawn:
    """Draws from a law."""

    law: Law

    def rounds(self, order: Order) -> Iterator[Raw]:
        """Yield this shard of the global batches from number ``order.start`` on, endlessly."""
        for step in count(order.start):
            whole = self.law.sample(order.size, generator(order.seed, step, "data"))
            yield order.cut(whole).to(order.device), None

    def held(self, split: str, n: int, seed: int) -> Raw:
        """Return ``n`` draws, others for each split and seed."""
        return self.law.sample(n, generator(seed, split, "examples")), None


def named_law(name: str) -> Source:
    """Return the source of a law in :data:`counterplay.laws.LAWS`."""
    from counterplay.laws import LAWS

    return from_law(LAWS[name](), name, digest("law", name))


def from_law(law: Law, name: str | None = None, content: str | None = None) -> Source:
    """Return the source of a law of vectors.

    The scaling to mean 0 and deviation 1 is estimated from a seeded draw of 100,000.

    Raises:
        UserError: when the law does not draw vectors.
    """
    name = name or type(law).__name__
    draw = law.sample(NOMINAL["train"], generator("scaling"))
    if not isinstance(draw, Tensor) or draw.ndim != 2 or not draw.is_floating_point():
        raise UserError(f"the law '{name}' must draw vectors (n, D), seen {_seen(draw)}")
    dim = draw.shape[1]
    mean, std = draw.double().mean(0), draw.double().std(0)
    if not bool((std > 0).all()):
        raise UserError(f"the law '{name}' has a constant coordinate: it cannot be scaled")
    columns = tuple(f"x{i}" for i in range(dim))
    domain = Vector(dim, columns, tuple(mean.tolist()), tuple(std.tolist()))
    # Rounded: the last digit of a cosine differs between machines.
    content = content or digest("law", draw[:1000].double().mul(100).round().tolist())
    notes = (
        "An exact law: every batch is a fresh draw, and so are validation and test (10,000 each by "
        "default, with seeds of their own).",
    )
    return Source(domain, dict(NOMINAL), content, notes, name, Drawn(law), law)


def _seen(draw: object) -> str:
    return str(tuple(draw.shape)) if isinstance(draw, Tensor) else type(draw).__name__
