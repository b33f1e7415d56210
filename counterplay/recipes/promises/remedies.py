"""What the doctor's remedies are worth."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

_TEN = (
    "ten trainings, with seeds 0 to 9: each is gone on with as it is, and once more with "
    "--on-finding remedy and nobody beside it. A mode of the ring counts by 20 of 2,500 samples "
    "within 3 σ"
)

_BENCH = (
    "one training of each sick case of the fitted half of the doctor's bench (`counterplay "
    "reproduce doctor`), with seed 0, that the doctor finds sick at any time: gone on with as it "
    "is, and once more with --on-finding remedy. It ends well when nothing sick is found of the "
    "networks that it ends with, and their samples are no farther from the data. The row's own "
    "data are those of the training that begins it"
)

PROMISES: dict[str, Reproduction] = {
    "doctor-remedies": Reproduction(
        system="Sick trainings of many kinds, mended by the doctor",
        recipe="ring-collapsing",
        promises=(
            Promise("share_mended", "share that ends well with remedies", at_least=0.7),
            Promise("share_alone", "share of the same that ends well without"),
        ),
        note=_BENCH,
    ),
    "doctor-remedies-ring": Reproduction(
        system="Trainings on a ring that collapse, mended by the doctor",
        recipe="ring-collapsing",
        promises=(
            Promise("whole_mended", "of 10 with remedies, those with all 8 modes", at_least=7.0),
            Promise("whole_alone", "of the same 10 without, those with all 8 modes", at_most=2.0),
        ),
        note=_TEN,
    ),
}
