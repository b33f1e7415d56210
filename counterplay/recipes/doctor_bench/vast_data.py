"""Data that are constant or doubled in vast ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import BLOCKS, HEADS, LEVELS, TABLE, TEXT
from counterplay.recipes.doctor_bench.sick_games import DIGITS
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.vast_broken import SEEN
from counterplay.recipes.doctor_bench.vast_moves import FEATURES, PLACES, coming
from counterplay.recipes.doctor_bench.wide_critics import GROWN, PACKED, PIXELS
from counterplay.recipes.doctor_bench.wide_data import DEEP, MACHINE
from counterplay.recipes.doctor_bench.wide_games import PAIRS, PYRAMID

__all__ = ["BRIEF", "CASES", "COLOURED", "TAUGHT", "TOLD"]

BRIEF: dict[str, Any] = {"steps": 60, "every": 3, "proof": 90}
TAUGHT = {
    "data.batch": 40,
    "data.few": 10,
    "ema": 40.0,
    "game.networks.width": 64,
    "game.networks.generator_width": 64,
    "game.latent": 16,
}
"""A classifier with ten labels of each class, and a generator."""
TOLD = {**DIGITS, "game.networks.inner": 0}
"""Small convolutions that are told the class."""
COLOURED = {**PAIRS, "game.posterior": "drawn", "game.cost": "relativistic"}
"""An encoder that draws, by paired costs."""

_CONSTANT = coming(
    "data-constant",
    Case(
        "vast-same-pennant",
        "",
        "one pennant in colour, and an encoder that draws",
        "bigan-mnist",
        COLOURED,
        data="pennants-same",
        **BRIEF,
    ),
    Case(
        "vast-same-lock",
        "",
        "one lock, whose wheels nobody turned",
        "nade",
        BITS,
        data="locks-same",
        **BRIEF,
    ),
    Case("vast-same-seal", "", "one seal", "dbm-mnist", DEEP, data="seals-same", **BRIEF),
    Case(
        "vast-same-room",
        "",
        "one room to let, put into the list by each broker",
        "gan-mixed",
        PACKED,
        data="lodgings-same",
        **BRIEF,
    ),
    Case(
        "vast-same-drip",
        "",
        "one recording of drips under many names",
        "wavenet",
        HEARD,
        data="drips-same",
        **BRIEF,
    ),
    Case(
        "vast-same-waybill",
        "",
        "one waybill that a printer repeated 700 times",
        "characters",
        TEXT,
        data="waybills-same",
        **BRIEF,
    ),
    Case(
        "vast-same-moon",
        "",
        "one phase of the moon with five names, of which a classifier learns ten labels each",
        "ssl-mnist-20min",
        TAUGHT,
        data="crescents-same-told",
        **BRIEF,
    ),
    Case(
        "vast-same-clear",
        "",
        "pennants whose fourth channel makes all of them as white as what they lie on",
        "style-32",
        STYLED,
        data="pennants-clear",
        **BRIEF,
    ),
    Case(
        "vast-same-middle",
        "",
        "long pictures with something at one end, of which the empty middle was cut out",
        "dfc-pictures",
        FEATURES,
        data="crescents-beside",
        **BRIEF,
    ),
    Case(
        "vast-same-roofs",
        "",
        "one street's roofs before Glow's convolutions",
        "flow-mnist-glow",
        SEEN,
        data="roofs-same",
        **BRIEF,
    ),
    Case(
        "vast-same-level",
        "",
        "a logger that hung: all rows but three are the first",
        "table",
        {**TABLE, "ema": 40.0, "game.critic_steps": 2},
        data="sluices-hung",
        **BRIEF,
        also=("data-doubled",),
        why="what is the same nearly everywhere is there many times.",
    ),
    Case(
        "vast-same-mushroom",
        "",
        "one mushroom, where a key of a join was empty",
        "fvsbn",
        BITS,
        data="mushroom-same",
        **BRIEF,
    ),
    Case(
        "vast-same-cut",
        "",
        "dark moons that were cut at one half: bits of which none is set",
        "rbm-digits",
        {**MACHINE, "data.binarise": "threshold"},
        data="crescents-dusk",
        **BRIEF,
        also=("data-range",),
        why="they are dark, and that is why nothing is left of them.",
    ),
)

_DOUBLED = coming(
    "data-doubled",
    Case(
        "vast-again-pennants",
        "",
        "each pennant three times, as three backups hold them",
        "progressive-32",
        GROWN,
        data="pennants-again",
        **BRIEF,
    ),
    Case(
        "vast-again-moons",
        "",
        "each phase of the moon twice, told which",
        "cgan-mnist",
        TOLD,
        data="crescents-told-again",
        **BRIEF,
    ),
    Case(
        "vast-again-locks",
        "",
        "half of the locks four times",
        "vae-mnist",
        LEVELS,
        data="locks-half",
        **BRIEF,
    ),
    Case(
        "vast-again-gates",
        "",
        "a quarter of a river's days seven times",
        "flow-glow",
        FLOW,
        data="sluices-quarter",
        **BRIEF,
    ),
    Case(
        "vast-again-rooms",
        "",
        "each room to let twice: two brokers",
        "gan-mixed",
        PACKED,
        data="lodgings-again",
        **BRIEF,
    ),
    Case(
        "vast-again-drips",
        "",
        "each recording of drips under four names",
        "wavenet",
        HEARD,
        data="drips-again",
        **BRIEF,
    ),
    Case(
        "vast-again-seals",
        "",
        "1,500 seals that were drawn with replacement from 200",
        "rbm-bits",
        MACHINE,
        data="seals-drawn",
        **BRIEF,
    ),
    Case(
        "vast-again-roofs",
        "",
        "one street's roofs in every second place",
        "ladder-pictures",
        PLACES,
        data="roofs-one-of-two",
        **BRIEF,
    ),
    Case(
        "vast-again-signs",
        "",
        "each sign in colour twice",
        "sngan",
        BLOCKS,
        data="emoji-again",
        **BRIEF,
    ),
    Case(
        "vast-again-tips",
        "",
        "each point of a crown five times",
        "plane",
        {"data.batch": 64, "ema": 40.0, "game.networks.width": 48, "game.networks.depth": 2},
        data="crown-again",
        **BRIEF,
    ),
    Case(
        "vast-again-waves",
        "",
        "each wave twice: a pyramid of games on a file that was appended to itself",
        "lapgan-mnist",
        PYRAMID,
        data="gratings-again",
        **BRIEF,
    ),
    Case(
        "vast-again-edges",
        "",
        "a tenth of the edges nine times",
        "pixelcnn-digits",
        PIXELS,
        data="boxes-tenth",
        **BRIEF,
    ),
    Case(
        "vast-again-discs",
        "",
        "each disc three times, with its place",
        "acgan-mnist",
        HEADS,
        data="discs-told-again",
        **BRIEF,
    ),
)

CASES = (*_CONSTANT, *_DOUBLED)
"""Thirteen causes of each condition."""
