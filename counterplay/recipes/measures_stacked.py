"""How many of the modes of stacked digits are covered, by a judge of single digits.

Each of the 26,000 samples is read channel by channel; three digits are its mode. Two figures: how
many of the thousand modes occur, and KL(p ‖ uniform) in nats of the histogram p of modes. A perfect
generator has 1,000 and about (1000 − 1) / (2 · 26,000) ≈ 0.019, not 0; beside both stands what
as many stacks of training digits have, read by the same judge.

PacGAN (Lin et al., 2018, arXiv:1712.04086), section 4.2; Unrolled Generative Adversarial Networks
(Metz et al., 2017, arXiv:1611.02163).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.data.stacked import Stacked
    from counterplay.metrics.judge import Judge
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "SAMPLES", "covered", "divergence", "modes"]

SAMPLES = 26_000
"""As many as the published protocols draw."""

LENGTH = 240_000
"""Digits that the judge is shown, repeats counted: it has to tell 99 in 100."""

SEED = 987_654_322
"""Far from the seeds of trainings, which are counted from 0."""


def modes(judge: Judge, x: Tensor, classes: int) -> Tensor:
    """Return how often each mode occurs, int64 (classes³,).

    Args:
        judge: of single pictures (N, 1, S, S).
        x: stacks (N, 3, S, S).
        classes: how many classes a single picture may have.
    """
    import torch

    told = judge.classify(x.flatten(0, 1)[:, None]).argmax(1).view(-1, x.shape[1]).cpu()
    places = classes ** torch.arange(x.shape[1] - 1, -1, -1)
    return torch.bincount((told * places).sum(1), minlength=classes ** x.shape[1])


def covered(counts: Tensor) -> float:
    """Return how many modes occur at least once."""
    return float((counts > 0).sum())


def divergence(counts: Tensor) -> float:
    """Return KL(p ‖ uniform) in nats, p the histogram: log K − H(p).

    >>> import torch
    >>> divergence(torch.tensor([5, 5, 5, 5])), round(divergence(torch.tensor([8, 0])), 4)
    (0.0, 0.6931)
    """
    import torch

    p = counts.double() / counts.sum()
    return math.log(len(counts)) - float(torch.special.entr(p).sum())


def _of(figure: Any) -> Any:
    def measure(outcome: Outcome, on: Bench) -> dict[str, float]:
        judge, classes = _judge(on)
        n = min(SAMPLES, 10 * on.prepared.n)  # a quick run measures a few
        x, _ = outcome.sampler.encoded(n, seed=outcome.plan.recipe.seed + 1)
        real = on.source.examples("train", n).x
        counts = [modes(judge, each.to(on.device), classes) for each in (x, real)]
        return {"value": figure(counts[0]), "reference": figure(counts[1]), "judge": judge.accuracy}

    return measure


def _judge(on: Bench) -> tuple[Judge, int]:
    """Return the judge of single digits, trained once and kept, and how many classes they have."""
    from counterplay.data.store import cache_folder
    from counterplay.metrics import judge

    supply = _supply(on)
    (x, y), test = (_digits(on, supply, part) for part in ("train", "test"))
    quick = on.prepared.n < SAMPLES // 10
    found = judge(
        x,
        y,
        supply.classes,
        seed=SEED,
        cache=cache_folder(None)[0] / "judges",
        test=test,
        name="digit judge",
        examples=10 * on.prepared.n if quick else LENGTH,
    )
    if not quick and found.accuracy < 0.99:
        raise UserError(
            f"the judge of single digits is right on {found.accuracy:.2%}: counting modes takes 99%"
        )
    return found, supply.classes


def _supply(on: Bench) -> Stacked:
    from counterplay.data.stacked import Stacked

    if isinstance(on.source.supply, Stacked):
        return on.source.supply
    raise UserError(
        f"modes of stacks are counted on stacked digits, and '{on.source.name}' is none; "
        "stacked:PATH makes them"
    )


def _digits(on: Bench, supply: Stacked, part: str) -> tuple[Tensor, Tensor]:
    """Return the single digits of a part of the split, as networks see them, and their classes."""
    import torch

    stored = supply.stored
    assert stored.labels is not None
    index = torch.from_numpy(stored.split[part])
    pictures = on.source.domain.encode(torch.from_numpy(stored.rows)[index])
    return pictures.to(on.device), torch.from_numpy(stored.labels)[index].to(on.device)


POWERS = {"stacked_modes": _of(covered), "stacked_kl": _of(divergence)}
