"""Runs with few labels, and by a pyramid: the numbers are the papers' or measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Data, Recipe
from counterplay.recipes.specs.semisupervised import CatGan, Lapgan, SemiSupervised

__all__ = ["RECIPES"]

EMA = 6931.0
"""Half-life of the published average, 1e-4 a round."""


def ssl_mnist() -> Recipe:
    """Labelled pictures, ten labels a class: the semi-supervised GAN, as published for MNIST.

    300 epochs of 600 rounds of 100 triples (Salimans et al., 2016, arXiv:1606.03498). The published
    unlabelled examples are all 60,000; here 5,000 of them are held out.
    """
    return Recipe(
        "ssl-mnist",
        Data("", batch=100, few=10),
        SemiSupervised(),
        steps=180_000,
        ema=EMA,
        log_every=100,
        look_every=15_000,
        checkpoint_every=5_000,
    )


def ssl_mnist_20min() -> Recipe:
    """The same for twenty minutes on two cores; the learning rates fall over the last third."""
    return replace(
        ssl_mnist(),
        name="ssl-mnist-20min",
        steps=20_000,
        decay=0.33,
        ema=1000.0,
        look_every=5_000,
        budget=18.0,
    )


def supervised_mnist_100() -> Recipe:
    """The classifier of ssl-mnist learning from its hundred labels alone."""
    return replace(
        ssl_mnist(),
        name="supervised-mnist-100",
        game=SemiSupervised(unsupervised=0.0),
        steps=3_000,
        ema=300.0,
        look_every=1_500,
        checkpoint_every=1_500,
    )


def catgan_mnist() -> Recipe:
    """Ten labels a class and the categorical GAN, with the networks of ssl-mnist-20min.

    At that recipe's rates, ten times as large, its generator makes one picture within 3,000 rounds.
    """
    adam = replace(CatGan().critic, lr=3e-4)
    game = CatGan(generator=adam, critic=adam)
    base = ssl_mnist_20min()
    return replace(base, name="catgan-mnist", game=game, steps=20_000, budget=23.0)


def lapgan_mnist() -> Recipe:
    """Pictures of 28x28 by their pyramid of 7, 14 and 28: a game a level, ten minutes."""
    return Recipe(
        "lapgan-mnist",
        Data("", batch=64),
        Lapgan(),
        steps=5_000,
        decay=0.5,
        ema=300.0,
        look_every=1_000,
        checkpoint_every=1_000,
        budget=12.0,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "ssl-mnist": ssl_mnist,
    "ssl-mnist-20min": ssl_mnist_20min,
    "supervised-mnist-100": supervised_mnist_100,
    "catgan-mnist": catgan_mnist,
    "lapgan-mnist": lapgan_mnist,
}
