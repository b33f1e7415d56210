"""Invertible networks whose density is known: transforms, and the papers' compositions of them."""

from counterplay.networks.flows.base import Chain, Inverse, Transform
from counterplay.networks.flows.coupling import Coupling
from counterplay.networks.flows.linear import ActNorm, ClassNorm, InvertibleLinear, initialise
from counterplay.networks.flows.masked import Autoregressive, MaskedNet
from counterplay.networks.flows.models import PICTURES, VECTORS, dequantiser
from counterplay.networks.flows.nets import ConvNet, Perceptron
from counterplay.networks.flows.pictures import Flat, Logit, MultiScale, Squeeze
from counterplay.networks.flows.univariate import Univariate, additive, affine, spline
from counterplay.networks.flows.zuko import zuko_adapter

__all__ = [
    "PICTURES",
    "VECTORS",
    "ActNorm",
    "Autoregressive",
    "Chain",
    "ClassNorm",
    "ConvNet",
    "Coupling",
    "Flat",
    "Inverse",
    "InvertibleLinear",
    "Logit",
    "MaskedNet",
    "MultiScale",
    "Perceptron",
    "Squeeze",
    "Transform",
    "Univariate",
    "additive",
    "affine",
    "dequantiser",
    "initialise",
    "spline",
    "zuko_adapter",
]
