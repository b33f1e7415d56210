"""Numbers that are none and chains that stand still in vast ways, judged and looked at since."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.next_critics import MODERN
from counterplay.recipes.doctor_bench.next_models import REFINED
from counterplay.recipes.doctor_bench.settings import COLUMNS, DENSE, TABLE
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS, ROWS
from counterplay.recipes.doctor_bench.vast_moves import coming
from counterplay.recipes.doctor_bench.wide_data import ADAM, DEEP, MACHINE, SOON
from counterplay.recipes.doctor_bench.wide_games import HOURS, PAIRS

__all__ = ["CASES"]

AT_ONCE: dict[str, Any] = {"steps": 160, "every": 8}
REALS = {"data.batch": 40, "game.networks.width": 16}
INERTIA = [0.9, 0.999]
FAR: dict[str, Any] = {
    "also": ("divergence", "non-finite"),
    "why": "real units that such weights move run far away.",
}

_NONFINITE = coming(
    "non-finite",
    Case(
        "vast-nan-deviation",
        "",
        "a machine of a river's gates whose units' deviation was typed as 1e-30",
        "rbm-reals",
        {**REALS, "game.networks.deviation": 1e-30},
        data="sluices",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-noise",
        "",
        "noise of a deviation of 1e38 on all that the critic of a crown's tips is shown",
        "gan-ring",
        {**DENSE, "game.tricks.instance_noise": 1e38},
        data="crown",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-blur",
        "",
        "a denoiser of the moon's phases, the noise of which has a deviation of 1e38",
        "dae-digits",
        {"data.batch": 32, "game.networks.width": 64, "game.links": 20, "game.blur": 1e38},
        data="crescents",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-ahead",
        "",
        "a generator of petals that looks through steps of a critic of 1e30 each",
        "unrolled-ring",
        {
            "data.batch": 64,
            "game.latent": 16,
            "game.networks.width": 48,
            "game.networks.critic_activation": "relu",
            "dynamics.look_ahead": 3,
            "dynamics.rate": 1e30,
        },
        data="petals",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-agreed",
        "",
        "twelve modes by consensus, the regulariser's weight 1e30, both players by descent",
        "gan-ring",
        {
            **DENSE,
            "dynamics.rule": "consensus",
            "dynamics.gamma": 1e30,
            **both(lr=0.1, rule="sgd"),
        },
        data="crystal",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-slope",
        "",
        "a gradient penalty of weight 1e30 on a river's gates, both players by descent",
        "table",
        {**TABLE, "game.critic_steps": 2, "game.penalty": 1e30, **both(lr=0.1, rule="sgd")},
        data="sluices",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-beta",
        "",
        "a VAE of ten columns that three numbers explain, β = 1e36 and descent",
        "vae-table",
        {**ROWS, "game.beta": 1e36, "game.optimiser.rule": "sgd", "game.optimiser.lr": 0.1},
        data="factors",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-hellinger",
        "",
        "the costs of Hellinger's distance on a corkscrew by descent at a rate of 1e4",
        "gan-ring",
        {**DENSE, "game.cost": "squared_hellinger", **both(lr=1e4, rule="sgd")},
        data="corkscrew",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-wheels",
        "",
        "logistic regressions of a lock's wheels at 1e38, the largest there is",
        "fvsbn",
        {**BITS, "game.optimiser.lr": 1e38},
        data="locks",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-modern",
        "",
        "pennants by residual networks without norms, both players at 1e30",
        "r3gan",
        {**MODERN, **both(lr=1e30)},
        data="pennants",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-refined",
        "",
        "seals whose posterior is refined by a flow, at a rate of 1e28",
        "vae-iaf-mnist",
        {**REFINED, "game.optimiser.lr": 1e28},
        data="seals",
        **AT_ONCE,
    ),
    Case(
        "vast-nan-rent",
        "",
        "healthy column after column of rooms to let until the rate is set to 1e35",
        "mixed",
        COLUMNS,
        after=120,
        late={"game.optimiser.lr": 1e35},
        data="lodgings",
        steps=240,
        every=12,
    ),
    Case(
        "vast-nan-coder",
        "",
        "edges and an encoder, healthy until the coder's rate is set to 1e30",
        "bigan-mnist",
        PAIRS,
        after=120,
        late={"game.coder.lr": 1e30},
        data="boxes",
        steps=240,
        every=12,
    ),
)

_CHAINS = coming(
    "chain-not-mixing",
    Case(
        "vast-stuck-wheels",
        "",
        "a machine of a lock's wheels by plain descent at a rate of 4, for which 0.04 was meant",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 4.0},
        data="locks",
        **HOURS,
    ),
    Case(
        "vast-stuck-seals",
        "",
        "a machine of twelve units for seals and five steps of its chains a round, at a rate of 3",
        "rbm-bits",
        {**MACHINE, "game.networks.width": 12, "game.gibbs": 5, "game.optimiser.lr": 3.0},
        data="seals",
        **HOURS,
    ),
    Case(
        "vast-stuck-morse",
        "",
        "a machine of dots and dashes, sixteen chains and Adam at 0.5",
        "rbm-bits",
        {**MACHINE, **ADAM, "game.chains": 16, "game.optimiser.lr": 0.5},
        data="morse",
        **HOURS,
    ),
    Case(
        "vast-stuck-shapes",
        "",
        "a machine of shapes cut at one half, three steps a round, at a rate of 3",
        "rbm-digits",
        {**MACHINE, "game.networks.width": 48, "game.gibbs": 3, "game.optimiser.lr": 3.0},
        data="glyphs",
        **HOURS,
    ),
    Case(
        "vast-stuck-moons",
        "",
        "a machine of the moon's phases cut at one half, by RMSprop at 0.4",
        "rbm-digits",
        {
            **MACHINE,
            "game.networks.width": 32,
            "game.optimiser.rule": "rmsprop",
            "game.optimiser.lr": 0.4,
        },
        data="crescents",
        **HOURS,
    ),
    Case(
        "vast-stuck-deep",
        "",
        "a deep machine of seals by RMSprop at 0.3",
        "dbm-mnist",
        {**DEEP, "game.optimiser.rule": "rmsprop", "game.optimiser.lr": 0.3},
        data="seals",
        **SOON,
    ),
    Case(
        "vast-stuck-deep-morse",
        "",
        "a deep machine of dots and dashes, ten steps of its chains a round, at a rate of 2",
        "dbm-mnist",
        {**DEEP, "game.gibbs": 10, "game.optimiser.lr": 2.0},
        data="morse",
        **SOON,
    ),
    Case(
        "vast-stuck-deep-few",
        "",
        "a deep machine of digits and ten chains, by descent with inertia at a rate of 1",
        "dbm-digits",
        {
            "data.batch": 40,
            "game.networks.width": 32,
            "game.networks.top_width": 16,
            "game.chains": 10,
            "game.optimiser.lr": 1.0,
            "game.optimiser.betas": INERTIA,
        },
        **SOON,
    ),
    Case(
        "vast-stuck-gates",
        "",
        "a machine of a river's gates by Adam at 0.4",
        "rbm-reals",
        {**REALS, **ADAM, "game.optimiser.lr": 0.4},
        data="sluices",
        **SOON,
        **FAR,
    ),
    Case(
        "vast-stuck-corners",
        "",
        "a machine of six corners that are all as far from each other, eight chains, Adam at 0.6",
        "rbm-reals",
        {**REALS, **ADAM, "game.chains": 8, "game.optimiser.lr": 0.6},
        data="simplex",
        **SOON,
        **FAR,
    ),
    Case(
        "vast-stuck-cells",
        "",
        "a machine of eight cells and what a rule makes of them, with inertia, at a rate of 1",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 1.0, "game.optimiser.betas": INERTIA},
        data="cells",
        **HOURS,
    ),
    Case(
        "vast-stuck-late",
        "",
        "a healthy machine of seals, resumed after 200 rounds at 6 in the place of 0.06",
        "rbm-bits",
        {**MACHINE, "game.optimiser.lr": 0.06},
        after=200,
        late={"game.optimiser.lr": 6.0},
        data="seals",
        steps=500,
        every=20,
        proof=750,
    ),
    Case(
        "vast-stuck-deep-late",
        "",
        "a healthy deep machine of a lock's wheels, resumed after 150 rounds at 4",
        "dbm-mnist",
        {**DEEP, "game.optimiser.lr": 0.03},
        after=150,
        late={"game.optimiser.lr": 4.0},
        data="locks",
        steps=390,
        every=15,
        proof=585,
    ),
)

CASES = (*_NONFINITE, *_CHAINS)
"""Thirteen causes of each condition."""
