"""Games made sick in free ways, which nobody has looked at, to be judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import FLAT_NETS
from counterplay.recipes.doctor_bench.settings import BLOCKS, HEADS
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_games import FAIR, HOURS, OUTRUN, PAIRS, QUICK, STILL

__all__ = ["CASES", "coming"]

coming = partial(of_condition, halves=("held",))

AWAY: dict[str, Any] = {"game.generator.lr": 6e-2, "game.critic.lr": 5e-6}
"""A generator that is twelve thousand times as fast."""
DEAD: dict[str, Any] = {
    "also": ("vanishing-gradient", "rate-too-low"),
    "why": "what comes through so many narrow layers is next to nothing, either way.",
}

_COLLAPSE = coming(
    "mode-collapse",
    Case(
        "free-one-kite",
        "",
        "kites by hinge costs and fully connected networks, the generator 12,000 times as fast",
        "photos",
        {**FLAT_NETS, "game.cost": "hinge", **FAIR, **AWAY},
        data="kites",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "free-one-quarter",
        "",
        "lit quarters by the small convolutions of Metz et al. (2017), the generator at 0.06",
        "photos",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks": {"type": "tiny", "width": 8, "critic_width": 4, "critic_norm": "none"},
            **FAIR,
            **AWAY,
        },
        data="quarters",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "free-one-sign",
        "",
        "signs and a code of five by convolutions, the generator at 0.06 and the reader asleep",
        "infogan-mnist",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.networks.width": 8,
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            "game.information": 1e-6,
            "game.categories": 5,
            "game.places": 0,
            "game.noise": 8,
            "game.hidden": 0,
            "game.features": 32,
            **FAIR,
            **AWAY,
        },
        data="signs",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "free-one-wash",
        "",
        "washes of colour by residual networks and least squares, no norm and a generator at 0.06",
        "sngan",
        {
            **BLOCKS,
            "game.cost": "least_squares",
            "game.networks.generator_norm": "none",
            "game.networks.critic_norm": "none",
            **AWAY,
        },
        data="washes",
        **{**QUICK, "steps": 200, "every": 10, "proof": 300},
        **OUTRUN,
    ),
    Case(
        "free-one-style",
        "",
        "swells by styles and paired costs, the critic at 0.000005 and the generator at 0.06",
        "style-32",
        {**STYLED, "game.cost": "relativistic", **AWAY},
        data="swells",
        **QUICK,
        **OUTRUN,
    ),
    Case(
        "free-one-blind",
        "",
        "blinds told which end is lighter by convolutions without norms, the generator at 0.06",
        "digits",
        {
            **DIGITS,
            "game.networks.inner": 0,
            "game.networks.critic_norm": "none",
            "game.networks.generator_norm": "none",
            **AWAY,
        },
        data="blinds-told",
        **QUICK,
        also=(BLIND, "rate-too-high", "ignored-condition"),
        why="the rate drives it to one corner, whatever class is asked for.",
    ),
    Case(
        "free-one-swell",
        "",
        "swells by a gradient penalty and RMSprop, the generator 12,000 times as fast",
        "digits-wgan-gp",
        {
            **FLAT_NETS,
            "game.penalty": 1.0,
            "game.critic_steps": 1,
            **both(rule="rmsprop"),
            **AWAY,
        },
        data="swells",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "free-one-engine",
        "",
        "engines from weights near zero, the generator by RMSprop with an eps of 100,000",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "hinge",
            "game.latent": 6,
            "game.networks.weights": "normal",
            "game.generator.rule": "rmsprop",
            "game.generator.eps": 1e5,
        },
        data="engines",
        **HOURS,
        **STILL,
    ),
    Case(
        "free-one-lighthouse",
        "",
        "eight modes in four dimensions by paired costs, through thirteen layers of one unit",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "relativistic",
            "game.r1": 0.1,
            "game.r2": 0.1,
            "game.latent": 12,
            "game.networks.width": 1,
            "game.networks.depth": 13,
            "game.networks.critic_width": 48,
            "game.networks.critic_depth": 2,
        },
        data="lighthouses",
        **HOURS,
        **DEAD,
    ),
    Case(
        "free-one-gait",
        "",
        "gaits by hinge costs, through sixteen leaky layers of four units that begin near zero",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.cost": "hinge",
            "game.latent": 6,
            "game.networks.weights": "normal",
            "game.networks.activation": "leaky",
            "game.networks.width": 4,
            "game.networks.depth": 16,
            "game.networks.critic_activation": "leaky",
            "game.networks.critic_width": 48,
            "game.networks.critic_depth": 2,
        },
        data="gaits",
        **HOURS,
        **DEAD,
    ),
    Case(
        "free-one-pair",
        "",
        "signs and an encoder of even latents, both by RMSprop at 0.06 and the critic asleep",
        "bigan-mnist",
        {
            **PAIRS,
            "game.law": "uniform",
            "game.coder.rule": "rmsprop",
            "game.coder.lr": 6e-2,
            "game.critic.lr": 5e-6,
        },
        data="signs",
        **HOURS,
        **OUTRUN,
    ),
    Case(
        "free-one-kite-late",
        "",
        "kites by least squares, healthy until the generator is 12,000 times as fast",
        "photos",
        {**FLAT_NETS, **R1, **FAIR, "game.cost": "least_squares"},
        after=160,
        late={"game.r1": 0.0, **AWAY},
        data="kites",
        steps=480,
        every=20,
        proof=720,
        **OUTRUN,
    ),
    Case(
        "free-one-kind-late",
        "",
        "signs by a critic that tells them, healthy until it sleeps and the generator is at 0.06",
        "acgan-mnist",
        {**HEADS, "game.r1": 0.2},
        after=160,
        late=AWAY,
        data="signs-told",
        steps=480,
        every=20,
        proof=720,
        also=(BLIND, "rate-too-high", "ignored-condition"),
        why="the rate drives it to one corner, whatever class is asked for.",
    ),
)

CASES = _COLLAPSE
"""Thirteen causes; those of other conditions are in files of their own."""
