"""One training a file: its networks come in, its costs are methods."""

from counterplay.games.gan import GAN, wgan_gp
from counterplay.games.vae import VAE

__all__ = ["GAN", "VAE", "wgan_gp"]
