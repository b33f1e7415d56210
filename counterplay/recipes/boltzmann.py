"""Runs of Boltzmann machines: the numbers are measured, where no paper is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Data, Recipe
from counterplay.recipes.specs.boltzmann import Dbm, Deep, Rbm, RealRestricted, Restricted
from counterplay.recipes.specs.moves import Move

__all__ = ["RECIPES"]


def _descent(lr: float) -> Move:
    return Move(lr, (0.0, 0.999), rule="sgd")


def rbm_digits() -> Recipe:
    """The embedded 8x8 digits cut at one half: a restricted machine, a minute on two cores."""
    return Recipe(
        "rbm-digits",
        Data("digits", batch=100, binarise="threshold"),
        Rbm(Restricted(200)),
        steps=10_000,
        decay=1.0,
        log_every=100,
        look_every=2_000,
        checkpoint_every=2_000,
    )


def rbm_mnist() -> Recipe:
    """Pictures of two levels: 500 hidden bits and persistent chains (Tieleman, ICML 2008).

    The learning rate falls over the whole run: chains keep up with the weights at the end. Half as
    many chains as a batch has examples make a round a fifth cheaper.
    """
    return Recipe(
        "rbm-mnist",
        Data("", batch=100, binarise="fixed"),
        Rbm(Restricted(500), chains=50),
        steps=30_000,
        decay=1.0,
        log_every=100,
        look_every=5_000,
        checkpoint_every=5_000,
    )


def rbm_mnist_cd() -> Recipe:
    """The same by contrastive divergence of one step (Hinton, 2002): chains start at the data."""
    base = rbm_mnist()
    return replace(base, name="rbm-mnist-cd", game=Rbm(Restricted(500), chains=0))


def rbm_bits() -> Recipe:
    """Rows of zeros and ones: 16 hidden bits, whose likelihood is exact."""
    return Recipe(
        "rbm-bits",
        Data("", batch=100),
        Rbm(Restricted(16)),
        steps=10_000,
        decay=1.0,
        log_every=100,
        look_every=1_000,
        checkpoint_every=1_000,
        finish="best",
    )


def rbm_reals() -> Recipe:
    """Numbers, of a table or of grey pictures: real visible units and 16 hidden bits, exact."""
    return Recipe(
        "rbm-reals",
        Data("", batch=100),
        Rbm(RealRestricted(), optimiser=_descent(0.01)),
        steps=10_000,
        decay=1.0,
        precision="float32",
        log_every=100,
        look_every=1_000,
        checkpoint_every=1_000,
        finish="best",
    )


def dbm_mnist() -> Recipe:
    """Pictures of two levels: layers of 500 and 1000 bits (Salakhutdinov, Hinton, 2009).

    All weights learn at once and none are pretrained; some twenty minutes on two cores.
    """
    return Recipe(
        "dbm-mnist",
        Data("", batch=100, binarise="fixed"),
        Dbm(),
        steps=30_000,
        decay=1.0,
        log_every=100,
        look_every=5_000,
        checkpoint_every=5_000,
        budget=25.0,
    )


def dbm_digits() -> Recipe:
    """The embedded 8x8 digits cut at one half: a deep machine, a minute or two on two cores."""
    base = rbm_digits()
    game = Dbm(Deep(100, 100), gibbs=2)
    return replace(base, name="dbm-digits", game=game)


RECIPES: dict[str, Callable[[], Recipe]] = {
    "rbm-digits": rbm_digits,
    "rbm-mnist": rbm_mnist,
    "rbm-mnist-cd": rbm_mnist_cd,
    "rbm-bits": rbm_bits,
    "rbm-reals": rbm_reals,
    "dbm-mnist": dbm_mnist,
    "dbm-digits": dbm_digits,
}
