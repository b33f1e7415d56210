"""Sums and truncation of latents, on factors that are known and on digits."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

RULES = (
    "the factors of exemplars and of sums are read off the pictures by exact rules, right on all "
    "of 1,600 real ones; Radford et al. (2016, arXiv:1511.06434) show such sums and publish "
    "no number"
)

PROMISES: dict[str, Reproduction] = {
    "arithmetic-shapes": Reproduction(
        system="Sums of latents of a generator told in parts, on shapes of known factors",
        recipe="shapes-parted",
        promises=(
            Promise("arithmetic_colour_side", "sums with both colour and side, chance 1/8", 0.8),
            Promise("arithmetic_shape_side", "sums with both shape and side, chance 1/8", 0.8),
            Promise("arithmetic_shape_colour", "sums with both shape and colour, chance 1/16", 0.8),
            Promise(
                "arithmetic_shuffled",
                "the first with the exemplars' factors shuffled, the broken twin",
                at_most=0.3,
            ),
            Promise("well_drawn", "samples that are shapes, by rules", at_least=0.8),
        ),
        seconds=900.0,
        seeds=3,
        note=RULES,
    ),
    "arithmetic-shapes-dcgan": Reproduction(
        system="Sums of latents of a DCGAN, on shapes of known factors: the twin",
        recipe="shapes",
        promises=(
            Promise(
                "arithmetic_colour_side", "sums with both colour and side, chance 1/8", at_most=0.5
            ),
            Promise("well_drawn", "samples that are shapes, by rules", at_least=0.6),
        ),
        seconds=900.0,
        note=(
            f"{RULES}; its projection of the whole latent has weights of its own at every place, "
            "so that red on the left and red on the right have nothing in common"
        ),
    ),
    "truncation-digits": Reproduction(
        system="Truncation of the default recipe's latents, on the embedded 8x8 digits",
        recipe="digits",
        promises=(
            Promise(
                "truncation_spread",
                "the largest ratio of the spread at a threshold to that at the wider one before",
                at_most=0.99,
            ),
            Promise(
                "truncation_confidence",
                "the judge's least confidence at a narrower threshold less that at the widest",
                at_least=0.0,
            ),
        ),
        seconds=300.0,
        seeds=3,
        note=(
            "thresholds of |z|: 4, 1.5, 1, 0.7, 0.5; 100 samples of each class of the same uniform "
            "numbers; the spread is within a class. The trade is Brock et al.'s (2019, "
            "arXiv:1809.11096), who publish a curve"
        ),
    ),
}
