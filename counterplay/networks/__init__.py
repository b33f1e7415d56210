"""Networks know nothing of games, losses, data or devices."""

from counterplay.networks.dcgan import ConvCritic, ConvEncoder, ConvGenerator, stages
from counterplay.networks.mlp import MLP, ConditionalMLP

__all__ = ["MLP", "ConditionalMLP", "ConvCritic", "ConvEncoder", "ConvGenerator", "stages"]
