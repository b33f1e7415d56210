"""What recipes promise, as data: the numbers to reach, on which data, over how many seeds.

``counterplay reproduce NAME`` runs one and writes the row. A promise is kept when the median over
the seeds of each of its numbers is within its bound, and no seed took longer than it may.
"""

from __future__ import annotations

from dataclasses import dataclass

from counterplay.errors import UserError, nearest
from counterplay.recipes.schema import Promise

__all__ = ["REPRODUCTIONS", "Reproduction", "promised"]

PACGAN = (
    "PacGAN: the power of two samples in generative adversarial networks "
    "(Lin, Khetan, Fanti, Oh, 2018, arXiv:1712.04086), Table 1, their plain GAN"
)


@dataclass(frozen=True)
class Reproduction:
    """A recipe, and the numbers that it must reach.

    Attributes:
        system: what is trained, as the ledger names it.
        recipe: the recipe's name.
        promises: the numbers. Beside what ``evaluate`` reports there is "bound_gain": a VAE's
            bound less the log likelihood of principal components (see
            :mod:`counterplay.recipes.measuring`), in nats per dimension.
        seconds: what each seed may take in all, or ``None`` where time is not promised.
        seeds: over how many the median is taken.
        data: a name or a path, relative to the repository; ``None``: the recipe's own.
        note: a sentence for the reader of the row.
    """

    system: str
    recipe: str
    promises: tuple[Promise, ...]
    seconds: float | None = None
    seeds: int = 1
    data: str | None = None
    note: str = ""


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

REPRODUCTIONS: dict[str, Reproduction] = {
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
    "mnist": Reproduction(
        system="Default recipe for labelled 28x28 pictures, on MNIST",
        recipe="mnist",
        data="../shared/data/mnist",
        promises=(
            Promise("confident", "share of which a judge is more than 0.9 sure", at_least=0.85),
            Promise("coverage/judge", "coverage, k = 5", at_least=0.88, relative=True),
            Promise("class_share_min", "the rarest class's share", at_least=0.07),
            Promise("class_share_max", "the commonest class's share", at_most=0.14),
        ),
        seconds=600.0,
        seeds=1,
        note="nobody has published these numbers; the peer's row is measured by the same judge",
    ),
    "digits": Reproduction(
        system="Default recipe for the embedded 8x8 digits",
        recipe="digits",
        promises=(
            Promise("confident", "share of which a judge is more than 0.9 sure", at_least=0.85),
            Promise("coverage/judge", "coverage, k = 5", at_least=0.88, relative=True),
            Promise("class_share_min", "the rarest class's share", at_least=0.03),
        ),
        seconds=90.0,
        seeds=3,
        note="nobody has published these numbers, and the test part is small",
    ),
    "vae-digits": Reproduction(
        system="VAE on the embedded 8x8 digits",
        recipe="vae-digits",
        promises=(
            Promise(
                "bound_gain",
                "evidence bound less the exact log likelihood of probabilistic PCA with as many "
                "latents, on the test part, in nats per dimension",
                at_least=0.0,
            ),
        ),
        seconds=120.0,
        seeds=3,
        note=(
            "probabilistic PCA is the best linear VAE (Don't blame the ELBO!, Lucas et al., 2019, "
            "arXiv:1911.02469); a difference of densities does not depend on the pixels' scale"
        ),
    ),
}
"""Every promise by name."""


def promised(name: str) -> Reproduction:
    """Return the promise called ``name``.

    Raises:
        UserError: when there is none, with the nearest name.
    """
    if name not in REPRODUCTIONS:
        raise UserError(f"nothing called '{name}' is promised; {nearest(name, REPRODUCTIONS)}")
    return REPRODUCTIONS[name]
