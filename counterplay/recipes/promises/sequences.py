"""Sound and text: bits a step, the seconds that a second takes, and what counting gives."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

SPOKEN = "../shared/data/fsdd/fsdd_jackson_nicolas.zip"
SHAKESPEARE = "../shared/data/tinyshakespeare/input.txt"
NOTE = (
    "bits a step of the test windows, exact, given the class where the network is told one; the "
    "reference is what counts of the training part's levels give, silence that fills up windows "
    "included in both"
)

PROMISES: dict[str, Reproduction] = {
    "wavenet-digits": Reproduction(
        system="WaveNet on spoken digits at 8 kHz, told the digit, two cores",
        recipe="wavenet",
        data=SPOKEN,
        promises=(
            Promise("bits_saved", "bits a sample below the unconditional entropy", 2.0),
            Promise("bits_step", "bits a sample", None, 4.25),
            Promise("seconds_per_second", "seconds of one core for a second of sound", None, 1.0),
            Promise("over_shuffled", "spectral distance over that of shuffled sounds", None, 0.5),
        ),
        seconds=1500.0,
        note=f"{NOTE}; seconds are of one sequence drawn by itself on one core",
    ),
    "characters-shakespeare": Reproduction(
        system="Dilated convolutions on the characters of Shakespeare, two cores",
        recipe="characters",
        data=SHAKESPEARE,
        promises=(
            Promise("bits_step", "bits a character", None, 2.4),
            Promise("bits_below_5grams", "bits below counts of five characters", 0.2),
        ),
        seconds=1200.0,
        note=NOTE,
    ),
    "characters-near-shakespeare": Reproduction(
        system="The same without dilation, of three characters, its twin",
        recipe="characters-near",
        data=SHAKESPEARE,
        promises=(Promise("bits_below_5grams", "bits below counts of five characters", None, 0.1),),
        seconds=1200.0,
        note=NOTE,
    ),
}
