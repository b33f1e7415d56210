"""Conditional and inferential games on MNIST, each beside its broken twin."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

MNIST = "../shared/data/mnist"

INFOGAN = (
    "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative "
    "Adversarial Nets (Chen et al., 2016, arXiv:1606.03657), section 7.2: 5 % error"
)
BIGAN = (
    "Adversarial Feature Learning (Donahue, Krähenbühl, Darrell, 2017, arXiv:1605.09782): "
    "Table 1, and for the ratio the authors' log after 400 epochs"
)

_ASKED = "share of samples of which an independent judge says the class that was asked for"
_MATCHED = "accuracy on held-out digits of the code's category, matched one to one to the classes"
_RATIO = "reconstruction error over the error against another example"

_OBEYS = (
    Promise("asked_class", _ASKED, at_least=0.95),
    Promise(
        "within_class_spread",
        "the least class's spread of pixels over that of the data",
        at_least=0.5,
    ),
)
_DISOBEYS = (Promise("asked_class", _ASKED, at_most=0.2),)

_TWIN = "a broken twin: it has to fail where the whole holds"

PROMISES: dict[str, Reproduction] = {
    "cgan-mnist": Reproduction(
        system="Conditional GAN by concatenation, on MNIST",
        recipe="cgan-mnist",
        data=MNIST,
        promises=_OBEYS,
        seconds=600.0,
        note="the paper publishes a Parzen window's log likelihood, which is not measured here",
    ),
    "cgan-mnist-twin": Reproduction(
        system="The same, the class hidden from the critic",
        recipe="cgan-mnist-twin",
        data=MNIST,
        promises=_DISOBEYS,
        note=_TWIN,
    ),
    "cgan-projection-mnist": Reproduction(
        system="Conditional GAN by batch norm and projection, on MNIST",
        recipe="cgan-projection-mnist",
        data=MNIST,
        promises=_OBEYS,
        seconds=600.0,
    ),
    "acgan-mnist": Reproduction(
        system="AC-GAN on MNIST",
        recipe="acgan-mnist",
        data=MNIST,
        promises=_OBEYS,
        seconds=600.0,
        note="the judge is another network than the critic's own classifier",
    ),
    "acgan-mnist-twin": Reproduction(
        system="The same without the class term",
        recipe="acgan-mnist-twin",
        data=MNIST,
        promises=_DISOBEYS,
        note=_TWIN,
    ),
    "infogan-mnist": Reproduction(
        system="InfoGAN on MNIST, without labels",
        recipe="infogan-mnist",
        data=MNIST,
        promises=(Promise("code_accuracy", _MATCHED, 0.8, None, 0.95, INFOGAN),),
        seconds=1200.0,
        note="labels of 10,000 training digits match the categories to the classes, no more",
    ),
    "infogan-mnist-twin": Reproduction(
        system="The same without the information",
        recipe="infogan-mnist-twin",
        data=MNIST,
        promises=(Promise("code_accuracy", _MATCHED, at_most=0.65),),
        note=_TWIN,
    ),
    "bigan-mnist": Reproduction(
        system="BiGAN on MNIST",
        recipe="bigan-mnist",
        data=MNIST,
        promises=(
            Promise("reconstruction_ratio", _RATIO, None, 0.7, 0.62, BIGAN),
            Promise(
                "code_neighbour_accuracy",
                "accuracy on held-out digits of the class of the nearest training code",
                0.93,
                None,
                0.9739,
                BIGAN,
            ),
        ),
        seconds=1500.0,
        note="convolutional networks, where the paper's are fully connected",
    ),
    "bigan-mnist-twin": Reproduction(
        system="The same with shuffled pairs",
        recipe="bigan-mnist-twin",
        data=MNIST,
        promises=(Promise("reconstruction_ratio", _RATIO, at_least=0.95),),
        note=_TWIN,
    ),
}
