"""Games that hop in further ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import DIGITS, R1, RING, both
from counterplay.recipes.doctor_bench.wide_games import QUICK

__all__ = ["CASES", "METZ", "SWUNG"]

coming = partial(of_condition, halves=("seen",))

METZ: dict[str, Any] = {"data.batch": 64, "game.networks.width": 64}
SWUNG: dict[str, Any] = {
    **RING,
    "game.latent": 48,
    "game.networks.width": 64,
    "game.networks.activation": "tanh",
    "game.networks.critic_activation": "tanh",
    "game.networks.weights": "orthogonal",
}
"""Bounded units and many latent numbers, from orthogonal weights."""
BRIEF: dict[str, Any] = {"steps": 300, "every": 15, "proof": 450}
LATE: dict[str, Any] = {"steps": 480, "every": 20, "proof": 720}

CASES = coming(
    "mode-hopping",
    Case(
        "more-hop-wheel",
        "",
        "a pinwheel of five arms, the critic taught 0.1 of generated ones, the generator at 0.015",
        "pacgan-ring-gan",
        {**SWUNG, "game.tricks.fake_label": 0.1, "game.generator.lr": 1.5e-2},
        data="wheel",
        **BRIEF,
    ),
    Case(
        "more-hop-tyre",
        "",
        "the surface of a tyre by plain costs and alternating moves, the generator at 0.015",
        "pacgan-ring-gan",
        {**SWUNG, "game.generator.lr": 1.5e-2},
        data="torus",
        **BRIEF,
    ),
    Case(
        "more-hop-spokes",
        "",
        "five rays by Wasserstein's costs and a thousandth of DRAGAN's penalty, a generator at "
        "0.015",
        "pacgan-ring-gan",
        {
            **SWUNG,
            "game.cost": "wasserstein",
            "game.penalties.dragan": 1e-3,
            "game.generator.lr": 1.5e-2,
        },
        data="spokes",
        **BRIEF,
    ),
    Case(
        "more-hop-zigzag",
        "",
        "a line that turns five times before a leaky critic of twelve units, the generator at 0.01",
        "pacgan-ring-gan",
        {
            **SWUNG,
            "game.networks.critic_width": 12,
            "game.networks.critic_activation": "leaky",
            "game.generator.lr": 1e-2,
        },
        data="zigzag-line",
        **BRIEF,
    ),
    Case(
        "more-hop-ribbon",
        "",
        "a ribbon that crosses itself by networks of the oldest kind, hinge costs, a rate of 0.015",
        "gan-ring",
        {**DENSE, "game.cost": "hinge", "game.latent": 24, "game.generator.lr": 1.5e-2},
        data="ribbon",
        **BRIEF,
    ),
    Case(
        "more-hop-grid",
        "",
        "25 wide modes by a ten-thousandth of R1 and moves at once, the generator ten times as "
        "fast",
        "pacgan-grid-gan",
        {**SWUNG, "dynamics.rule": "simultaneous", "game.r1": 1e-4, "game.generator.lr": 1e-2},
        data="grid-wide",
        **BRIEF,
    ),
    Case(
        "more-hop-months",
        "",
        "twelve temperatures of a year by networks of the oldest kind, hinge costs, a rate of "
        "0.006",
        "gan-ring",
        {**DENSE, "game.cost": "hinge", "game.latent": 24, "game.generator.lr": 6e-3},
        data="months",
        **BRIEF,
    ),
    Case(
        "more-hop-moons",
        "",
        "two half circles by players that are hardly held to the mean of their past, a "
        "generator at 0.01",
        "unrolled-ring-twin",
        {**METZ, "game.cost": "non_saturating", "game.tricks.history": 1e-3},
        data="moons",
        **BRIEF,
    ),
    Case(
        "more-hop-teeth",
        "",
        "the teeth of a comb by networks of the oldest kind and paired costs, a rate of 0.02",
        "gan-ring",
        {**DENSE, "game.cost": "relativistic", "game.latent": 24, "game.generator.lr": 2e-2},
        data="comb-teeth",
        **BRIEF,
    ),
    Case(
        "more-hop-trio",
        "",
        "three modes of unlike width in space before a critic of pairs, paired costs, a rate of "
        "0.012",
        "pacgan-ring-pac2",
        {**SWUNG, "game.cost": "relativistic", "game.generator.lr": 1.2e-2},
        data="trio-widths",
        **BRIEF,
    ),
    Case(
        "more-hop-saddle",
        "",
        "a saddle by Wasserstein's costs and a thousandth of a penalty, the generator at 0.01",
        "pacgan-ring-wgan-gp",
        {
            **SWUNG,
            "game.critic_steps": 1,
            "game.penalties.gradient": 1e-3,
            "game.generator.lr": 1e-2,
        },
        data="saddle-sheet",
        **BRIEF,
    ),
    Case(
        "more-hop-eight",
        "",
        "a figure of eight by paired costs that nothing holds back, the generator ten times as "
        "fast",
        "pacgan-ring-rpgan",
        {**SWUNG, "game.r1": 0.0, "game.r2": 0.0, "game.generator.lr": 1e-2},
        data="eight",
        **BRIEF,
    ),
    Case(
        "more-hop-egg",
        "",
        "the shell of an egg by moves that a ten-thousandth of a consensus hardly steadies, a "
        "generator at 0.015",
        "pacgan-ring-gan",
        {
            **SWUNG,
            "dynamics.rule": "consensus",
            "dynamics.gamma": 1e-4,
            "game.generator.lr": 1.5e-2,
        },
        data="egg-shell",
        **BRIEF,
    ),
    Case(
        "more-hop-star",
        "",
        "a star by a thousandth of a one-sided penalty, the generator ten times as fast",
        "pacgan-ring-wgan-gp",
        {
            **SWUNG,
            "game.critic_steps": 1,
            "game.penalties.gradient": 0.0,
            "game.penalties.one_sided": 1e-3,
            "game.generator.lr": 1e-2,
        },
        data="star",
        **BRIEF,
    ),
    Case(
        "more-hop-digits-drawn",
        "",
        "digits by convolutions and paired costs without penalties, the generator at 0.01",
        "photos",
        {
            **DIGITS,
            "data.source": "digits",
            "game.cost": "relativistic",
            "game.networks.critic_norm": "none",
            "game.latent": 32,
            "game.generator.lr": 1e-2,
        },
        **QUICK,
    ),
    Case(
        "more-hop-classes",
        "",
        "digits told which by convolutions and hinge costs, the generator eight times as fast",
        "photos",
        {
            **DIGITS,
            "data.source": "digits",
            "game.conditional": True,
            "game.cost": "hinge",
            "game.networks.critic_norm": "none",
            "game.latent": 32,
            "game.generator.lr": 8e-3,
        },
        **QUICK,
    ),
    Case(
        "more-hop-spiral-late",
        "",
        "a spiral by R1, healthy until it is dropped and the critic is a fifth as fast, the "
        "generator six times",
        "pacgan-ring-gan",
        {**SWUNG, **R1},
        after=240,
        late={"game.r1": 0.0, "game.critic.lr": 2e-4, "game.generator.lr": 6e-3},
        data="spiral",
        **LATE,
    ),
    Case(
        "more-hop-lattice-late",
        "",
        "nine modes by paired costs, healthy until penalties go and both players move by inertia",
        "pacgan-ring-gan",
        {**SWUNG, **PAIRED},
        after=240,
        late={"game.r1": 0.0, "game.r2": 0.0, **both(lr=5e-3, betas=[0.95, 0.99])},
        data="lattice",
        **LATE,
        also=("rate-too-high",),
        why="with such inertia this rate is too high.",
    ),
    Case(
        "more-hop-triangle",
        "",
        "three long modes by the costs of Kullback and Leibler, the generator twelve times as fast",
        "pacgan-ring-gan",
        {**SWUNG, "game.cost": "kl", "game.generator.lr": 1.2e-2},
        data="triangle",
        **BRIEF,
    ),
)
"""Nineteen causes."""
