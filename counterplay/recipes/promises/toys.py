"""Laws that are known exactly, where modes can be counted."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

PACGAN = (
    "PacGAN: the power of two samples in generative adversarial networks "
    "(Lin, Khetan, Fanti, Oh, 2018, arXiv:1712.04086), Table 1, their plain GAN"
)


def _modes(count: int, covered: float, good: float) -> tuple[Promise, ...]:
    return (
        Promise("modes", f"modes covered, of {count}", float(count), None, covered, PACGAN),
        Promise("high_quality", "share of samples within 3 σ of a mode", 0.9, None, good, PACGAN),
    )


_TOYS = (
    "2,500 samples; a mode is covered by 20 or more of them within 3 σ. Improved training of "
    "Wasserstein GANs (Gulrajani et al., 2017, arXiv:1704.00028) shows this toy and publishes no "
    "number; the published values are another system's, on its own ring and grid and with one "
    "sample to cover a mode, and stand here for context"
)

PROMISES: dict[str, Reproduction] = {
    "ring-wgan-gp": Reproduction(
        system="WGAN-GP on a ring of 8 Gaussians",
        recipe="ring-wgan-gp",
        promises=_modes(8, 6.3, 0.982),
        seconds=180.0,
        seeds=5,
        note=_TOYS,
    ),
    "grid-wgan-gp": Reproduction(
        system="WGAN-GP on a grid of 25 Gaussians",
        recipe="grid-wgan-gp",
        promises=_modes(25, 17.3, 0.948),
        seconds=180.0,
        seeds=5,
        note=_TOYS,
    ),
}
