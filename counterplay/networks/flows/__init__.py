"""Invertible networks whose density is known: transforms, and the papers' compositions of them."""

from counterplay.networks.flows.base import Chain, Inverse, Transform
from counterplay.networks.flows.coupling import Coupling
from counterplay.networks.flows.linear import ActNorm, InvertibleLinear, initialise
from counterplay.networks.flows.masked import Autoregressive, MaskedNet
from counterplay.networks.flows.models import PICTURES, VECTORS
from counterplay.networks.flows.pictures import ConvNet, Logit, MultiScale, Squeeze
from counterplay.networks.flows.univariate import Univariate, additive, affine, spline

__all__ = [
    "PICTURES",
    "VECTORS",
    "ActNorm",
    "Autoregressive",
    "Chain",
    "ConvNet",
    "Coupling",
    "Inverse",
    "InvertibleLinear",
    "Logit",
    "MaskedNet",
    "MultiScale",
    "Squeeze",
    "Transform",
    "Univariate",
    "additive",
    "affine",
    "initialise",
    "spline",
]
