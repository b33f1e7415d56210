"""A second of sound from the recipe's WaveNet, against the loop that is usually written for it.

The usual loop runs the whole network on what was drawn so far (no more than it can see), takes the
last step's logits and draws from them: the curriculum's "two minutes for one second". Between the
two stands a loop of torch with rings of past activations, whose steps cost the same, block by
block. Ours is :class:`counterplay.networks.wavenet_steps.Steps`. Before anything is timed, all
three must give the same logits for the same past.

    python -m benchmarks.wavenet [--steps 100] [--blocks 5] [--batch 16]

One thread, random weights: time does not depend on them. Promised: a second of sound at 8 kHz, by
itself, in less than one second.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median

import torch
from torch import Tensor
from torch.nn.functional import linear

from benchmarks.timing import Row, answer, arguments, interleaved, ratio
from counterplay.game import generator, seeded
from counterplay.games.sequences import Sequences
from counterplay.networks.wavenet import Block, WaveNet
from counterplay.recipes.sequences import wavenet

RATE = 8_000
FACTOR = 5
"""Steps of ours in a block for each of the others', which are as many times as slow or more."""


def network(length: int) -> WaveNet:
    """Return the recipe's network."""
    spec = wavenet().game.networks  # type: ignore
    dilations = [2**i for i in range(spec.depth)] * spec.cycles
    with seeded("benchmark"):
        return WaveNet(length, 256, spec.width, spec.skips, dilations)


@torch.no_grad()
def whole(net: WaveNet, past: Tensor) -> Tensor:
    """Return the logits after ``past`` (n, t) by the whole network."""
    seen = past[:, -net.receptive_field :]
    return net(torch.cat([seen, seen[:, :1]], 1))[:, -1]


class Rings:
    """The network step by step in torch: each block's past in a ring, each block by itself."""

    def __init__(self, net: WaveNet, n: int) -> None:
        self.net, self.n = net, n
        self.blocks = [block for block in net.blocks if isinstance(block, Block)]
        self.pasts = [torch.zeros(b.reach, n, b.features) for b in self.blocks]

    @torch.no_grad()
    def step(self, levels: Tensor | None, t: int) -> Tensor:
        """Return the logits of step ``t``."""
        width = self.net.embed.embedding_dim
        h = torch.zeros(self.n, width) if levels is None else self.net.embed(levels)
        skips = []
        for block, past in zip(self.blocks, self.pasts, strict=True):
            both = torch.stack([past[t % block.reach], h], 2).flatten(1)
            a, b = linear(both, block.across.weight.flatten(1), block.across.bias).chunk(2, 1)
            z = a.tanh() * b.sigmoid()
            onward, skip = linear(z, block.out.weight[:, :, 0], block.out.bias).split(
                [width, block.out.out_channels - width], 1
            )
            past[t % block.reach] = h
            h = h + onward
            skips.append(skip)
        return self.net.head(torch.stack(skips).sum(0))


def apart(net: WaveNet, steps: int = 40) -> float:
    """Return how far the three's logits are apart at most, on one random past."""
    past = torch.randint(256, (2, steps), generator=generator("past"))
    ours, rings = net.steps(2), Rings(net, 2)
    worst = 0.0
    for t in range(steps):
        before = past[:, t - 1] if t else None
        mine = torch.from_numpy(ours.step(None if before is None else before.numpy(), t).T)
        theirs = rings.step(before, t)
        full = net(past[:, : t + 1])[:, -1].detach()
        worst = max(worst, float((mine - full).abs().max()), float((theirs - full).abs().max()))
    return worst


def sides(n: int, steps: int) -> dict[str, Callable[[], object]]:
    """Return what draws ``steps`` steps of ``n`` sequences; ours draws :data:`FACTOR` times."""
    net, rng = network(RATE), generator("luck")
    past = torch.randint(256, (n, net.receptive_field), generator=rng)
    game = Sequences(network(FACTOR * steps))
    rings = Rings(net, n)

    def usual() -> None:
        seen = past
        for _ in range(max(1, steps // 20)):
            level = torch.multinomial(whole(net, seen).softmax(1), 1, generator=rng)
            seen = torch.cat([seen, level], 1)

    def in_torch() -> None:
        level = past[:, 0]
        for t in range(steps):
            level = torch.multinomial(rings.step(level, t).softmax(1), 1, generator=rng)[:, 0]

    return {"usual": usual, "rings": in_torch, "ours": lambda: game.sample(n)}


def main() -> int:
    """Compare and time them."""
    asked = arguments(__doc__ or "", steps=100, blocks=5, batch=16)
    torch.set_num_threads(1)
    same = apart(network(RATE))
    if same > 1e-4:
        raise RuntimeError(f"the loops' logits are {same:g} apart")
    rows = []
    for n in (1, asked.batch):
        times = interleaved(sides(n, asked.steps), asked.blocks)
        drawn = {"usual": max(1, asked.steps // 20), "rings": asked.steps}
        drawn["ours"] = FACTOR * asked.steps
        each = {k: [RATE * t / drawn[k] for t in v] for k, v in times.items()}
        told = f"a second of sound, {n} at a time"
        seconds = {k: median(v) for k, v in each.items()}
        note = f"{asked.blocks} blocks; logits agree within {same:.1g}"
        rows += [
            Row(f"{told}: ours", seconds["ours"], "s", at_most=1.0 if n == 1 else None, note=note),
            Row(
                f"{told}: the usual loop over ours",
                ratio(each["usual"], each["ours"]),
                "×",
                at_least=30.0,
                note=f"{seconds['usual']:.3g} s",
            ),
            Row(
                f"{told}: rings in torch over ours",
                ratio(each["rings"], each["ours"]),
                "×",
                note=f"{seconds['rings']:.3g} s",
            ),
        ]
    return answer(rows, asked.json)


if __name__ == "__main__":
    sys.exit(main())
