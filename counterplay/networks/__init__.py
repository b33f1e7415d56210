"""Networks know nothing of games, losses, data or devices."""

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
from counterplay.networks.mlp import MLP, ConditionalMLP

__all__ = [
    "MLP",
    "Blind",
    "ClassNorm",
    "ClassNormGenerator",
    "Concatenated",
    "ConditionalMLP",
    "ConvCritic",
    "ConvEncoder",
    "ConvGenerator",
    "Head",
    "Joint",
    "Trunk",
    "stages",
]
