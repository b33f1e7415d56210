"""One training a file: its networks come in, its costs are methods."""

from counterplay.games.acgan import ACGAN
from counterplay.games.bigan import BiGAN
from counterplay.games.gan import GAN, wgan_gp
from counterplay.games.infogan import InfoGAN
from counterplay.games.vae import VAE

__all__ = ["ACGAN", "GAN", "VAE", "BiGAN", "InfoGAN", "wgan_gp"]
