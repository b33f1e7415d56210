"""Networks: growing, by styles, modern, residual, and none but matrices."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

CIFAR = "../shared/data/cifar10"
MNIST = "../shared/data/mnist"

EQUAL_TIME = (
    "the same minutes for each of cifar10-mlp, cifar10-dcgan and cifar10-sngan, on the same part "
    "of CIFAR-10; published values are of hundreds of thousands of rounds on all of it"
)


FRECHET = "Fréchet distance in the features of a judge's convolutions"

DIVIDE = 50.0
"""Between convolutional networks and fully connected ones: the same bound from both sides."""


def _photographs(name: str, system: str, *promises: Promise) -> Reproduction:
    return Reproduction(
        system=f"{system} on CIFAR-10 (part), ten minutes of training",
        recipe=name,
        data=CIFAR,
        promises=promises,
        seconds=1500.0,
        note=EQUAL_TIME,
    )


def _digits(at_least: float, share: float) -> tuple[Promise, ...]:
    return (
        Promise("confident", "share of which a judge is more than 0.9 sure", at_least=at_least),
        Promise("coverage/judge", "coverage, k = 5", at_least=share, relative=True),
    )


PROMISES: dict[str, Reproduction] = {
    "style-mixing": Reproduction(
        system="Generator by styles on coloured shapes of 32x32: mixed styles",
        recipe="shapes-styled",
        promises=(
            Promise(
                "mixing_coarse_shape",
                "shapes inherited from the parent of the coarser half of the layers",
                at_least=0.9,
            ),
            Promise("mixing_coarse_side", "sides inherited from the same parent", at_least=0.9),
            Promise(
                "mixing_fine_colour",
                "colours inherited from the parent of the finer half of the layers",
                at_least=0.9,
            ),
            Promise(
                "mixing_everywhere_shape",
                "the first when all layers are the second parent's",
                at_most=0.05,
            ),
            Promise(
                "mixing_nowhere_colour",
                "the last when no layer is the second parent's",
                at_most=0.05,
            ),
            Promise("styles_shape_side", "sums of styles with shape and side, chance 1/8", 0.8),
            Promise("styles_shape_colour", "sums with both shape and colour, chance 1/16", 0.8),
            Promise(
                "styles_shuffled",
                "the last with the exemplars' factors shuffled, the broken twin",
                at_most=0.3,
            ),
            Promise("well_drawn", "share of samples that are shapes", at_least=0.8, relative=True),
            Promise(
                "rarest_factor",
                "the rarest shape, colour or side among them, 1 where all are as frequent",
                at_least=0.5,
            ),
        ),
        seconds=1800.0,
        note="over pairs of parents that differ in the factor; factors are read off by rules",
    ),
    "progressive-32": Reproduction(
        system="Growing networks on MNIST, enlarged to 32x32",
        recipe="progressive-32",
        data=MNIST,
        promises=_digits(0.6, 0.6),
        seconds=1500.0,
        note="beside progressive-32-at-once: the same networks as long, without growing",
    ),
    "progressive-32-at-once": Reproduction(
        system="The same networks on the same pictures, grown at once",
        recipe="progressive-32-at-once",
        data=MNIST,
        promises=_digits(0.0, 0.0),
        seconds=1500.0,
        note="a row for comparison: nothing but its time is asked of it",
    ),
    "r3gan": Reproduction(
        system="Modern baseline on MNIST, without labels",
        recipe="r3gan",
        data=MNIST,
        promises=_digits(0.7, 0.7),
        seconds=1500.0,
    ),
    "cifar10-mlp": _photographs(
        "cifar10-mlp",
        "Fully connected GAN",
        Promise("frechet/judge", FRECHET, at_least=DIVIDE),
    ),
    "cifar10-dcgan": _photographs(
        "cifar10-dcgan",
        "Convolutional GAN",
        Promise("frechet/judge", FRECHET, at_most=DIVIDE),
    ),
    "cifar10-sngan": _photographs(
        "cifar10-sngan",
        "Residual GAN with spectral norm and self-attention",
        Promise("frechet/judge", FRECHET, at_most=DIVIDE),
    ),
    **{
        f"checkerboard-{how}": Reproduction(
            system=f"Checkerboard of a generator that enlarges by '{how}'",
            recipe=f"checkerboard-{how}",
            data="shapes",
            promises=(
                Promise(
                    "checkerboard",
                    "share of energy at period two, over whole pictures",
                    at_least=low,
                    at_most=high,
                ),
            ),
            seconds=600.0,
            note="the other ways stand beside it, trained as long",
        )
        for how, low, high in (
            ("uneven", 0.001, None),
            ("transposed", 0.001, None),
            ("resize", None, 0.0005),
        )
    },
}
