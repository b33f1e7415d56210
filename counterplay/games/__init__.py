"""One training a file: its networks come in, its costs are methods."""

from counterplay.games.acgan import ACGAN
from counterplay.games.autoencoder import Autoencoder, Denoiser
from counterplay.games.autoregressive import Autoregressive
from counterplay.games.bigan import BiGAN
from counterplay.games.boltzmann import Boltzmann
from counterplay.games.catgan import CatGAN
from counterplay.games.dfc import DFCVAE
from counterplay.games.flow import Flow
from counterplay.games.gan import GAN, wgan_gp
from counterplay.games.hierarchical import HierarchicalVAE
from counterplay.games.infogan import InfoGAN
from counterplay.games.iwae import IWAE
from counterplay.games.lapgan import LAPGAN
from counterplay.games.progressive import Progressive
from counterplay.games.semisupervised import SemiSupervised
from counterplay.games.style import StyleGAN
from counterplay.games.vae import VAE
from counterplay.games.vaegan import VAEGAN

__all__ = [
    "ACGAN",
    "DFCVAE",
    "GAN",
    "IWAE",
    "LAPGAN",
    "VAE",
    "VAEGAN",
    "Autoencoder",
    "Autoregressive",
    "BiGAN",
    "Boltzmann",
    "CatGAN",
    "Denoiser",
    "Flow",
    "HierarchicalVAE",
    "InfoGAN",
    "Progressive",
    "SemiSupervised",
    "StyleGAN",
    "wgan_gp",
]
