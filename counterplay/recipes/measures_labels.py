"""What games that know of classes, codes or latents are measured by, beside their samples.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.metrics.judge import Judge
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "matched", "nearest_class", "reconstruction_ratio", "spread_ratio"]

LABELLED = 10_000
"""Training examples whose labels say which category is which class."""


def _asked_class(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the share of samples of which the judge says the class that was asked for."""
    x, y = _asked(outcome, on)
    judge = _judge(on)
    told = judge.classify(x.to(on.device)).argmax(1)
    agrees = (told == y.to(told.device)).float().mean()
    return {"value": float(agrees), "reference": judge.accuracy}


def _within_class_spread(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the least class's spread of samples over that of the data."""
    x, y = _asked(outcome, on)
    real, classes = _labelled(on, "train", len(on.train))
    return {"value": spread_ratio(x, y, real, classes)}


def _code_accuracy(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the accuracy of the code's category on held-out examples, matched to the classes."""
    game: Any = outcome.sampler.game
    known, test = _labelled(on, "train", LABELLED), _labelled(on, "test", len(on.test))
    here = (game.classify(known[0]), known[1]), (game.classify(test[0]), test[1])
    return {"value": matched(*here)}


def _reconstruction_ratio(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    return {"value": reconstruction_ratio(on.test, game.reconstruct(on.test))}


def _code_neighbour_accuracy(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the accuracy, on held-out examples, of the class of the nearest training code.

    Any projection keeps much of it, and so the codes of the same game untrained stand beside.
    """
    game: Any = outcome.sampler.game
    fresh = _untrained(outcome, on)
    (x, y), (test, classes) = _labelled(on, "train", len(on.train)), _labelled(on, "test")
    looks = {
        "value": game.encode,
        "reference": lambda part: part.flatten(1),
        "untrained": fresh.encode,
    }
    told = {name: nearest_class(look(x), y, look(test)) for name, look in looks.items()}
    return {name: float((found == classes).float().mean()) for name, found in told.items()}


def _untrained(outcome: Outcome, on: Bench) -> Any:
    """Return the game as it was before its first round, by the recipe's seed."""
    from counterplay.recipes import build

    plan = outcome.plan
    game = build.game(plan.recipe, on.source.domain, plan.share).to(on.device)
    build.begin(game, plan.recipe, on.source)
    return game


def spread_ratio(x: Tensor, y: Tensor, real: Tensor, classes: Tensor) -> float:
    """Return the least over classes of the samples' within-class spread over the data's.

    The spread of a class is the root of its pixels' mean variance. Zero where a class collapses.

    Args:
        x: samples (N, …) of the classes ``y``, (N,).
        y: int64.
        real: examples (M, …) of the ``classes``, (M,).
        classes: int64.
    """

    def spread(of: Tensor) -> float:
        return float(of.flatten(1).double().var(0, correction=0).mean().sqrt())

    return min(spread(x[y == k]) / spread(real[classes == k]) for k in classes.unique().tolist())


def matched(known: tuple[Tensor, Tensor], held: tuple[Tensor, Tensor]) -> float:
    """Return the accuracy on ``held`` of categories matched one to one to classes on ``known``.

    The matching is the one that tells most of ``known`` right (Hungarian method); a category that
    is left without a class is always wrong.

    Args:
        known: (categories, classes), int64 (N,) each.
        held: the same of other examples.
    """
    import torch
    from scipy.optimize import linear_sum_assignment

    size = 1 + max(int(part.max()) for part in (*known, *held))
    cells = known[0] * size + known[1]
    counts = torch.bincount(cells.cpu(), minlength=size * size).view(size, size)
    rows, columns = linear_sum_assignment(counts.numpy(), maximize=True)
    classes = torch.empty(size, dtype=torch.int64)
    classes[torch.from_numpy(rows)] = torch.from_numpy(columns)
    return float((classes[held[0].cpu()] == held[1].cpu()).float().mean())


def reconstruction_ratio(x: Tensor, again: Tensor) -> float:
    """Return E ‖x − G(E(x))‖ / E ‖x' − G(E(x))‖, x' another example; 1 where nothing is kept.

    Adversarial Feature Learning (Donahue et al., 2017, arXiv:1605.09782) prints both in its log.

    Args:
        x: examples (N, …) in any order: the neighbours in a folder of classes are of one class, and
            so each is held against the next one of a drawn order.
        again: their reconstructions.
    """
    import torch

    from counterplay.game import generator

    order = torch.randperm(len(x), generator=generator("other examples")).to(x.device)
    rows, made = (part.flatten(1).double()[order] for part in (x, again))
    own, other = ((real - made).norm(dim=1).mean() for real in (rows, rows.roll(1, 0)))
    return float(own / other)


def nearest_class(codes: Tensor, y: Tensor, asked: Tensor, chunk: int = 500) -> Tensor:
    """Return the class of the nearest of ``codes`` to each of ``asked``, int64 (M,).

    Args:
        codes: (N, L).
        y: their classes, int64 (N,).
        asked: (M, L).
        chunk: rows of ``asked`` at a time, which bounds memory.
    """
    import torch

    codes = codes.float()
    found = [torch.cdist(part.float(), codes).argmin(1) for part in asked.split(chunk)]
    return y.to(codes.device)[torch.cat(found)]


def _asked(outcome: Outcome, on: Bench) -> tuple[Tensor, Tensor]:
    # Other samples than the ones on the run's pictures.
    x, y = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    if y is None:
        raise UserError("a promise about classes needs a game that is shown them")
    return x, y


def _judge(on: Bench) -> Judge:
    found: Any = on.prepared.judge
    if found is None:
        raise UserError("a promise about classes needs a judge, and labelled pictures for it")
    return found


def _labelled(on: Bench, split: str, n: int | None = None) -> tuple[Tensor, Tensor]:
    found = on.source.examples(split, n or len(on.test))
    if found.y is None:
        raise UserError("a promise about classes needs labelled data")
    return found.x.to(on.device), found.y.to(on.device)


POWERS = {
    "asked_class": _asked_class,
    "within_class_spread": _within_class_spread,
    "code_accuracy": _code_accuracy,
    "reconstruction_ratio": _reconstruction_ratio,
    "code_neighbour_accuracy": _code_neighbour_accuracy,
}
