"""A round of the semi-supervised game against the loop that is usually written for it.

Both train the published networks for MNIST (Salimans et al. 2016) at a batch of 100, with the same
costs and Adam's published numbers. The usual loop sends labelled, unlabelled and generated
examples through the critic one after the other, normalises its weights in each pass, draws the
noise where it is added, back-propagates each cost as it is, and moves with plain Adam.
Ours makes one pass of all three kinds, draws the noise of a pass at once, asks for a player's own
gradients alone, and moves with the fused Adam. Before anything is timed, the critic's costs and
gradients of the two, without noise, must agree.

    python -m benchmarks.semisupervised [--steps 10] [--blocks 9]

Promised: the usual loop, in float32, takes at least twice as long as ours in the recipe's own
precision. In float32 products of matrices, which both have to make, are most of our round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count, islice
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear, softplus

from benchmarks.timing import Row, answer, arguments, interleaved, ratio
from counterplay.game import Batch, Round, generator, seeded
from counterplay.games.semisupervised import SemiSupervised
from counterplay.laws import Uniform
from counterplay.networks.noisy import NoisyClassifier, NormedLinear, SoftGenerator
from counterplay.train import State, train

SHAPE, CLASSES, LATENT, BATCH = (1, 28, 28), 10, 100, 100
PROMISED = {"float32": None, "bf16": 2.0}
"""Our precisions. The recipe's is bf16 where the processor has it, as it is compared with here."""


def game() -> SemiSupervised:
    """Return the published game, with the same weights at each call."""
    with seeded("benchmark"):
        forge, judge = SoftGenerator(LATENT, SHAPE), NoisyClassifier(SHAPE, CLASSES)
        return SemiSupervised(forge, judge, Uniform(LATENT))


def batches() -> Iterator[Batch]:
    """Yield triples of noise pictures: what is in them makes no difference to the time."""
    rng = generator("pictures")
    x = torch.rand(20, 3 * BATCH, *SHAPE, generator=rng) * 2 - 1
    y = torch.randint(CLASSES, (20, 3 * BATCH), generator=rng)
    for i in count():
        yield Batch(x[i % 20], y[i % 20])


def ours(precision: str) -> Iterator[object]:
    """Return our loop, not begun."""
    made = game()
    return train(made, batches(), state=State(made, precision=precision))


class Usual(nn.Module):
    """The critic as it is usually written: weights normalised, then used."""

    def __init__(self, ours: NoisyClassifier, noisy: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList([*ours.hidden, ours.head])
        self.deviations = ours.deviations if noisy else [0.0] * len(self.layers)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return (features, logits)."""
        h = features = (x.flatten(1) + 1) / 2
        for layer, deviation in zip(self.layers, self.deviations, strict=True):
            assert isinstance(layer, NormedLinear)
            if deviation:
                h = h + torch.randn(h.shape) * deviation
            length = layer.direction.square().sum(1, keepdim=True).sqrt()
            h = linear(h, layer.direction * (layer.scale[:, None] / length), layer.bias)
            if layer is not self.layers[-1]:
                h = features = torch.relu(h)
        return features, h


def costs(critic: Usual, batch: Batch, fake: Tensor) -> Tensor:
    """Return the critic's cost, by one pass for each kind."""
    x, y = batch.x.unflatten(0, (-1, 3)), batch.y
    assert y is not None
    labelled = critic(x[:, 0])[1]
    real, forged = critic(x[:, 1])[1].logsumexp(1), critic(fake)[1].logsumexp(1)
    source = softplus(real).mean() - real.mean() + softplus(forged).mean()
    return cross_entropy(labelled, y.view(-1, 3)[:, 0]) + 0.5 * source


def usual() -> Iterator[object]:
    """Return the usual loop, not begun."""
    made = game()
    forge, critic = made.generator, Usual(made.critic, noisy=True)
    judging = torch.optim.Adam(critic.parameters(), lr=3e-3, betas=(0.5, 0.999), eps=1e-4)
    forging = torch.optim.Adam(forge.parameters(), lr=3e-3, betas=(0.5, 0.999), eps=1e-4)
    for batch in batches():
        judged = costs(critic, batch, forge(torch.rand(BATCH, LATENT)).detach())
        judging.zero_grad()
        judged.backward()
        judging.step()
        real = critic(batch.x.unflatten(0, (-1, 3))[:, 2])[0].mean(0)
        fake = critic(forge(torch.rand(BATCH, LATENT)))[0].mean(0)
        matched = (real - fake).square().mean()
        forging.zero_grad()
        matched.backward()
        forging.step()
        yield judged.detach(), matched.detach()


def apart() -> float:
    """Return how far the critic's gradients are apart, without noise, over their largest."""
    mine, other = game(), game()
    mine.critic.deviations = [0.0] * len(mine.critic.deviations)
    batch = next(batches())
    round = Round(batch)
    torch.stack(list(mine.critic_cost(round).values())).sum().backward()
    fake = mine.generator(Round(Batch(batch.x[:BATCH])).draw(Uniform(LATENT), "z")).detach()
    costs(Usual(other.critic, noisy=False), batch, fake).backward()
    pairs = zip(mine.critic.parameters(), other.critic.parameters(), strict=True)
    grads = [(p.grad, q.grad) for p, q in pairs if p.grad is not None and q.grad is not None]
    return max(float((g - h).abs().max() / h.abs().max()) for g, h in grads)


def main() -> int:
    """Compare and time both."""
    asked = arguments(__doc__ or "", steps=10, blocks=9)
    same = apart()
    if same > 1e-3:
        raise RuntimeError(f"the two loops' gradients are {same:g} apart")
    loops = {"usual": usual()} | {precision: ours(precision) for precision in PROMISED}

    def block(loop: Iterator[object]) -> object:
        return [None for _ in islice(loop, asked.steps)]

    sides = {name: lambda loop=loop: block(loop) for name, loop in loops.items()}
    times = interleaved(sides, asked.blocks)
    each = {name: 1000 * median(t) / asked.steps for name, t in times.items()}
    rows = [
        Row(
            f"a round of the usual loop, float32, over ours, {precision}",
            ratio(times["usual"], times[precision]),
            "×",
            at_least=promised,
            note=f"{each['usual']:.1f} and {each[precision]:.1f} ms a round, {asked.blocks} blocks "
            f"of {asked.steps} rounds; in float32 the critic's gradients agree within {same:.1g} "
            "of their largest",
        )
        for precision, promised in PROMISED.items()
    ]
    return answer(rows, asked.json)


if __name__ == "__main__":
    sys.exit(main())
