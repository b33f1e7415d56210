"""What normalising flows promise: bits per dimension, better than a Gaussian; sources found again.

The digits' split is the source's own, 1,439 to learn from, 179 to choose by and 179 to test on; so
the Gaussian is fitted to the same and stands beside.
"""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

MNIST = "../shared/data/mnist"
CIFAR = "../shared/data/cifar10"

_BITS = "bits per dimension of the test part, by uniform dequantisation: a bound from above"
_BELOW = "the same less that of a Gaussian with any covariance, fitted to the same logits"
_ROUNDING = "largest |f⁻¹(f(x)) − x| in float32, of grey values in [0, 1]"
_SPLIT = "17 levels, 1,439 / 179 / 179 pictures; the networks are the best on the validation part"

REAL_NVP = (
    "Density estimation using Real NVP (Dinh et al., 2017, arXiv:1605.08803); the value on MNIST "
    "as FFJORD (Grathwohl et al., 2019, arXiv:1810.01367), Table 2, has it"
)
GLOW = (
    "Glow (Kingma, Dhariwal, 2018, arXiv:1807.03039); the value on MNIST as FFJORD (Grathwohl et "
    "al., 2019, arXiv:1810.01367), Table 2, has it"
)
GLOW_CIFAR = "Glow (Kingma, Dhariwal, 2018, arXiv:1807.03039), Table 2"
ICA = (
    "Variational Autoencoders and Nonlinear ICA (Khemakhem, Kingma, Monti, Hyvärinen, 2020, "
    "arXiv:1907.04809) proves that it can be; data of another kind"
)


def _digits(system: str, recipe: str, at_most: float, below: float) -> Reproduction:
    return Reproduction(
        system=f"{system}, digits of 8x8",
        recipe=recipe,
        promises=(
            Promise("bits_per_dim", _BITS, None, at_most),
            Promise("gaussian_bits_per_dim", "the Gaussian's", 2.35, 2.55),
            Promise("below_gaussian", _BELOW, None, below),
            Promise("inverse_error", _ROUNDING, None, 1e-3),
        ),
        seconds=300.0,
        seeds=3,
        note=_SPLIT,
    )


def _pictures(
    system: str, recipe: str, data: str, published: float, citation: str, seconds: float
) -> Reproduction:
    return Reproduction(
        system=system,
        recipe=recipe,
        data=data,
        promises=(
            Promise("bits_per_dim", _BITS, None, None, published, citation),
            Promise("below_gaussian", _BELOW, None, 0.0),
            Promise("inverse_error", _ROUNDING, None, 1e-3),
        ),
        seconds=seconds,
        note="a small network for minutes, where the published ones had days of GPUs",
    )


_SOURCES = "mean |correlation| of hidden sources with the latents, matched one to one"

PROMISES: dict[str, Reproduction] = {
    "flow-digits": _digits("Couplings of splines", "flow-digits", 2.15, -0.25),
    "flow-digits-maf": _digits("Masked autoregressive flow", "flow-digits-maf", 2.25, -0.15),
    "flow-digits-real-nvp": _digits("Real NVP", "flow-digits-real-nvp", 2.25, -0.15),
    "flow-mnist": _pictures(
        "Real NVP over two scales, MNIST", "flow-mnist", MNIST, 1.06, REAL_NVP, 1200.0
    ),
    "flow-mnist-glow": _pictures(
        "Glow over two scales, MNIST", "flow-mnist-glow", MNIST, 1.05, GLOW, 1200.0
    ),
    "flow-cifar10": _pictures(
        "Glow over three scales, two fifths of CIFAR-10's training part",
        "flow-cifar10",
        CIFAR,
        3.35,
        GLOW_CIFAR,
        5400.0,
    ),
    "nonlinear-ica": Reproduction(
        system="Nonlinear ICA by a flow whose latent's law is each segment's",
        recipe="nonlinear-ica",
        promises=(Promise("source_correlation", _SOURCES, 0.95),),
        seconds=600.0,
        note="of 5,000 rows not learnt from, their segments hidden; " + ICA,
    ),
    "nonlinear-ica-twin": Reproduction(
        system="The same, the segments hidden",
        recipe="nonlinear-ica-twin",
        promises=(Promise("source_correlation", _SOURCES, None, 0.85),),
        note="a broken twin: it has to fail where the whole holds",
    ),
}
