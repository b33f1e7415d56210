"""Laws that are known exactly, where modes can be counted."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise
from counterplay.recipes.toys import RECIPES

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

_TABLE = (
    "PacGAN: the power of two samples in generative adversarial networks "
    "(Lin, Khetan, Fanti, Oh, 2018, arXiv:1712.04086), Table 1, {row}"
)

_PROTOCOL = (
    "PacGAN's protocol: the law (its ring has radius 1 and σ 0.01, ours is the same in units half "
    "as large, and networks see either standardised), 2,500 samples, a mode is hit by "
    "one of them or more within 3 σ, 10 seeds; published is the mean of 10, ours the median. Not "
    "theirs: {steps:,} rounds of {batch} fresh draws instead of 400,000 of 100 out of 100,000, "
    "{width}, an averaged generator, and {latent} latents (they have 2)"
)

_COUNT = {"ring": 8, "grid": 25}
_GAN = {"ring": (6.3, 0.982), "grid": (17.3, 0.948)}
_PAC2 = {"ring": (7.9, 0.956), "grid": (23.8, 0.913)}
"""Modes hit, and share of good samples, as published."""

_THEIRS, _FLOOR = "their row of this system", "their plain GAN, the floor to beat"

_ROWS: tuple[tuple[str, str, str, float, tuple[float, float], str], ...] = (
    ("ring", "gan", "GAN", 6.3, _GAN["ring"], _THEIRS),
    ("ring", "pac2", "PacGAN2", 7.9, _PAC2["ring"], _THEIRS),
    ("ring", "wgan-gp", "WGAN-GP", 8.0, _GAN["ring"], _FLOOR),
    ("ring", "unrolled", "Unrolled GAN, 5 steps,", 8.0, _GAN["ring"], _FLOOR),
    ("ring", "rpgan", "RpGAN with R1 and R2", 8.0, _GAN["ring"], _FLOOR),
    ("grid", "gan", "GAN", 17.3, _GAN["grid"], _THEIRS),
    ("grid", "pac2", "PacGAN2", 23.8, _PAC2["grid"], _THEIRS),
    ("grid", "wgan-gp", "WGAN-GP", 25.0, _GAN["grid"], _FLOOR),
    ("grid", "unrolled", "Unrolled GAN, 5 steps,", 25.0, _GAN["grid"], _FLOOR),
    ("grid", "rpgan", "RpGAN with R1 and R2", 25.0, _GAN["grid"], _FLOOR),
)
"""(law, recipe, system, modes to hit, published, whose that is)."""


def _width(units: int) -> str:
    return "their networks" if units == 400 else f"{units} units a layer instead of 400 and 200"


def _protocol(
    law: str, short: str, system: str, hit: float, published: tuple[float, float], whose: str
) -> Reproduction:
    recipe: Any = RECIPES[f"pacgan-{law}-{short}"]()
    source = _TABLE.format(row=whose)
    modes, good = published
    return Reproduction(
        system=f"{system} on a {law} of {_COUNT[law]} Gaussians, PacGAN's protocol",
        recipe=recipe.name,
        promises=(
            Promise("modes_hit", f"modes hit, of {_COUNT[law]}", hit, None, modes, source),
            Promise("high_quality", "samples within 3 σ", GOOD, None, good, source),
        ),
        # Each round that looks five steps ahead has six backward passes more.
        seconds=900.0 if short == "unrolled" else 300.0,
        seeds=10,
        note=_PROTOCOL.format(
            steps=recipe.steps,
            batch=recipe.data.batch,
            width=_width(recipe.game.networks.width),
            latent=recipe.game.latent,
        ),
    )


GOOD = 0.8
"""Share of samples near a mode without which hitting modes would be luck."""

_PACGAN = {f"pacgan-{row[0]}-{row[1]}": _protocol(*row) for row in _ROWS}

_FAR = (
    "a generator whose rate is ten times the critic's: the setting that tells looking ahead from "
    "not; at equal rates both cover the ring. A mode counts by one sample in a hundred within 10 σ"
)

PROMISES: dict[str, Reproduction] = {
    **_PACGAN,
    "unrolled-ring": Reproduction(
        system="Unrolled GAN, 5 steps, with a fast generator on a ring of 8 Gaussians",
        recipe="unrolled-ring",
        promises=(
            Promise("modes_near", "modes near which samples are, of 8", at_least=8.0),
            Promise("close", "samples within 10 σ of a mode", at_least=0.5),
        ),
        seconds=300.0,
        seeds=3,
        note=_FAR,
    ),
    "unrolled-ring-twin": Reproduction(
        system="Broken twin: no step looked ahead, with a fast generator on the ring",
        recipe="unrolled-ring-twin",
        promises=(Promise("modes_near", "modes near which samples are, of 8", at_most=6.0),),
        seconds=120.0,
        seeds=3,
        note=_FAR,
    ),
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
