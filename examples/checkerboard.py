"""The checkerboard of generators that enlarge in three ways, before training and after a little.

Prints a table of the share of energy at period two, beside the data's, and writes a picture with
a row of samples for each way: ``python examples/checkerboard.py [ROUNDS] [PICTURE]``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import torch
from torch import Tensor

from counterplay.data import Source, load
from counterplay.game import adam, generator, quiet, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.metrics.checkerboard import checkerboard
from counterplay.networks import ConvCritic, ConvGenerator
from counterplay.penalties import r1
from counterplay.run.pictures import picture
from counterplay.train import train

WAYS = ("uneven", "transposed", "resize")
SIZE, SHOWN = 32, 8


def game(way: str) -> GAN:
    """Return a small game whose generator enlarges by ``way``."""
    with seeded("checkerboard"):
        return GAN(
            ConvGenerator(64, 3, SIZE, 16, upsample=way),
            ConvCritic(3, SIZE, 16),
            Normal(64),
            penalties={"r1": (1.0, r1)},
            moves=(adam(2e-4, (0.5, 0.999)), adam(2e-4, (0.5, 0.999))),
        )


def untrained(made: GAN) -> Tensor:
    """Return pictures of a generator that has not moved."""
    with quiet(made.generator):
        return made.generator(Normal(64).sample(256, generator("looks")))


def rows(source: Source, rounds: int) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Yield (way, pictures before training, pictures after ``rounds`` rounds)."""
    for way in WAYS:
        made = game(way)
        before = untrained(made)
        for _ in train(made, source.batches(64, seed=0), steps=rounds):
            pass
        yield way, before, made.sample(256)


def main(rounds: int, path: str) -> None:
    """Print the table and write the picture."""
    source = load("shapes", size=SIZE)
    real = source.examples("test", 256).x
    print(f"{'':12}untrained  after {rounds} rounds")
    pictures: list[Tensor] = []
    for way, before, after in rows(source, rounds):
        print(f"{way:12}{checkerboard(before):9.5f}  {checkerboard(after):.5f}")
        loud = before / before.abs().amax((1, 2, 3), keepdim=True)
        pictures += [loud[:SHOWN], after[:SHOWN]]
    print(f"{'data':12}{checkerboard(real):9.5f}")
    shown = source.domain.decode(torch.cat(pictures)).numpy()
    labels = [row for row in range(len(pictures)) for _ in range(SHOWN)]
    names = [f"{way}, {when}" for way in WAYS for when in ("untrained", "trained")]
    picture(shown, labels=labels, classes=names).save(path)
    print(path)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 500,
        sys.argv[2] if len(sys.argv) > 2 else "checkerboard.png",
    )
