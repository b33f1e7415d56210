"""Networks know nothing of games, losses, data or devices."""

from counterplay.networks.boltzmann import RBM
from counterplay.networks.conditional import (
    Blind,
    ClassNorm,
    ClassNormGenerator,
    Concatenated,
    Head,
    Joint,
    Trunk,
)
from counterplay.networks.dcgan import ConvCritic, ConvEncoder, ConvGenerator, stages
from counterplay.networks.mlp import MLP, ConditionalMLP, FlatCritic, FlatGenerator
from counterplay.networks.modern import ModernCritic, ModernGenerator
from counterplay.networks.progressive import GrowingCritic, GrowingGenerator
from counterplay.networks.resnet import ResidualCritic, ResidualGenerator
from counterplay.networks.style import StyleCritic, StyleGenerator

__all__ = [
    "MLP",
    "RBM",
    "Blind",
    "ClassNorm",
    "ClassNormGenerator",
    "Concatenated",
    "ConditionalMLP",
    "ConvCritic",
    "ConvEncoder",
    "ConvGenerator",
    "FlatCritic",
    "FlatGenerator",
    "GrowingCritic",
    "GrowingGenerator",
    "Head",
    "Joint",
    "ModernCritic",
    "ModernGenerator",
    "ResidualCritic",
    "ResidualGenerator",
    "StyleCritic",
    "StyleGenerator",
    "Trunk",
    "stages",
]
