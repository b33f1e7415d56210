"""Stacked-MNIST with tiny networks: modes of a thousand."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

DATA = "stacked:../shared/data/mnist"
PACGAN = (
    "PacGAN: the power of two samples in generative adversarial networks (Lin, Khetan, Fanti, Oh, "
    "2018, arXiv:1712.04086), Table 3, critic a quarter of the generator, 25,600 samples"
)
NOTE = (
    "26,000 samples, each channel read by a judge of single digits (99 % right or more); the "
    "published rows are means of 50 trainings of up to 500,000 rounds, ours is one training of "
    "{rounds} rounds, or of 14 minutes where that is less"
)
APART = (
    "; not theirs: no batch norm in the critic, which moves ten times as fast as the generator and "
    "not twice, rounds of 128 examples and not of 128 packs, rates that fall to zero in the second "
    "half, and averaged networks"
)
WIDE = (
    "; here the critic has twice the generator's channels; nobody has published this game on such "
    "networks (with residual ones of 20 million weights it has 1,000 modes and 0.03 nats)"
)
_MODES = "modes of 1,000 that occur"
_KL = "KL(p, uniform) of the modes, in nats"


def _row(
    system: str,
    recipe: str,
    at_least: float,
    at_most: float,
    published: tuple[float | None, float | None],
    citation: str = PACGAN,
    note: str = NOTE.format(rounds="16,000") + APART,
) -> Reproduction:
    return Reproduction(
        system=f"{system}, Stacked-MNIST with tiny networks",
        recipe=recipe,
        data=DATA,
        promises=(
            Promise("stacked_modes", _MODES, at_least, None, published[0], citation),
            Promise("stacked_kl", _KL, None, at_most, published[1], citation),
        ),
        seconds=1200.0,
        note=note,
    )


PROMISES: dict[str, Reproduction] = {
    "stacked-dcgan": _row("DCGAN", "stacked-dcgan", 78.5, 5.21, (78.5, 5.21)),
    "stacked-pac2": _row("PacGAN of pairs", "stacked-pac2", 484.5, 2.61, (484.5, 2.61)),
    "stacked-pac4": _row("PacGAN of fours", "stacked-pac4", 667.4, 1.81, (667.4, 1.81)),
    "stacked-r3": _row(
        "RpGAN + R1 + R2",
        "stacked-r3",
        900.0,
        1.0,
        (None, None),
        "",
        NOTE.format(rounds="12,000") + WIDE,
    ),
}
