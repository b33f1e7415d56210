"""Signals of samples that were asked for a class: are class and latent heard?

In features, with W the mean variance within classes and B that between their means:

    class_share       B / (B + W) of samples, over that of the data: near 0, the class is ignored
    class_heard       Cohen's κ between the class that was asked for and that of the nearest mean
                      of the data's classes, over that of the data: 0 where no class is heard; where
                    means hardly tell the data's classes, that of the nearest real example
    class_diversity   √W of samples over that of the data, of the median class
    class_poorest     the same of the poorest class but one in ten

Of the data themselves, once: data/told is B / (B + W) of the labels as they are, and data/drawn
what labels drawn by lot reach at most, four deviations above their mean; data/alike is Cohen's κ
between the label of an example and of its nearest other one, data/alike_drawn likewise.
"""

from __future__ import annotations

import torch
from torch import Tensor

from counterplay.game import generator

__all__ = ["of_classes", "of_labels"]

LEAST = 4
"""Examples without which a class is left out."""

TOLD = 0.1
"""Cohen's κ of real examples' classes and nearest means, under which these say too little."""

LOTS, FAR = 16, 4.0
"""Draws of labels by lot, and the deviations from their mean within which a share says nothing."""


@torch.no_grad()
def of_classes(y: Tensor, labels: Tensor, real: Tensor, real_labels: Tensor) -> dict[str, float]:
    """Return the signals from features (N, F), (R, F) and their classes; {} where too few."""
    both = [
        c
        for c in real_labels.unique().tolist()
        if int((labels == c).sum()) >= LEAST and int((real_labels == c).sum()) >= LEAST
    ]
    if len(both) < 2:
        return {}
    made, there = (_spreads(x, c, both) for x, c in ((y, labels), (real, real_labels)))
    ratios = (made[0] / there[0].clamp(min=1e-12)).sqrt().sort().values
    share = _share(made) / max(_share(there), 1e-12)
    middle, poorest = float(ratios[len(ratios) // 2]), float(ratios[len(ratios) // 10])
    found = {"class_share": share, "class_diversity": middle, "class_poorest": poorest}
    return found | _heard((y, labels), (real, real_labels), both)


def _heard(
    samples: tuple[Tensor, Tensor], real: tuple[Tensor, Tensor], classes: list[int]
) -> dict[str, float]:
    """Return how far samples are what was asked for; {} where real examples hardly tell classes."""
    (y, asked), (x, known) = (_ranked(*pair, classes) for pair in (samples, real))
    sizes = torch.bincount(known, minlength=len(classes))
    means = torch.stack([x[known == c].mean(0) for c in range(len(classes))])
    apart = torch.cdist(x, means)
    # An example is part of its own class's mean, and would be nearer to it than a new one is.
    own = torch.arange(len(x)), known
    apart[own] *= (sizes / (sizes - 1).clamp(min=1))[known]
    best = _kappa(known, apart.argmin(1), len(classes))
    found = torch.cdist(y, means).argmin(1)
    if best < TOLD:
        best = _kappa(known, known[_nearest_other(x)], len(classes))
        found = known[torch.cdist(y, x).argmin(1)]
    return {"class_heard": _kappa(asked, found, len(classes)) / best} if best >= TOLD else {}


def _nearest_other(x: Tensor) -> Tensor:
    apart = torch.cdist(x, x)
    return apart.fill_diagonal_(float("inf")).argmin(1)


def _ranked(x: Tensor, labels: Tensor, classes: list[int]) -> tuple[Tensor, Tensor]:
    """Return the examples of these classes, and the places of their classes among them."""
    order = torch.tensor(classes, device=labels.device)
    kept = torch.isin(labels, order)
    return x[kept], torch.searchsorted(order, labels[kept].to(order.dtype))


def _kappa(a: Tensor, b: Tensor, classes: int) -> float:
    """Return Cohen's κ: how much more often two labellings agree than by chance, 1 for always."""
    agreed = float((a == b).double().mean())
    shares = [torch.bincount(each, minlength=classes).double() / len(each) for each in (a, b)]
    chance = float((shares[0] * shares[1]).sum())
    return (agreed - chance) / max(1 - chance, 1e-12)


@torch.no_grad()
def of_labels(x: Tensor, labels: Tensor) -> dict[str, float]:
    """Return what labels tell of the examples' features (N, F); {} where classes are too few."""
    both = [c for c in labels.unique().tolist() if int((labels == c).sum()) >= LEAST]
    if len(both) < 2:
        return {}
    rng = generator(0, "labels by lot")
    lots = [labels[torch.randperm(len(labels), generator=rng)] for _ in range(LOTS)]
    drawn = torch.tensor([_share(_spreads(x, lot, both)) for lot in lots], dtype=torch.float64)
    near = _nearest_other(x)
    alike = torch.tensor([_alike(lot, near) for lot in lots], dtype=torch.float64)
    return {
        "data/told": _share(_spreads(x, labels, both)),
        "data/drawn": float(drawn.mean() + FAR * drawn.std()),
        "data/alike": _alike(labels, near),
        "data/alike_drawn": float(alike.mean() + FAR * alike.std()),
    }


def _alike(labels: Tensor, near: Tensor) -> float:
    classes, ranks = labels.unique(return_inverse=True)
    return _kappa(ranks, ranks[near], len(classes))


def _spreads(x: Tensor, labels: Tensor, classes: list[int]) -> tuple[Tensor, Tensor]:
    """Return each class's variance, (C,), and the variance of the means less their own noise."""
    groups = [x[labels == c] for c in classes]
    within = torch.stack([g.var(0).sum() for g in groups])
    means = torch.stack([g.mean(0) for g in groups])
    noise = torch.stack([w / len(g) for w, g in zip(within, groups, strict=True)]).mean()
    return within, (means.var(0).sum() - noise).clamp(min=0)


def _share(spreads: tuple[Tensor, Tensor]) -> float:
    within, between = float(spreads[0].mean()), float(spreads[1])
    return between / max(between + within, 1e-12)
