"""Four round clusters in sixteen dimensions, three labels of each: the toy of few labels."""

from __future__ import annotations

import torch
from torch import Tensor

from counterplay.data import load
from counterplay.data.few_labels import few_labels
from counterplay.game import adam, generator, seeded
from counterplay.laws import Uniform
from counterplay.networks.noisy import NoisyClassifier, SoftGenerator
from counterplay.train import Ema, State, train

CLASSES, DIM, RADIUS, FEW = 4, 16, 4.0, 3
"""An ideal classifier makes 0.7 percent of errors."""


def clusters(n: int, seed: int, part: str) -> tuple[Tensor, Tensor]:
    """Return points, (n, DIM), and the cluster of each: unit Gaussians at RADIUS from 0."""
    # Rows of a Hadamard matrix: orthogonal, and each of as much weight in every column.
    signs = [[(-1.0) ** (row & j).bit_count() for j in range(DIM)] for row in (1, 2, 4, 8)]
    means = RADIUS * torch.tensor(signs) / DIM**0.5
    rng = generator(part, seed)
    y = torch.randint(CLASSES, (n,), generator=rng)
    return means[y] + torch.randn(n, DIM, generator=rng), y


def errors(game: type, seed: int, steps: int = 200, **options: float) -> float:
    """Return the share of errors on new points of a game's averaged classifier after training."""
    (x, y), (new, truth) = clusters(700, seed, "train"), clusters(1000, seed, "test")
    arrays = {"x_train": x, "y_train": y, "x_test": new, "y_test": truth}
    source = few_labels(load({k: v.numpy() for k, v in arrays.items()}), FEW, seed)
    move = adam(3e-3, (0.5, 0.999), eps=1e-4)
    with seeded(seed):
        forge, judge = SoftGenerator(8, (DIM,), 32), NoisyClassifier((DIM,), CLASSES, 64)
        made = game(forge, judge, Uniform(8), moves=(move, move), **options)
    made.start(source.examples("train", 500).x, seed)
    state = State(made, ema=Ema(50.0))
    for _ in train(made, source.batches(48, seed=seed), steps=steps, seed=seed, state=state):
        pass
    found = state.best.classify(source.examples("test").x).argmax(1)
    return float((found != source.examples("test").y).float().mean())
