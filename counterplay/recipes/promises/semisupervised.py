"""Few labels: errors among 10,000 test digits; and a pyramid's edges."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

DATA = "../shared/data/mnist"
IMPROVED = (
    "Improved techniques for training GANs (Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen, "
    "2016, arXiv:1606.03498), Table 1, 100 labels: 93 ± 6.5 over ten draws"
)
CATEGORICAL = (
    "Unsupervised and semi-supervised learning with categorical generative adversarial networks "
    "(Springenberg, 2016, arXiv:1511.06390), 100 labels, fully connected: 1.91 ± 0.10 percent"
)
NOTE = (
    "ten labels of each class are drawn by the seed; the errors are of the averaged networks, "
    "errors_raw of the networks as they were played"
)


def _errors(at_most: float, published: float | None, citation: str) -> tuple[Promise, ...]:
    return (
        Promise("errors", "errors among 10,000", None, at_most, published, citation),
        Promise("errors_raw", "the same without averaging", None, at_most),
    )


PROMISES: dict[str, Reproduction] = {
    "ssl-mnist": Reproduction(
        system="Semi-supervised GAN with feature matching, MNIST with 100 labels, 180,000 rounds",
        recipe="ssl-mnist",
        data=DATA,
        promises=_errors(100.0, 93.0, IMPROVED),
        seeds=3,
        note=NOTE,
    ),
    "ssl-mnist-20min": Reproduction(
        system="Semi-supervised GAN with feature matching, MNIST with 100 labels, two cores",
        recipe="ssl-mnist-20min",
        data=DATA,
        promises=_errors(750.0, 93.0, IMPROVED),
        seconds=1500.0,
        seeds=1,
        note=f"{NOTE}; the bound is half of what supervised-mnist-100 has to make",
    ),
    "supervised-mnist-100": Reproduction(
        system="The same classifier from the same 100 labels alone, its twin",
        recipe="supervised-mnist-100",
        data=DATA,
        promises=(
            Promise("errors", "errors among 10,000, more than twice the game's", 1500.0),
            Promise("errors_raw", "the same without averaging", 1500.0),
        ),
        seeds=1,
        note=f"{NOTE}; the generator plays and nothing is learnt from it",
    ),
    "catgan-mnist": Reproduction(
        system="CatGAN, MNIST with 100 labels, two cores",
        recipe="catgan-mnist",
        data=DATA,
        promises=_errors(1000.0, 191.0, CATEGORICAL),
        seconds=1500.0,
        seeds=1,
        note=NOTE,
    ),
    "lapgan-mnist": Reproduction(
        system="LAPGAN on MNIST, levels of 7, 14 and 28",
        recipe="lapgan-mnist",
        data=DATA,
        promises=(
            Promise("edges", "edge energy over that of the test part", 0.7, 1.3),
            Promise("edges_blurred", "the same without residuals, its twin", None, 0.5),
            Promise("residual_match", "mean cosine of made with real residuals", 0.7),
            Promise("residual_match_turned", "the same, shown other pictures", None, 0.2),
        ),
        seconds=1200.0,
        seeds=1,
        note="edge energy is the mean square difference of neighbouring pixels; noise has edges as "
        "well, so the residuals must be those that their coarse pictures ask for",
    ),
}
