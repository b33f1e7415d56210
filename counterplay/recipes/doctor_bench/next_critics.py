"""Critics and rates that ruined a game in the next ways, judged once and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS, MODERN, SCARCE, coming
from counterplay.recipes.doctor_bench.settings import HEADS, TOLD
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, RING, both
from counterplay.recipes.doctor_bench.sick_models import FLOW

__all__ = ["CASES", "STYLED"]

STYLED = {
    "data.batch": 20,
    "data.size": 8,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks.width": 8,
    "game.networks.critic_width": 8,
    "game.networks.style": 16,
    "game.networks.depth": 2,
}
"""A small generator by styles."""

FEW: dict[str, Any] = {"also": ("data-few",), "why": SCARCE}

_OVERFIT = coming(
    "critic-overfitting",
    Case(
        "next-few-styles",
        "",
        "40 photographs in colour by styles, before a critic that pays no penalty",
        "style-32",
        {
            **STYLED,
            "game.networks.critic_width": 16,
            "game.r1": 0.0,
            "game.critic.lr": 3e-3,
        },
        data="photos-40",
        steps=240,
        every=12,
        proof=360,
        **FEW,
    ),
    Case(
        "next-few-signs",
        "",
        "44 signs in colour by paired costs and residual networks, without the penalties",
        "r3gan",
        {
            **MODERN,
            "data.batch": 22,
            "game.networks.critic_width": 12,
            "game.r1": 0.0,
            "game.r2": 0.0,
            "game.critic.lr": 2e-3,
        },
        data="emoji-44",
        steps=200,
        every=10,
        proof=300,
        **FEW,
    ),
    Case(
        "next-few-growers",
        "",
        "44 wines told their growers by hardly any penalty, before a wide critic of six moves",
        "table",
        {
            **TOLD,
            "data.batch": 22,
            "game.penalty": 0.01,
            "game.critic_steps": 6,
            "game.networks.width": 128,
            "game.networks.depth": 3,
        },
        data="wine-told-44",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
    Case(
        "next-few-arms",
        "",
        "40 rows of even columns by the Jensen-Shannon divergence's costs and wide tanh layers",
        "pacgan-ring-gan",
        {
            **RING,
            "data.batch": 20,
            "game.cost": "jensen_shannon",
            "game.latent": 8,
            "game.networks.critic_activation": "tanh",
            "game.networks.critic_width": 128,
            "game.critic_steps": 4,
        },
        data="kin40k-40",
        steps=400,
        every=20,
        proof=600,
        **FEW,
    ),
)

_WEAK = coming(
    BLIND,
    Case(
        "next-one-channel",
        "",
        "shapes before convolutions of a single channel",
        "photos",
        {
            **DIGITS,
            "game.networks.critic_norm": "none",
            "game.networks.critic_width": 1,
        },
        data="glyphs",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "next-asleep",
        "",
        "eight modes, healthy until the critic stops and the generator is five times as fast",
        "pacgan-ring-gan",
        {**RING, **PAIRED, "game.latent": 4, "game.networks.width": 64},
        after=300,
        late={"game.critic.lr": 1e-12, "game.generator.lr": 5e-3},
        data="brick",
        steps=700,
        proof=1050,
    ),
    Case(
        "next-clipped-hinge",
        "",
        "shades of grey by hinge costs before a critic whose weights are clipped at 0.0001",
        "photos",
        {
            **FLAT_NETS,
            "game.cost": "hinge",
            "game.clip": 1e-4,
            **both(lr=1e-3, betas=[0.5, 0.99]),
        },
        data="shades",
        steps=400,
        every=20,
        proof=600,
        **FLAT,
    ),
    Case(
        "next-flat-style",
        "",
        "shapes by styles, the critic's R1 given in millions",
        "style-32",
        {**STYLED, "data.batch": 32, "game.r1": 1e6, "game.r1_every": 1},
        data="glyphs",
        steps=240,
        every=12,
        proof=360,
        **FLAT,
    ),
)

LABELS: dict[str, Any] = {
    "also": ("data-labels",),
    "why": "The data are at fault: the labels are not theirs.",
}

_CONDITION = coming(
    "ignored-condition",
    Case(
        "next-any-glyph",
        "",
        "shapes told which by paired costs and both penalties, the critic is not shown it",
        "cgan-mnist",
        {
            **DIGITS,
            **PAIRED,
            "game.networks.inner": 0,
            "game.networks.critic_norm": "none",
            "game.networks.critic_condition": "none",
        },
        data="glyphs-told",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "next-shade-unheard",
        "",
        "shades of grey by paired costs, a class term of a hundred-thousandth",
        "acgan-mnist",
        {**HEADS, "game.cost": "relativistic", "game.class_weight": 1e-5, "game.r1": 0.2},
        data="shades-told",
        steps=400,
        every=20,
        proof=600,
    ),
    Case(
        "next-lots-of-rays",
        "",
        "couplings that are shown which ray a point is of, by labels that were drawn by lot",
        "flow-digits-classes",
        {**FLOW, "game.networks.width": 48, "game.networks.blocks": 4},
        data="spokes-lots",
        steps=400,
        every=20,
        proof=600,
        **LABELS,
    ),
    Case(
        "next-slipped-digits",
        "",
        "digits whose labels slipped by nine rows, by fully connected networks",
        "digits",
        {**FLAT_NETS, **PAIRED, **both(lr=1e-3, betas=[0.5, 0.99])},
        data="digits-slipped",
        steps=400,
        every=20,
        proof=600,
        **LABELS,
    ),
)

_FAST = coming(
    "rate-too-high",
    Case(
        "next-fast-style",
        "",
        "shapes by styles, both players at 0.3",
        "style-32",
        {**STYLED, "data.batch": 32, **both(lr=0.3)},
        data="glyphs",
        steps=240,
        every=12,
        proof=360,
    ),
    Case(
        "next-fast-late",
        "",
        "the outline of a square, healthy until both rates are set to 0.3",
        "pacgan-ring-gan",
        {**RING, **PAIRED, "game.latent": 4, "game.networks.width": 64},
        after=300,
        late=both(lr=0.3),
        data="frame",
        steps=600,
        proof=900,
    ),
)

_SLOW = coming(
    "rate-too-low",
    Case(
        "next-slow-eps",
        "",
        "a screw in space by a gradient penalty, an eps of 1,000,000 in both players' Adam",
        "plane",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 48,
            "game.networks.depth": 2,
            **both(lr=1e-3, betas=[0.5, 0.9], eps=1e6),
        },
        data="helix",
        steps=400,
        every=20,
        proof=600,
    ),
)

_NONFINITE = coming(
    "non-finite",
    Case(
        "next-nan-squares",
        "",
        "fronts of houses by least squares, convolutions without norms and descent at 1e7",
        "photos",
        {
            **DIGITS,
            "game.cost": "least_squares",
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            **both(lr=1e7, betas=[0.5, 0.99], rule="sgd"),
        },
        data="fronts-400",
        steps=100,
        every=5,
    ),
)

CASES = (*_OVERFIT, *_WEAK, *_CONDITION, *_FAST, *_SLOW, *_NONFINITE)
"""Four causes of each condition, some of them in the models' file."""
