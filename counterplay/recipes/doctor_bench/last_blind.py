"""Critics that see too little in yet further ways, which nobody has looked at, judged once."""

from __future__ import annotations

from functools import partial
from typing import Any

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.free_moves import LEARNT
from counterplay.recipes.doctor_bench.free_sure import BARE
from counterplay.recipes.doctor_bench.healthy_games import PAIRED
from counterplay.recipes.doctor_bench.next_critics import STYLED
from counterplay.recipes.doctor_bench.next_games import CODED, FLAT_NETS
from counterplay.recipes.doctor_bench.settings import HEADS, TABLE
from counterplay.recipes.doctor_bench.sick_games import BLIND, DIGITS, FLAT, RING
from counterplay.recipes.doctor_bench.wide_critics import PACKED
from counterplay.recipes.doctor_bench.wide_games import FAIR, PAIRS, PYRAMID

__all__ = ["CASES"]

coming = partial(of_condition, halves=("held",))

ROUNDS: dict[str, Any] = {"steps": 500, "every": 20, "proof": 750}
LATE: dict[str, Any] = {"steps": 700, "every": 25, "proof": 1050, "after": 300}

CRAWL = {"game.critic.rule": "sgd", "game.critic.betas": [0.0, 0.99]}

CASES = coming(
    BLIND,
    Case(
        "last-eps-of-verdicts",
        "",
        "arrows told which before a classifier of sure verdicts, its Adam's eps 10,000,000",
        "catgan-mnist",
        {**LEARNT, "game.critic.eps": 1e7},
        data="arrows-told",
        **ROUNDS,
        also=("ignored-condition",),
        why="who never learns the classes cannot tell them.",
    ),
    Case(
        "last-drowned-verdicts",
        "",
        "discs told which by sure verdicts, drowned in noise of 300 on all that is seen and hidden",
        "catgan-mnist",
        {**LEARNT, "game.networks.input_noise": 300.0, "game.networks.hidden_noise": 300.0},
        data="discs-told",
        **ROUNDS,
    ),
    Case(
        "last-narrow-verdicts",
        "",
        "kites told which by sure verdicts on a single number, which layers of four units lead to",
        "catgan-mnist",
        {**LEARNT, "game.networks.width": 4},
        data="kites-told",
        **ROUNDS,
    ),
    Case(
        "last-two-features",
        "",
        "flags told the middle stripe, a classifier with a single feature to be matched",
        "ssl-mnist",
        {**LEARNT, "game.networks.width": 4},
        data="flags-told",
        **ROUNDS,
    ),
    Case(
        "last-drowned-features",
        "",
        "shades told which by matched features, in noise 200 times as wide as a picture is bright",
        "ssl-mnist",
        {**LEARNT, "game.networks.input_noise": 200.0},
        data="shades-told",
        **ROUNDS,
    ),
    Case(
        "last-never-asked",
        "",
        "pips told how many by features of a classifier that is never taught what is made",
        "ssl-mnist",
        {**LEARNT, "game.unsupervised": 0.0},
        data="pips-told",
        **ROUNDS,
    ),
    Case(
        "last-eps-of-codes",
        "",
        "lit windows and a code by RMSprop, whose eps is 10,000,000 for who reads and judges",
        "infogan-mnist",
        {**CODED, "game.critic.rule": "rmsprop", "game.critic.eps": 1e7},
        data="lit-windows",
        **ROUNDS,
    ),
    Case(
        "last-crawling-pairs",
        "",
        "seals and an encoder by paired costs, the critic by plain descent at 0.00000001",
        "bigan-mnist",
        {**PAIRS, "game.cost": "relativistic", **CRAWL, "game.critic.lr": 1e-8},
        data="seals",
        **ROUNDS,
    ),
    Case(
        "last-eps-of-styles",
        "",
        "flights of stairs by styles and paired costs, an eps of 100,000,000 in the critic's Adam",
        "style-32",
        {
            **STYLED,
            "data.batch": 8,
            "game.networks.width": 4,
            "game.networks.critic_width": 4,
            "game.networks.style": 8,
            "game.networks.depth": 1,
            "game.mixing": 0.0,
            "game.cost": "relativistic",
            "game.r1": 0.0,
            "game.path": 0.0,
            "game.critic.eps": 1e8,
        },
        data="stair-ways",
        **ROUNDS,
    ),
    Case(
        "last-rows-late",
        "",
        "marks of exams by a gradient penalty, healthy until it weighs a billion, its rival fast",
        "table",
        {**TABLE, "ema": 40.0, "game.penalty": 0.1, "game.critic_steps": 2},
        late={"game.penalty": 1e9, "game.generator.lr": 5e-3},
        data="exam-marks",
        **LATE,
        **FLAT,
    ),
    Case(
        "last-crawling-packs",
        "",
        "packs of eight repairs before a critic by plain descent at 0.00000001",
        "gan-mixed",
        {**PACKED, "game.pack": 8, **CRAWL, "game.critic.lr": 1e-8, "game.generator.lr": 2e-3},
        data="bike-repairs",
        **ROUNDS,
    ),
    Case(
        "last-coin-of-wheels",
        "",
        "spokes of a wheel by least squares, a maxout critic that is taught by a coin",
        "pacgan-ring-gan",
        {
            **RING,
            "game.latent": 4,
            "game.cost": "least_squares",
            "game.networks.critic_activation": "maxout",
            "game.tricks.flips": 0.5,
        },
        data="wheel",
        **ROUNDS,
    ),
    Case(
        "last-fog-over-pairs",
        "",
        "a corkscrew in space by paired costs, in a fog fifty times as wide, which never lifts",
        "pacgan-ring-rpgan",
        {
            **RING,
            **PAIRED,
            "game.latent": 4,
            "game.tricks.instance_noise": 50.0,
            "game.tricks.noise_rounds": 1_000_000,
        },
        data="corkscrew",
        **ROUNDS,
    ),
    Case(
        "last-near-data-late",
        "",
        "four normal numbers by DRAGAN's penalty, healthy until it is a billion, the rival fast",
        "pacgan-ring-gan",
        {**RING, "game.latent": 4, "game.networks.width": 48, "game.penalties.dragan": 0.1},
        late={"game.penalties.dragan": 1e9, "game.generator.lr": 2e-2},
        data="normal-4",
        steps=800,
        proof=1200,
        after=450,
        **FLAT,
    ),
    Case(
        "last-slow-thread",
        "",
        "digits by small convolutions, the critic's of one channel and by descent at 0.000001",
        "stacked-dcgan",
        {
            "data.source": "digits",
            "data.batch": 32,
            "decay": 0.0,
            "ema": 40.0,
            "game.latent": 8,
            "game.networks.width": 8,
            "game.networks.critic_width": 1,
            "game.networks.critic_norm": "batch",
            **FAIR,
            **CRAWL,
            "game.critic.lr": 1e-6,
        },
        **ROUNDS,
    ),
    Case(
        "last-flat-pyramid",
        "",
        "blinds by a pyramid of games, R1 of 100,000,000 at every level",
        "lapgan-mnist",
        {**PYRAMID, "data.batch": 16, "game.r1": 1e8, "game.generator.lr": 2e-3},
        data="blinds",
        **ROUNDS,
        **FLAT,
    ),
    Case(
        "last-crawling-heads",
        "",
        "hands of a clock told the quarter by paired costs, heads by plain descent at 0.0000001",
        "acgan-mnist",
        {**HEADS, "game.cost": "relativistic", **CRAWL, "game.critic.lr": 1e-7},
        data="clock-hands-told",
        **ROUNDS,
        also=("ignored-condition",),
        why="who cannot see the classes cannot ask for them.",
    ),
    Case(
        "last-flat-at-two",
        "",
        "tiles by full layers and hinge costs, a million for slopes at real and made ones alike",
        "cifar10-mlp",
        {**FLAT_NETS, **FAIR, "game.cost": "hinge", "game.r1": 1e6, "game.r2": 1e6},
        data="corner-tiles",
        **ROUNDS,
        **FLAT,
    ),
    Case(
        "last-mean-of-nothing",
        "",
        "edges by matched means of what convolutions tell of one channel that never learn",
        "photos",
        {
            **DIGITS,
            **BARE,
            "data.batch": 16,
            "game.networks.width": 6,
            "game.tricks.match_features": True,
            "game.networks.critic_width": 1,
            "game.critic.lr": 1e-12,
        },
        data="boxes",
        **ROUNDS,
    ),
    Case(
        "last-eps-of-fields",
        "",
        "fields at dusk by Wasserstein's costs and RMSprop of the critic, an eps of ten billion",
        "digits-wgan-gp",
        {
            **FLAT_NETS,
            **FAIR,
            "game.penalty": 1.0,
            "game.critic_steps": 1,
            "game.critic.rule": "rmsprop",
            "game.critic.eps": 1e10,
        },
        data="dusk-fields",
        **ROUNDS,
    ),
)
"""Twenty causes."""
