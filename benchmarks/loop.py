"""Our loop against a loop written by hand for these very networks.

Both train DCGAN (64 base channels, 32×32, batch 64) with fused Adam, channels-last, one forward
pass of the generator a round, an averaged copy that follows every fourth round, and the same
precision; both draw their batches from uint8 pictures in memory. Before anything is timed the two
play some rounds with the same noise and the same batches, and must end with the same bits.

    python -m benchmarks.loop [--steps 20] [--blocks 9] [--data FOLDER]

Promised: ours takes at most 1.03 times as long.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count, islice
from pathlib import Path
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from benchmarks.timing import MNIST, Row, answer, arguments, interleaved, ratio
from counterplay.data import Source, load
from counterplay.game import Batch, Round, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.networks import ConvCritic, ConvGenerator
from counterplay.train import Ema, State, train

BATCH, LATENT, SIZE, WIDTH = 64, 64, 32, 64
LR, BETAS = 2e-4, (0.5, 0.999)
HALF_LIFE, EVERY = 500.0, 4
PRECISIONS = ("float32", "bf16")


def networks() -> tuple[nn.Module, nn.Module]:
    """Return the generator and the critic, with the same weights at each call."""
    with seeded("loop"):
        forge = ConvGenerator(LATENT, 1, SIZE, WIDTH)
        return forge, ConvCritic(1, SIZE, WIDTH, norm="batch")


def ours(source: Source, precision: str) -> tuple[Iterator[object], State]:
    """Return our loop, not begun, and its state."""
    game = GAN(*networks(), Normal(LATENT))
    state = State(game, ema=Ema(HALF_LIFE, EVERY), precision=precision)
    return train(game, source.batches(BATCH), state=state), state


def by_hand(
    batches: Iterator[Tensor], noise: Callable[[int], Tensor], precision: str
) -> tuple[Iterator[object], tuple[nn.Module, nn.Module]]:
    """Return the loop a good engineer writes for these networks alone, not begun, and them."""
    forge, critic = (net.to(memory_format=torch.channels_last) for net in networks())
    means = copy.deepcopy(forge), copy.deepcopy(critic)
    forging = torch.optim.Adam(forge.parameters(), lr=LR, betas=BETAS, fused=True)
    judging = torch.optim.Adam(critic.parameters(), lr=LR, betas=BETAS, fused=True)
    ours_, theirs = list(forge.parameters()), list(critic.parameters())

    def cast() -> AbstractContextManager:
        return torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16")

    def play() -> Iterator[object]:
        for step in count():
            real = next(batches)
            with cast():
                fake = forge(noise(step))
                a, b = critic(real).float(), critic(fake.detach()).float()
                judged = softplus(-a).mean() + softplus(b).mean()
            judging.zero_grad()
            judged.backward(inputs=theirs)
            judging.step()
            with cast():
                forged = softplus(-critic(fake).float()).mean()
            forging.zero_grad()
            forged.backward(inputs=ours_)
            forging.step()
            if (step + 1) % EVERY == 0:
                follow(means, (forge, critic), step + 1)
            yield judged.detach(), forged.detach()

    return play(), (forge, critic)


@torch.no_grad()
def follow(means: tuple[nn.Module, ...], now: tuple[nn.Module, ...], step: int) -> None:
    """Let the averaged copies follow, by the rule of :class:`counterplay.train.Ema`."""
    weight = 1 - 2 ** (-EVERY / max(min(HALF_LIFE, step / 10), 1e-3))
    old, new = _values(means), _values(now)
    torch._foreach_lerp_(
        [o for o in old if o.is_floating_point()],
        [n for n in new if n.is_floating_point()],
        weight,
    )
    for o, n in zip(old, new, strict=True):
        if not o.is_floating_point():
            o.copy_(n)


def _values(modules: tuple[nn.Module, ...]) -> list[Tensor]:
    return [v.detach() for m in modules for v in (*m.parameters(), *m.buffers())]


def shuffled(pictures: Tensor) -> Iterator[Tensor]:
    """Yield batches of uint8 pictures in a new order each epoch, as networks see them."""
    while True:
        for rows in torch.randperm(len(pictures)).split(BATCH):
            if len(rows) == BATCH:
                x = pictures[rows].float().div_(127.5).sub_(1)
                yield x.to(memory_format=torch.channels_last)


def play(loop: Iterator[object], steps: int) -> Callable[[], object]:
    """Return a block: the next ``steps`` rounds of ``loop``."""
    return lambda: [None for _ in islice(loop, steps)]


def apart(source: Source, precision: str, rounds: int = 6) -> float:
    """Return how far the two loops' weights are apart after the same rounds with the same noise."""

    def noise(step: int) -> Tensor:
        return Round(Batch(torch.empty(BATCH, 1)), step).draw(Normal(LATENT), "z")

    batches = (batch.x.to(memory_format=torch.channels_last) for batch in source.batches())
    mine, state = ours(source, precision)
    other, nets = by_hand(batches, noise, precision)
    play(mine, rounds)(), play(other, rounds)()
    pairs = zip(state.game.parameters(), (p for net in nets for p in net.parameters()), strict=True)
    return max(float((p - q).abs().max().detach()) for p, q in pairs)


def compare(source: Source, pictures: Tensor, precision: str, steps: int, blocks: int) -> Row:
    """Time both and return the ratio."""
    same = apart(source, precision)
    mine, _ = ours(source, precision)
    other, _ = by_hand(shuffled(pictures), lambda step: torch.randn(BATCH, LATENT), precision)
    times = interleaved({"ours": play(mine, steps), "by hand": play(other, steps)}, blocks)
    each = {name: 1000 * median(t) / steps for name, t in times.items()}
    return Row(
        f"our loop over a hand-written one, {precision}",
        ratio(times["ours"], times["by hand"]),
        "×",
        at_most=1.03,
        note=f"{each['ours']:.1f} and {each['by hand']:.1f} ms a round, {blocks} blocks of {steps} "
        f"rounds; from the same start the two end {same:g} apart",
    )


def pictures(source: Source) -> Tensor:
    """Return the training pictures as uint8 (N, 1, 32, 32), for the loop by hand."""
    return source.domain.decode(source.examples("train", 20_000).x)


def opened(folder: Path) -> Source:
    """Return MNIST at 32×32, or the embedded digits where it is not there."""
    return load(folder if folder.exists() else "digits", size=SIZE)


def main() -> int:
    """Compare in each precision."""
    asked = arguments(__doc__, steps=20, blocks=9, data=MNIST)
    source = opened(asked.data)
    stored = pictures(source)
    rows = [compare(source, stored, p, asked.steps, asked.blocks) for p in PRECISIONS]
    return answer(rows, asked.json)


if __name__ == "__main__":
    sys.exit(main())
