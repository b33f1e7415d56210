"""Classes that nobody minds in vast ways, judged once and looked at since."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import LABELS
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import BLOCKS, HEADS, TOLD
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.vast_games import coming
from counterplay.recipes.doctor_bench.vast_sure import BARE
from counterplay.recipes.doctor_bench.wide_critics import BRIEF, PIXELS
from counterplay.recipes.doctor_bench.wide_games import HOURS, QUICK

__all__ = ["CASES"]

UNTOLD = {**BARE, "game.networks.critic_condition": "none"}
"""A critic that is not shown the class."""

_CONDITION = coming(
    "ignored-condition",
    Case(
        "vast-any-arrow",
        "",
        "arrows told where by Wasserstein's costs and convolutions, the critic is not shown it",
        "digits-wgan-gp",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.conditional": True,
            "game.networks.width": 8,
            **UNTOLD,
            "game.penalty": 1.0,
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="arrows-told",
        **HOURS,
    ),
    Case(
        "vast-any-flag",
        "",
        "flags told the middle stripe by hinge costs and R1, the critic is not shown it",
        "cgan-projection-mnist",
        {**DIGITS, **R1, **UNTOLD, "game.cost": "hinge"},
        data="flags-told",
        **HOURS,
    ),
    Case(
        "vast-any-lamp",
        "",
        "lamps by each row's own batch norm and a slope around them, the critic is not shown it",
        "mnist",
        {
            **DIGITS,
            **UNTOLD,
            "game.networks.condition": "batch_norm",
            "game.penalties.dragan": 1.0,
        },
        data="lamps-told",
        **QUICK,
    ),
    Case(
        "vast-row-unheard",
        "",
        "lamps by paired costs and convolutions, a class term of a millionth",
        "acgan-mnist",
        {
            **DIGITS,
            **BARE,
            "game.features": 32,
            "game.cost": "relativistic",
            "game.class_weight": 1e-6,
            "game.r1": 0.2,
        },
        data="lamps-told",
        **QUICK,
    ),
    Case(
        "vast-stripe-unheard",
        "",
        "flags by saturating costs and fully connected networks, a class term of a millionth",
        "acgan-mnist",
        {**HEADS, "game.cost": "saturating", "game.class_weight": 1e-6, "game.r1": 0.2},
        data="flags-told",
        **HOURS,
    ),
    Case(
        "vast-means-of-arrows",
        "",
        "arrows told where by residual networks whose generator matches no more than mean features",
        "sngan",
        {**BLOCKS, "game.conditional": True, "game.tricks.match_features": True},
        data="arrows-told",
        **QUICK,
    ),
    Case(
        "vast-lots-of-flags",
        "",
        "flags by residual networks, told stripes that were drawn by lot",
        "sngan",
        {**BLOCKS, "game.conditional": True},
        data="flags-lots",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **LABELS,
    ),
    Case(
        "vast-lots-of-switches",
        "",
        "a masked net of switches, told times of the day that were drawn by lot",
        "made",
        {**BITS, "game.networks.width": 48, "game.conditional": True},
        data="switches-lots",
        **HOURS,
        **LABELS,
    ),
    Case(
        "vast-slipped-switches",
        "",
        "NADE of switches, told times of the day that slipped by five rows",
        "nade",
        {"data.batch": 32, "game.networks.width": 24, "game.conditional": True},
        data="switches-slipped",
        steps=300,
        every=12,
        proof=450,
        **LABELS,
    ),
    Case(
        "vast-lots-of-arrows",
        "",
        "arrows pixel after pixel, told directions that were drawn by lot",
        "pixelcnn-digits",
        {**PIXELS, "game.conditional": True},
        data="arrows-lots",
        steps=160,
        every=8,
        proof=240,
        **LABELS,
    ),
    Case(
        "vast-lots-of-light",
        "",
        "a flow of spectra with a latent Gaussian for each lamp, of names that were drawn by lot",
        "flow-digits-classes",
        {**FLOW, "game.classes": "prior"},
        data="spectra-lots",
        **HOURS,
        **LABELS,
    ),
    Case(
        "vast-sorted-tides",
        "",
        "tides by a gradient penalty, told kinds that were sorted while the rows were not",
        "table",
        {**TOLD, "game.penalty": 1.0},
        data="tides-sorted",
        **HOURS,
        **LABELS,
    ),
    Case(
        "vast-lots-of-hums",
        "",
        "hums, sample by sample, whose pitch was written down by lot",
        "wavenet",
        HEARD,
        data="hums-lots",
        **BRIEF,
        proof=300,
        **LABELS,
    ),
)

CASES = _CONDITION
"""Thirteen causes."""
