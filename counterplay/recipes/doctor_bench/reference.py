"""What a training came to, told by other means than the doctor's: the reference of its label.

A cause need not make sick, and a recipe that was thought healthy may not be: a medical test is held
against a reference, not against an intention. It is measured when the last round is over, on the
test part, which the doctor never sees, with scikit-learn's neighbours and linear algebra:

    reached   share of test examples whose ball (to their fifth nearest other test example) holds a
              sample, over that of training examples in the samples' place
    inside    share of samples within such a ball, likewise
    varied    mean distance between samples, likewise
    copied    share of samples closer to a training example than nineteen in twenty test examples
    obeyed    share of samples whose class by their nearest training examples is the one that was
              asked for, over that of test examples
    apart     area under the curve by which the critic tells training from test examples
    told      the same by which it tells test examples from samples
    kept      variance of test examples that their reconstruction keeps, over that of as many
              principal components
    risen     by how many standard errors test examples cost more than at a quarter of the rounds
    span      how much of the range that networks expect training pictures take up
    stayed    of the test examples that samples of the networks as they are played reach now or a
              few rounds later, the share that they reach both times

Where a condition has a sign in these, trainings that do not show it are no sick ones, and those
without a sign go by what was done to them. None of it reads what the doctor has measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from counterplay.recipes.session import Outcome

__all__ = ["SIGNS", "cost", "measure", "reached", "shown", "stayed", "well"]

EXAMPLES = 1_000
"""Test examples, training examples and samples that are compared."""
BALL = 5
KNOWN = 4_000
"""Training examples among which copies are looked for."""

ENOUGH = 0.6
"""Share of what real examples reach that a training which came to something reaches at least."""

Figures = dict[str, float]


def measure(done: Outcome, before: tuple[float, float] | None = None) -> Figures:
    """Return the figures of a training that is over; those alone that its game and data have.

    Args:
        done: what the training left.
        before: the cost of test examples at a quarter of the rounds, and its standard error.
    """
    source = done.plan.source
    if source.domain.kind == "sequence" or not source.splits.get("test"):
        return _of_cost(done, before)
    known = source.examples("train", KNOWN).x
    extent = {"span": float(known.max() - known.min()) / 2} if known.ndim == 4 else {}
    return extent | _compared(done, before)


def _compared(done: Outcome, before: tuple[float, float] | None) -> Figures:
    source = done.plan.source
    test, train = (source.examples(part, EXAMPLES) for part in ("test", "train"))
    n = min(len(test.x), len(train.x))
    x, asked = done.sampler.encoded(max(n, 100), seed=1)
    made, real, own = (_rows(each) for each in (x, test.x, train.x))
    if not np.isfinite(made).all():
        return {}
    if not real.std() or not own.std():
        return {}
    found = _of_samples(made, real, own)
    found["copied"] = _copied(made, real, _rows(source.examples("train", KNOWN).x))
    if asked is not None and test.y is not None and train.y is not None:
        labels = [np.asarray(each) for each in (asked, test.y, train.y)]
        found |= _obeyed((made, real, own), labels)
    return found | _of_critic(done) | _of_posterior(done) | _of_cost(done, before)


def _rows(x: Any) -> np.ndarray:
    return x.detach().cpu().double().flatten(1).numpy()


def reached(done: Outcome) -> np.ndarray:
    """Return which test examples samples of the networks as they are played reach, (N,)."""
    from counterplay.recipes.samples import Sampler

    source = done.plan.source
    played = Sampler(done.state.game, source.domain, done.plan.share)
    real = _rows(source.examples("test", EXAMPLES).x)
    made = _rows(played.encoded(len(real), seed=1)[0])
    return np.asarray(_inside(made, real, _balls(real)).any(0))


def stayed(before: np.ndarray, after: np.ndarray) -> float:
    """Return the share of the test examples reached at all that are reached both times."""
    return float((before & after).sum() / max((before | after).sum(), 1))


def _balls(real: np.ndarray) -> np.ndarray:
    from sklearn.neighbors import NearestNeighbors

    k = min(BALL + 1, len(real))
    return NearestNeighbors(n_neighbors=k).fit(real).kneighbors(real)[0][:, -1]


def _inside(made: np.ndarray, real: np.ndarray, balls: np.ndarray) -> np.ndarray:
    return _distances(np.nan_to_num(made), real) <= balls


def _of_samples(made: np.ndarray, real: np.ndarray, own: np.ndarray) -> Figures:
    balls = _balls(real)

    def against(x: np.ndarray) -> tuple[float, float, float]:
        few = x[: len(real)]
        to = _inside(few, real, balls)
        between = _distances(few, few)
        return float(to.any(0).mean()), float(to.any(1).mean()), float(between.mean())

    pairs = zip(("reached", "inside", "varied"), against(made), against(own), strict=True)
    return {name: value / max(best, 1e-12) for name, value, best in pairs}


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    from sklearn.metrics import pairwise_distances

    return pairwise_distances(a, b)


def _copied(made: np.ndarray, real: np.ndarray, known: np.ndarray) -> float:
    close = np.quantile(_distances(real, known).min(1), 0.05)
    return float((_distances(made[: len(real)], known).min(1) < close).mean())


def _obeyed(rows: tuple[np.ndarray, ...], labels: list[np.ndarray]) -> Figures:
    from sklearn.neighbors import KNeighborsClassifier

    (made, real, own), (asked, of_real, of_own) = rows, labels
    judge = KNeighborsClassifier(BALL).fit(own, of_own)
    right = float((judge.predict(real) == of_real).mean())
    if right < 2 / len(np.unique(of_own)):
        return {}  # labels that say nothing of the examples cannot be read off samples either
    return {"obeyed": float((judge.predict(made) == asked).mean()) / right}


def _of_critic(done: Outcome) -> Figures:
    """Return what the critic knows of training examples and of samples, asked as it is trained."""
    from counterplay.doctor.powers import Judges

    if not isinstance(done.state.game, Judges):
        return {}
    own, real = (_verdicts(done, part) for part in ("train", "test"))
    found = {"told": _area(real[0], real[1])} if len(real[0]) else {}
    if done.plan.source.law is None and len(own[0]) and len(real[0]):
        found["apart"] = _area(own[0], real[0])
    return found


def _verdicts(done: Outcome, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the critic's values of a part's examples, batch by batch, and of samples."""
    from counterplay.game import Batch, Round

    game: Any = done.state.game
    whole, size = done.plan.source.examples(part, EXAMPLES), done.plan.recipe.data.batch
    cuts = [slice(at, at + size) for at in range(0, len(whole.x) - size + 1, size)]
    batches = [Batch(whole.x[c], None if whole.y is None else whole.y[c]) for c in cuts]
    step = done.state.step
    found = [game.verdicts(Round(b, step, seed)) for seed, b in enumerate(batches)]
    pairs = zip(*([v.detach().numpy().ravel() for v in pair] for pair in found), strict=True)
    real, made = (np.concatenate(side) for side in pairs) if found else (np.empty(0),) * 2
    return real, made


