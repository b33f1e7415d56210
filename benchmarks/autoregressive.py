"""Samplers that keep activations against the loop that passes the whole network for each number.

Both draw 64 pictures of 28×28 on two levels from the same networks with the same luck, and draw
the same pictures: that is looked at first, on smaller ones. The loop's passes are all alike, so
that one in ``every`` of them is timed and its seconds are multiplied; ours is timed whole.

    python -m benchmarks.autoregressive [--n 64] [--every 56] [--blocks 5]

Promised: MADE of 784×500 thirty times as fast as the loop, a grid of the PixelCNN in ten seconds on
one core, and log p as it is summed while drawing within 1e-5 of the parallel pass.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.timing import Row, answer, arguments, interleaved, ratio
from counterplay.game import seeded
from counterplay.games.autoregressive import Autoregressive
from counterplay.networks.masked import FVSBN, MADE, NADE
from counterplay.networks.pixelcnn import PixelCNN

SIDE = 28
DIM = SIDE * SIDE
NETWORKS: dict[str, tuple[Callable[[int], nn.Module], float | None]] = {
    "FVSBN": (lambda side: FVSBN(side * side), None),
    "NADE of 500 units": (lambda side: NADE(side * side, 500), None),
    "MADE of 500 units": (lambda side: MADE(side * side, [500], direct=True), 30.0),
    "PixelCNN, 6 layers of 32": (lambda side: PixelCNN((1, side, side), 2, reach=3), None),
}
"""Name -> (side -> network, how many times as fast as the loop is promised)."""


@dataclass(frozen=True)
class Loop:
    """The sampler that is usually written: a pass of the whole network for each number.

    Attributes:
        network: any network of conditionals.
        every: of how many passes one is made; all of them are alike.
    """

    network: Any
    every: int = 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Of an example."""
        return self.network.shape

    @property
    def levels(self) -> int:
        """The number of levels."""
        return self.network.levels

    def __call__(self, levels: Tensor) -> Tensor:
        """Return the output for all conditionals."""
        return self.network(levels)

    def generate(self, n: int, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draw ``n`` examples of levels, in raster order."""
        x = torch.zeros(n, *self.shape, dtype=torch.long)
        flat = x.view(n, -1)
        for d in range(0, flat.shape[1], self.every):
            flat[:, d] = draw(self.network(x).flatten(1, -2)[:, d])
        return x


def games(name: str, side: int, every: int = 1) -> tuple[Autoregressive, Autoregressive]:
    """Return (ours, the loop's) game of one network, with weights that are not all zero."""
    with seeded("benchmark"):
        network = NETWORKS[name][0](side)
        for p in network.parameters():
            nn.init.normal_(p, std=0.1)
    return Autoregressive(network), Autoregressive(network, members=[Loop(network, every)])


def same(name: str) -> float:
    """Return how far log p summed while drawing is from the parallel pass, in float64.

    Raises:
        RuntimeError: when the two samplers draw other pictures with the same luck.
    """
    ours, loop = (game.double() for game in games(name, 8))
    x, score = ours.sample_scored(16, seed=1)
    if not torch.equal(x, loop.sample(16, seed=1)):
        raise RuntimeError(f"{name}: the loop draws other pictures")
    return float((score - ours.log_prob(x)).abs().max())


def timed(name: str, n: int, every: int, blocks: int) -> list[Row]:
    """Return the rows of one network."""
    ours, loop = games(name, SIDE, every)
    sides = {"ours": lambda: ours.sample(n), "loop": lambda: loop.sample(n)}
    times = interleaved(sides, blocks)
    scale = DIM / len(range(0, DIM, every))
    mine, theirs = median(times["ours"]), scale * median(times["loop"])
    speed = Row(
        f"{n} pictures of {name}: the loop over ours",
        scale * ratio(times["loop"], times["ours"]),
        "×",
        at_least=NETWORKS[name][1],
        note=f"{theirs:.3g} and {mine:.3g} s, {blocks} blocks; one of {every} passes of the loop "
        "is timed",
    )
    limit = 10.0 if name.startswith("PixelCNN") else None
    whole = Row(f"{n} pictures of {name}", mine, "s", at_most=limit)
    return [speed, whole]


def rows(asked: Sequence[int]) -> list[Row]:
    """Return all rows."""
    apart = {name: same(name) for name in NETWORKS}
    agree = Row(
        "log p summed while drawing and by the parallel pass, the largest difference",
        max(apart.values()),
        "nats",
        at_most=1e-5,
        note=f"float64, 16 pictures of 8×8 of each of {len(apart)} networks; the loop draws the "
        "same pictures",
    )
    return [agree, *itertools.chain.from_iterable(timed(name, *asked) for name in NETWORKS)]


def main() -> int:
    """Compare and time all networks."""
    asked = arguments(__doc__ or "", n=64, every=56, blocks=5)
    return answer(rows([asked.n, asked.every, asked.blocks]), asked.json)


if __name__ == "__main__":
    sys.exit(main())
