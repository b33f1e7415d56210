"""Runs of belief nets and PixelCNNs: likelihoods that are exact, and samples number by number.

The published splits of DNA and mushrooms choose when to stop by their validation part. The numbers
are measured; weights decay by as much as calibration on the validation part asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import (
    Adam,
    Autoregressive,
    Data,
    Fvsbn,
    Made,
    Nade,
    PixelCnn,
    Recipe,
)

__all__ = ["RECIPES"]


def _belief(name: str, game: Autoregressive, steps: int, decay: float = 0.3) -> Recipe:
    """Return a run of batches of 50 that ends with its best of about twenty looks."""
    look = steps // 20
    return Recipe(
        name,
        Data("", batch=50),
        game,
        steps=steps,
        decay=decay,
        precision="float32",
        log_every=50,
        look_every=look,
        checkpoint_every=look,
        finish="best",
    )


def _move(lr: float) -> Adam:
    return Adam(lr, (0.9, 0.999))


def fvsbn() -> Recipe:
    """Rows of bits, or pictures of two levels: a logistic regression of each on those before."""
    game = Autoregressive(Fvsbn(), weight_decay=0.1, optimiser=_move(3e-3))
    return _belief("fvsbn", game, 7_000)


def nade() -> Recipe:
    """Rows of bits, or pictures of two levels: a hidden layer for each, with shared weights."""
    game = Autoregressive(Nade(), weight_decay=0.3, optimiser=_move(3e-3))
    return _belief("nade", game, 2_000)


def made() -> Recipe:
    """Rows of bits, or pictures of two levels: a masked autoencoder, all conditionals at once."""
    return _belief("made", Autoregressive(Made(), weight_decay=1.0), 7_000)


def made_orders() -> Recipe:
    """MADE in four orders that share their weights: the mean of four joint masses."""
    game = Autoregressive(Made(orders=4), weight_decay=1.0)
    return _belief("made-orders", game, 7_000)


def fvsbn_mushrooms() -> Recipe:
    """Mushrooms as 112 bits, of which there is more to learn: weights decay by less."""
    game = Autoregressive(Fvsbn(), weight_decay=0.05, optimiser=_move(5e-3))
    return _belief("fvsbn-mushrooms", game, 9_000, 0.5)


def nade_mushrooms() -> Recipe:
    """Mushrooms as 112 bits by NADE."""
    game = Autoregressive(Nade(), weight_decay=0.05, optimiser=_move(5e-3))
    return _belief("nade-mushrooms", game, 4_800, 0.5)


def made_mushrooms() -> Recipe:
    """Mushrooms as 112 bits by MADE in four orders; in one it learns the examples by heart."""
    game = Autoregressive(Made(orders=4), weight_decay=0.1, optimiser=_move(1.5e-3))
    return _belief("made-mushrooms", game, 10_000, 0.5)


def made_mnist() -> Recipe:
    """MADE with 500 units on binarised MNIST, a hundred epochs."""
    return Recipe(
        "made-mnist",
        Data("", batch=100),
        Autoregressive(Made(), weight_decay=0.05),
        steps=50_000,
        decay=0.5,
        ema=1_000.0,
        precision="float32",
        log_every=100,
        look_every=5_000,
        checkpoint_every=5_000,
        finish="best",
    )


def pixelcnn_mnist() -> Recipe:
    """A small gated PixelCNN on binarised MNIST, half an hour on two cores."""
    return Recipe(
        "pixelcnn-mnist",
        Data("", batch=32),
        Autoregressive(PixelCnn(), optimiser=_move(2e-3)),
        steps=10_000,
        decay=0.6,
        ema=500.0,
        log_every=50,
        look_every=2_500,
        checkpoint_every=2_500,
        finish="best",
        budget=28.0,
    )


def pixelcnn_mnist_large() -> Recipe:
    """A gated PixelCNN of eight layers, pictures of two levels drawn anew each round: an hour."""
    return Recipe(
        "pixelcnn-mnist-large",
        Data("", batch=32, binarise="fresh"),
        Autoregressive(PixelCnn(features=64, depth=8, radius=2), optimiser=_move(1e-3)),
        steps=15_000,
        decay=0.6,
        ema=1_000.0,
        log_every=100,
        look_every=5_000,
        checkpoint_every=2_500,
        finish="best",
    )


def pixelcnn_digits() -> Recipe:
    """The embedded 8x8 digits on their 17 levels, class by class: digits in a minute."""
    return Recipe(
        "pixelcnn-digits",
        Data("digits", batch=64),
        Autoregressive(
            PixelCnn(depth=5, reach=2), conditional=True, weight_decay=0.1, optimiser=_move(3e-3)
        ),
        steps=1_000,
        decay=0.5,
        ema=100.0,
        look_every=250,
        checkpoint_every=250,
        finish="best",
    )


def pixelcnn_photos() -> Recipe:
    """Pictures of 256 levels by mixtures of ten logistic laws, colours coupled: PixelCNN++'s law.

    After Salimans et al., 2017, arXiv:1701.05517, with the small gated network.
    """
    return replace(
        pixelcnn_mnist(),
        name="pixelcnn-photos",
        data=Data("", batch=16),
        game=Autoregressive(PixelCnn(features=48, components=10), optimiser=_move(1e-3)),
        budget=None,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "fvsbn": fvsbn,
    "nade": nade,
    "made": made,
    "made-orders": made_orders,
    "fvsbn-mushrooms": fvsbn_mushrooms,
    "nade-mushrooms": nade_mushrooms,
    "made-mushrooms": made_mushrooms,
    "made-mnist": made_mnist,
    "pixelcnn-mnist": pixelcnn_mnist,
    "pixelcnn-mnist-large": pixelcnn_mnist_large,
    "pixelcnn-digits": pixelcnn_digits,
    "pixelcnn-photos": pixelcnn_photos,
}
