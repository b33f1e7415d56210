"""Our default against torchgan 0.1.0: the same DCGAN on the same MNIST, images per second.

Both train the DCGAN of 64 base channels with batch norm at 32×32, batch 64, Adam. Ours is what a
recipe plays: its data, noise, reports and averaged copy included. torchgan's Trainer is fed by a
DataLoader over a float32 tensor in memory, the quickest feed it takes.

    python -m benchmarks.torchgan_dcgan [--steps 15] [--blocks 9] [--data FOLDER]

Promised: at least 2 times torchgan's images per second with bf16, 1.1 times in float32.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

from torch import Tensor, nn

from benchmarks import torchgan_peer as peer
from benchmarks.loop import BATCH, opened, pictures, play
from benchmarks.timing import MNIST, Row, answer, arguments, interleaved, ratio
from counterplay.data import Source
from counterplay.recipes import build
from counterplay.recipes.schema import Dcgan, Gan, Recipe
from counterplay.train import Ema, State, train

PROMISED = {"bf16": 2.0, "float32": 1.1}


def ours(source: Source, precision: str) -> tuple[Iterator[object], Any]:
    """Return our loop on the default networks, and its game."""
    game = Gan(Dcgan(width=peer.WIDTH, critic_norm="batch"), latent=peer.LATENT)
    recipe = replace(Recipe("peer"), game=game, ema=500.0)
    made = build.game(recipe, source.domain)
    state = State(made, ema=Ema(recipe.ema), precision=precision)
    return train(made, source.batches(BATCH), state=state), made


def theirs(stored: Tensor, steps: int) -> tuple[Callable[[], object], Any]:
    """Return a block of torchgan's training, and its trainer."""
    made = peer.trainer()
    portion = peer.Portion(peer.endless(stored, BATCH), steps, BATCH)
    return partial(peer.epoch, made, portion), made


def size(*networks: nn.Module) -> int:
    """Return the number of parameters."""
    return sum(p.numel() for net in networks for p in net.parameters())


def compare(source: Source, stored: Tensor, steps: int, blocks: int) -> list[Row]:
    """Time torchgan and ours in both precisions."""
    block, made = theirs(stored, steps)
    sides: dict[str, Callable[[], object]] = {"torchgan": block}
    for precision in PROMISED:
        loop, game = ours(source, precision)
        sides[precision] = play(loop, steps)
    sizes = size(game.generator, game.critic), size(made.generator, made.discriminator)
    times = interleaved(sides, blocks)
    rate = {name: BATCH * steps / median(t) for name, t in times.items()}
    return [
        Row(
            f"images per second of our DCGAN over torchgan 0.1.0, {precision}",
            ratio(times["torchgan"], times[precision]),
            "×",
            at_least=promised,
            note=f"{rate[precision]:.0f} and {rate['torchgan']:.0f} images/s, {blocks} blocks of "
            f"{steps} rounds; {sizes[0]:,} and {sizes[1]:,} parameters",
        )
        for precision, promised in PROMISED.items()
    ]


def main() -> int:
    """Compare, where torchgan is installed."""
    asked = arguments(__doc__, steps=15, blocks=9, data=MNIST)
    if not peer.installed():
        print(peer.MISSING)
        return answer([], asked.json)
    source = opened(asked.data)
    return answer(compare(source, pictures(source), asked.steps, asked.blocks), asked.json)


if __name__ == "__main__":
    sys.exit(main())
