"""Classes that nobody minds in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_games import coming
from counterplay.recipes.doctor_bench.free_sure import BARE
from counterplay.recipes.doctor_bench.next_critics import LABELS
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.next_models import HEARD
from counterplay.recipes.doctor_bench.settings import BLOCKS, TOLD
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, both
from counterplay.recipes.doctor_bench.sick_models import BITS, FLOW
from counterplay.recipes.doctor_bench.wide_critics import BRIEF, PIXELS
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, QUICK

__all__ = ["CASES"]

UNSHOWN = {**BARE, "game.networks.critic_condition": "none"}
"""A critic that is not shown the class."""

_CONDITION = coming(
    "ignored-condition",
    Case(
        "free-any-sign",
        "",
        "signs told which by hinge costs and R1 beside the latent, the critic is not shown it",
        "cgan-mnist",
        {
            **DIGITS,
            **R1,
            **UNSHOWN,
            "game.cost": "hinge",
            "game.latent": 16,
            "game.networks.inner": 0,
        },
        data="signs-told",
        **HOURS,
    ),
    Case(
        "free-any-kite",
        "",
        "kites told a colour by each colour's own batch norm, the critic is not shown it",
        "mnist",
        {
            **DIGITS,
            **R1,
            **UNSHOWN,
            "game.cost": "least_squares",
            "game.latent": 16,
            "game.networks.inner": 0,
            "game.networks.condition": "batch_norm",
        },
        data="kites-told",
        **HOURS,
    ),
    Case(
        "free-any-quarter",
        "",
        "lit quarters told which by Wasserstein's costs, the critic is not shown it",
        "digits-wgan-gp",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.conditional": True,
            "game.latent": 16,
            "game.networks.width": 8,
            **UNSHOWN,
            "game.penalty": 0.5,
            "game.critic_steps": 2,
            **both(lr=1e-3, betas=[0.0, 0.9]),
        },
        data="quarters-told",
        **HOURS,
    ),
    Case(
        "free-slipped-kites",
        "",
        "kites by residual networks, told colours that slipped by seven rows",
        "sngan",
        {**BLOCKS, "game.conditional": True},
        data="kites-slipped",
        **QUICK,
        **LABELS,
    ),
    Case(
        "free-lots-of-signs",
        "",
        "signs by least squares and projection, told kinds that were drawn by lot",
        "cgan-projection-mnist",
        {
            **DIGITS,
            **R1,
            **BARE,
            "game.cost": "least_squares",
            "game.latent": 16,
            "game.networks.inner": 0,
        },
        data="signs-lots",
        **HOURS,
        **LABELS,
    ),
    Case(
        "free-sorted-signs",
        "",
        "signs by fully connected networks and hinge costs, told kinds that somebody sorted",
        "digits",
        {**FLAT_NETS, **R1, **FAIR, "game.cost": "hinge", "game.latent": 16},
        data="signs-sorted",
        **HOURS,
        **LABELS,
    ),
    Case(
        "free-lots-of-engines",
        "",
        "engines by a gradient penalty, told kinds that were drawn by lot",
        "table",
        {**TOLD, "game.penalty": 0.5, "game.latent": 16},
        data="engines-lots",
        **HOURS,
        **LABELS,
    ),
    Case(
        "free-slipped-gaits",
        "",
        "a flow all of whose couplings are told kinds of gaits that slipped by seven rows",
        "flow-digits-classes",
        {**FLOW, "game.classes": "networks"},
        data="gaits-slipped",
        **HOURS,
        **LABELS,
    ),
    Case(
        "free-lots-of-cards",
        "",
        "bit after bit by logistic units, told machines that were drawn by lot",
        "fvsbn",
        {**BITS, "game.conditional": True},
        data="cards-lots",
        steps=300,
        every=12,
        proof=450,
        **LABELS,
    ),
    Case(
        "free-sorted-cards",
        "",
        "NADE of punched cards, told machines that were sorted while the cards were not",
        "nade",
        {"data.batch": 32, "game.networks.width": 24, "game.conditional": True},
        data="cards-sorted",
        steps=300,
        every=12,
        proof=450,
        **LABELS,
    ),
    Case(
        "free-lots-of-horns",
        "",
        "horns, sample by sample, whose bend was written down by lot",
        "wavenet",
        HEARD,
        data="horns-lots",
        **BRIEF,
        proof=300,
        **LABELS,
    ),
    Case(
        "free-slipped-clothes",
        "",
        "clothes pixel after pixel, told kinds that slipped by eleven rows",
        "pixelcnn-digits",
        {**PIXELS, "data.batch": 16, "game.networks.features": 6, "game.conditional": True},
        data="fashion-slipped",
        steps=160,
        every=8,
        proof=240,
        **LABELS,
    ),
    Case(
        "free-end-unheard",
        "",
        "blinds told which end is lighter by paired costs, a class term of a ten-millionth",
        "acgan-mnist",
        {
            **DIGITS,
            **BARE,
            "game.latent": 16,
            "game.networks.inner": 0,
            "game.features": 32,
            "game.cost": "relativistic",
            "game.class_weight": 1e-7,
            "game.r1": 0.2,
        },
        data="blinds-told",
        **HOURS,
    ),
)

CASES = _CONDITION
"""Thirteen causes."""