def _area(upper: np.ndarray, lower: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    which = np.repeat([1, 0], [len(upper), len(lower)])
    return float(roc_auc_score(which, np.nan_to_num(np.concatenate([upper, lower]))))


def _of_posterior(done: Outcome) -> Figures:
    from sklearn.decomposition import PCA

    from counterplay.doctor.powers import Posterior

    game, source = done.sampler.game, done.plan.source
    if not isinstance(game, Posterior):
        return {}
    x = source.examples("test", EXAMPLES).x
    real, again, own = map(_rows, (x, game.reconstruct(x), source.examples("train", EXAMPLES).x))
    whole = np.square(real - real.mean(0)).sum()
    if not whole or not own.std(0).any():
        return {}  # all examples are the same
    axes = PCA(min(game.encode(x).shape[1], *own.shape)).fit(own)
    linear = np.square(axes.inverse_transform(axes.transform(real)) - real).sum()
    return {"kept": float((1 - np.square(again - real).sum() / whole) / (1 - linear / whole))}


def cost(done: Outcome) -> tuple[float, float] | None:
    """Return the nats that a test example costs, and the mean's standard error, where known."""
    from counterplay.metrics.likelihood import account

    source = done.plan.source
    if not source.splits.get("test"):
        return None
    found = account(done.sampler.game, source.examples("test", EXAMPLES).x)
    return None if found is None else (found.to("nats").value, found.to("nats").error)


def _of_cost(done: Outcome, before: tuple[float, float] | None) -> Figures:
    now = cost(done)
    if now is None or before is None:
        return {}
    return {"risen": (now[0] - before[0]) / max(now[1], before[1], 1e-12)}


Sign = Callable[[Mapping[str, float]], bool]


def _under(name: str, most: float) -> tuple[tuple[str, ...], Sign]:
    return (name,), lambda found: found[name] <= most


def _over(name: str, least: float) -> tuple[tuple[str, ...], Sign]:
    return (name,), lambda found: found[name] >= least


SIGNS: Mapping[str, tuple[tuple[str, ...], Sign]] = {
    "mode-collapse": _under("varied", 0.35),
    "partial-collapse": (
        ("reached", "inside"),
        lambda found: found["reached"] < ENOUGH and found["inside"] >= 0.25,
    ),
    "mode-hopping": (
        ("reached", "inside", "stayed"),
        lambda found: (
            found["reached"] < ENOUGH and found["inside"] >= 0.05 and found["stayed"] <= 0.5
        ),
    ),
    "vanishing-gradient": (
        ("told", "reached"),
        lambda found: found["told"] >= 0.9 and found["reached"] < ENOUGH,
    ),
    "critic-too-weak": _under("reached", ENOUGH),
    "ignored-condition": _under("obeyed", 0.4),
    "critic-overfitting": _over("apart", 0.6),
    "posterior-collapse": _under("kept", 0.25),
    "over-regularised": _under("kept", 0.5),
    "overfitting": _over("risen", 2.0),
    "memorisation": _over("copied", 0.25),
    "data-range": _under("span", 0.25),
}
"""Condition -> figures, and whether they show it. The others go by what was done to them."""


def well(found: Mapping[str, float]) -> bool | None:
    """Return whether a healthy training came to something; ``None`` where nothing says it.

    What has a cost goes by it: balls say little of rows of bits.
    """
    if "risen" in found:
        return found["risen"] < 2.0 and found.get("kept", 1.0) >= 0.5
    if "reached" not in found:
        return None
    enough = found["reached"] >= ENOUGH and min(found["inside"], found["varied"]) >= 0.5
    return enough and found.get("obeyed", 1.0) >= ENOUGH


def shown(
    condition: str, found: Mapping[str, float] | None, reason: str = "finished"
) -> bool | None:
    """Return whether a training is what it was made to be; ``None`` where nothing says it.

    Args:
        condition: that it was made to have, "" for a healthy one.
        found: the figures, or ``None`` where there are none.
        reason: how it ended: what came to its end in numbers is not what had none.
    """
    if condition == "non-finite":
        return reason == condition
    if not found:
        return None
    if not condition:
        return well(found)
    names, sign = SIGNS.get(condition, ((), None))
    return sign(found) if sign is not None and found.keys() >= set(names) else None
