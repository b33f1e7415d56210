"""Games between generator and critic that were made sick on purpose, condition by condition."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition

__all__ = ["BLIND", "CASES", "DIGITS", "FLAT", "RING", "both"]


def both(**fields: Any) -> dict[str, Any]:
    """Return changes of both players' moves."""
    return {f"game.{who}.{k}": v for who in ("generator", "critic") for k, v in fields.items()}


RING: dict[str, Any] = {
    "data.batch": 64,
    "ema": 40.0,
    "game.latent": 2,
    "game.networks.width": 32,
    "game.networks.depth": 2,
    "game.networks.critic_width": None,
    "game.networks.critic_depth": None,
    "game.networks.activation": "relu",
    "game.networks.critic_activation": "relu",
    "game.networks.batch_norm": False,
    "game.networks.weights": "he",
    "dynamics.rule": "alternating",
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""The plain game on points, in a thousandth of the published rounds."""

DIGITS: dict[str, Any] = {
    "data.batch": 32,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks.width": 8,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""Convolutional networks of few channels on 8x8 digits."""

R1 = {"game.r1": 0.1}
FLAT: dict[str, Any] = {"also": ("vanishing-gradient",), "why": "such a critic is flat."}
"""Of a critic without a slope."""
BLIND = "critic-too-weak"

_COLLAPSE = of_condition(
    "mode-collapse",
    Case(
        "collapse-still",
        "",
        "both players at a rate at which nothing is learnt, from weights near zero",
        "pacgan-ring-gan",
        {**RING, **both(lr=1e-5), "game.networks.weights": "normal"},
        also=(BLIND, "rate-too-low"),
        why="a critic that learns nothing sees nothing.",
    ),
    Case(
        "collapse-late-run",
        "",
        "from round 300 on the generator is forty times as fast as before, the critic is not",
        "pacgan-ring-gan",
        {**RING, **R1},
        after=300,
        late={"game.generator.lr": 4e-2, "game.critic.lr": 1e-5},
        steps=600,
        also=(BLIND, "divergence"),
        why="it runs to where a critic that stands still likes it best.",
        data="ring-wide",
    ),
    Case(
        "collapse-small-critic",
        "",
        "a critic of one layer of two units against a generator that is large and fast",
        "pacgan-ring-gan",
        {
            **RING,
            "game.networks.critic_width": 2,
            "game.networks.critic_depth": 1,
            "game.generator.lr": 5e-3,
        },
        also=(BLIND, "partial-collapse", "divergence"),
        why="it cannot tell eight modes from one.",
        data="ring-wide",
    ),
    Case(
        "collapse-digits",
        "",
        "digits by a generator at fifty times the critic's rate",
        "digits",
        {**DIGITS, "game.conditional": False, "game.generator.lr": 1e-2, "game.critic.lr": 2e-4},
        steps=400,
        every=20,
        also=("mode-hopping", "crowded-modes"),
        why="one picture after the other is the same sickness, seen twice.",
    ),
)

_PARTIAL = of_condition(
    "partial-collapse",
    Case(
        "partial-grid",
        "",
        "25 modes and a critic of four units, plain costs",
        "pacgan-grid-gan",
        {**RING, "game.networks.critic_width": 4, "game.networks.critic_depth": 1},
        data="grid-wide",
        steps=700,
        every=25,
        also=(BLIND, "divergence"),
        why="nobody tells it where the data are.",
    ),
    Case(
        "partial-one-unit",
        "",
        "a generator of one latent and three units draws a line through the ring",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 1,
            "game.networks.width": 3,
            "game.networks.depth": 1,
            "game.networks.critic_width": 32,
            "game.networks.critic_depth": 2,
        },
        steps=700,
        every=25,
        data="ring-wide",
    ),
    Case(
        "partial-momentum",
        "",
        "descent with momentum in the place of Adam, plain costs",
        "pacgan-ring-gan",
        {**RING, **both(lr=3e-2, betas=[0.9, 0.99], rule="sgd")},
        steps=700,
        every=25,
        also=("oscillation",),
        why="momentum turns.",
        data="ring-wide",
    ),
    Case(
        "partial-clipped",
        "",
        "Wasserstein's costs with weights clipped at 0.01, which leaves a critic next to nothing",
        "pacgan-ring-gan",
        {**RING, "game.cost": "wasserstein", "game.clip": 0.01, **both(lr=1e-3, rule="rmsprop")},
        steps=700,
        proof=2100,
        every=25,
        also=(BLIND, "vanishing-gradient", "divergence"),
        why="such a critic tells next to nothing.",
        data="ring-wide",
    ),
)

_HOPPING = of_condition(
    "mode-hopping",
    Case(
        "hopping-twin",
        "",
        "the generator ten times as fast as the critic (Metz et al., 2017, without unrolling)",
        "unrolled-ring-twin",
        steps=800,
        every=25,
    ),
    Case(
        "hopping-two",
        "",
        "two modes and least squares, with a fast generator",
        "pacgan-ring-gan",
        {**RING, "game.cost": "least_squares", "game.generator.lr": 1e-2},
        data="two-modes",
        steps=600,
    ),
    Case(
        "hopping-inertia",
        "",
        "much inertia in both players' Adam, plain costs",
        "pacgan-ring-gan",
        {**RING, **both(lr=2e-3, betas=[0.95, 0.99])},
        steps=600,
        data="ring-wide",
    ),
    Case(
        "hopping-grid",
        "",
        "hinge costs on 25 modes, the generator ten times as fast",
        "pacgan-grid-gan",
        {**RING, "game.cost": "hinge", "game.generator.lr": 1e-2, "game.networks.width": 32},
        steps=600,
    ),
)

_VANISHING = of_condition(
    "vanishing-gradient",
    Case(
        "vanishing-ring",
        "",
        "saturating costs, and a critic that is ten times as fast and moves five times as often",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "saturating",
            "game.critic.lr": 1e-2,
            "game.critic_steps": 5,
            "game.generator.lr": 1e-4,
        },
    ),
    Case(
        "vanishing-digits",
        "",
        "saturating costs on digits with a critic that is ten times as fast",
        "digits",
        {
            **DIGITS,
            "game.conditional": False,
            "game.cost": "saturating",
            "game.critic.lr": 1e-2,
            "game.generator.lr": 1e-4,
            "game.critic_steps": 3,
        },
        steps=400,
        every=20,
    ),
    Case(
        "vanishing-grid",
        "",
        "saturating costs from weights near zero, far from 25 modes, with a deep critic",
        "pacgan-grid-gan",
        {
            **RING,
            "game.cost": "saturating",
            "game.networks.weights": "orthogonal",
            "game.networks.critic_depth": 4,
            "game.networks.critic_width": 64,
            "game.critic_steps": 4,
            "game.generator.lr": 1e-4,
        },
    ),
    Case(
        "vanishing-jensen",
        "",
        "the Jensen-Shannon game as it is written down, with a critic that is ten times as fast",
        "pacgan-ring-gan",
        {
            **RING,
            "game.cost": "gan",
            "game.critic.lr": 1e-2,
            "game.critic_steps": 5,
            "game.generator.lr": 1e-4,
        },
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Every cause, two of four of them held."""
