r"""Signals of a critic, from its values a on real and b on generated examples, h on held-out ones.

    auc      P(a > b), a half where it cannot tell them apart; whatever the scale of its values
    held     P(a > h), a half where it has learnt nothing by heart
    r_v      (E a − E h) / (E a − E b)
    r_t      E sign a
    gap      E a − E b; lead: the same by the deviation of both
    real     E a; made: E b; unseen: E h

The deviation of ``held`` for N and M examples of one law is √((N + M + 1) / 12NM): its normal
range is known exactly (Mann and Whitney 1947). r_v and r_t: Training Generative Adversarial
Networks with Limited Data (Karras et al. 2020, arXiv 2006.06676).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.doctor.history import Normal
from counterplay.doctor.powers import Forges, Judges, Values
from counterplay.game import Batch, Game, Round, still

__all__ = ["auc", "leak", "null", "verdicts"]


def auc(a: Tensor, b: Tensor) -> float:
    """Return P(a > b) + ½ P(a = b) for values (N,) and (M,)."""
    more = (a[:, None] > b).double().mean() + 0.5 * (a[:, None] == b).double().mean()
    return float(more)


def null(n: int, m: int) -> Normal:
    """Return the mean and deviation of :func:`auc` for two samples of one law."""
    return Normal(0.5, math.sqrt((n + m + 1) / (12 * n * m)))


@torch.no_grad()
def verdicts(
    game: Judges, whole: Game, real: Batch, held: Batch | None, step: int, seed: int
) -> dict[str, float]:
    """Return the critic's signals; without held-out examples only those that need none.

    Args:
        game: the game, as one whose critic can be asked.
        whole: the game, whose buffers end as they began.
        real: training examples.
        held: as many held-out ones.
        step: rounds finished.
        seed: of the noise.
    """
    with still([whole]):
        a, b = (v.double() for v in game.verdicts(Round(real, step, seed)))
        h = _values(game, Round(held, step, seed)).double() if held else None
    both = torch.cat([a - a.mean(), b - b.mean()])
    spread = both.std() if len(both) > 1 else both.new_zeros(())
    gap = float(a.mean() - b.mean())
    found = {
        "critic/auc": auc(a, b),
        "critic/r_t": float(a.sign().mean()),
        "critic/gap": gap,
        "critic/lead": gap / max(float(spread), 1e-12),
        "critic/real": float(a.mean()),
        "critic/made": float(b.mean()),
    }
    if h is not None:
        found |= {"critic/held": auc(a, h), "critic/unseen": float(h.mean())}
        if gap > 0:
            found["critic/r_v"] = float(a.mean() - h.mean()) / gap
    return found


def _values(game: Judges, round: Round) -> Tensor:
    return game.values(round) if isinstance(game, Values) else game.verdicts(round)[0]


@torch.no_grad()
def leak(
    game: Forges, whole: Game, batches: list[Batch], seed: int, features: object
) -> Tensor | None:
    """Return features of generated batches as they are trained on, (B, N, F).

    ``None`` where a number is none any more.

    A generator with batch norm looks at its whole batch: its samples may then share content.
    """
    made = []
    with still([whole]):
        for i, batch in enumerate(batches):
            fake = game.fake(Round(batch, i, seed))
            made.append(fake[0] if isinstance(fake, tuple) else fake)
    if not all(bool(x.isfinite().all()) for x in made):
        return None
    return torch.stack([features(x) for x in made])  # type: ignore[operator]


def tied(y: Tensor) -> float:
    """Return how much batches (B, N, F) differ by their means: N Var(means) / Var within.

    It is 1 in the mean when all examples are independent.
    """
    within = y.var(1).mean(0).sum()
    between = y.mean(1).var(0).sum() * y.shape[1]
    return float(between / within.clamp(min=1e-12))
