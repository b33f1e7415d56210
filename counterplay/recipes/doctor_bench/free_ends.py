"""Numbers that are none and chains that stand, made in free ways, which nobody has looked at."""

from __future__ import annotations

from typing import Any

from counterplay.recipes.doctor_bench.case import Case
from counterplay.recipes.doctor_bench.free_moves import BLURRED, LEARNT, coming
from counterplay.recipes.doctor_bench.next_games import CODED
from counterplay.recipes.doctor_bench.settings import BLOCKS, DENSE, HEADS, TABLE
from counterplay.recipes.doctor_bench.sick_games import both
from counterplay.recipes.doctor_bench.sick_models import BITS
from counterplay.recipes.doctor_bench.wide_critics import GROWN
from counterplay.recipes.doctor_bench.wide_data import ADAM, DEEP, MACHINE, SOON
from counterplay.recipes.doctor_bench.wide_games import HOURS

__all__ = ["CASES"]

AT_ONCE: dict[str, Any] = {"steps": 160, "every": 8, "proof": 240}
HALFWAY: dict[str, Any] = {"steps": 240, "every": 12, "proof": 360}
DESCENT = both(lr=0.1, rule="sgd", betas=[0.0, 0.999])
REALS = {"data.batch": 40, "game.networks.width": 16}
FAR: dict[str, Any] = {
    "also": ("divergence", "non-finite"),
    "why": "real units that such weights move run far away.",
}

_NONFINITE = coming(
    "non-finite",
    Case(
        "free-nan-eps",
        "",
        "an eps of 1e-60, which is nought, where masked weights of bingo cards have no gradient",
        "made",
        {**BITS, "game.networks.width": 48, "game.optimiser.eps": 1e-60},
        data="bingo-cards",
        **AT_ONCE,
    ),
    Case(
        "free-nan-drift",
        "",
        "targets by networks that grow, a drift of weight 1e35 and descent",
        "progressive-32",
        {**GROWN, "game.drift": 1e35, **DESCENT},
        data="ring-targets",
        **AT_ONCE,
    ),
    Case(
        "free-nan-class",
        "",
        "windows whose lit panes are told, the class term's weight 1e37 and descent",
        "acgan-mnist",
        {**HEADS, "game.class_weight": 1e37, **DESCENT},
        data="window-panes-told",
        **AT_ONCE,
    ),
    Case(
        "free-nan-information",
        "",
        "a code of stairways, the weight of its information 1e37 and descent",
        "infogan-mnist",
        {**CODED, "game.information": 1e37, **DESCENT},
        data="stair-ways",
        **AT_ONCE,
    ),
    Case(
        "free-nan-past",
        "",
        "a fountain's jets by players who are to stay near their own past, by a weight of 1e30",
        "gan-ring",
        {**DENSE, "game.tricks.history": 1e30, **DESCENT},
        data="fountain-jets",
        **AT_ONCE,
    ),
    Case(
        "free-nan-features",
        "",
        "a VAE of targets, its features' error weighed by 1e37 and its decoder by descent",
        "vae-gan-digits",
        {
            "data.batch": 32,
            "ema": 40.0,
            "game.networks": {"type": "mlp", "width": 48, "depth": 2},
            "game.latent": 8,
            "game.gamma": 1e37,
            "game.decoder.lr": 0.1,
            "game.decoder.rule": "sgd",
        },
        data="ring-targets",
        **AT_ONCE,
    ),
    Case(
        "free-nan-reverse",
        "",
        "the reverse divergence's exponential costs on four axes' ends by descent at 10,000",
        "gan-ring",
        {**DENSE, "game.cost": "reverse_kl", **both(lr=1e4, rule="sgd")},
        data="orthoplex-four",
        **AT_ONCE,
    ),
    Case(
        "free-nan-attention",
        "",
        "tiles by residual networks that look at a whole grid, both players at 1e38",
        "sngan",
        {**BLOCKS, "game.networks.attention": True, **both(lr=1e38)},
        data="corner-tiles",
        **AT_ONCE,
    ),
    Case(
        "free-nan-repairs",
        "",
        "repairs of bicycles brought to lines, at a rate of 1e30",
        "flow-mixed",
        {
            "data.batch": 64,
            "ema": 20.0,
            "game.networks.width": 32,
            "game.transforms": 2,
            "game.optimiser.lr": 1e30,
        },
        data="bike-repairs",
        **AT_ONCE,
    ),
    Case(
        "free-nan-unlabelled",
        "",
        "ten labels each of stairways, all that has none weighed by 1e37, by descent",
        "ssl-mnist-20min",
        {**LEARNT, "game.unsupervised": 1e37, **DESCENT},
        data="stair-ways-told",
        **AT_ONCE,
    ),
    Case(
        "free-nan-late-noise",
        "",
        "a healthy denoiser of stairways until the rate is set to 1e32",
        "dae-digits",
        BLURRED,
        after=120,
        late={"game.optimiser.lr": 1e32},
        data="stair-ways",
        **HALFWAY,
    ),
    Case(
        "free-nan-late-critic",
        "",
        "the wind on ten masts, healthy until the critic's rate alone is set to 1e30",
        "table",
        {**TABLE, "ema": 40.0, "game.critic_steps": 2},
        after=120,
        late={"game.critic.lr": 1e30},
        data="mast-winds",
        **HALFWAY,
    ),
)

_CHAINS = coming(
    "chain-not-mixing",
    Case(
        "free-stuck-bars",
        "",
        "a machine of eight units for bar codes by plain descent at a rate of 5",
        "rbm-bits",
        {**MACHINE, "game.networks.width": 8, "game.optimiser.lr": 5.0},
        data="bar-codes",
        **HOURS,
    ),
    Case(
        "free-stuck-crests",
        "",
        "a machine of twelve crests, ten steps of its chains a round, at a rate of 4",
        "rbm-bits",
        {**MACHINE, "game.gibbs": 10, "game.optimiser.lr": 4.0},
        data="crest-rows",
        **HOURS,
    ),
    Case(
        "free-stuck-bingo",
        "",
        "a machine of bingo cards and two hundred chains by RMSprop at 0.5",
        "rbm-bits",
        {
            **MACHINE,
            "game.chains": 200,
            "game.optimiser.rule": "rmsprop",
            "game.optimiser.lr": 0.5,
        },
        data="bingo-cards",
        **HOURS,
    ),
    Case(
        "free-stuck-knits",
        "",
        "a machine of knitting patterns and two chains by Adam at 1",
        "rbm-bits",
        {**MACHINE, **ADAM, "game.chains": 2, "game.optimiser.lr": 1.0},
        data="knit-rows",
        **HOURS,
    ),
    Case(
        "free-stuck-stairs",
        "",
        "a machine of 64 units for stairways cut at one half by Adam at 0.4",
        "rbm-digits",
        {**MACHINE, **ADAM, "game.networks.width": 64, "game.optimiser.lr": 0.4},
        data="stair-ways",
        **HOURS,
    ),
    Case(
        "free-stuck-panes",
        "",
        "a machine of windows cut at one half by descent with inertia of 0.95, at a rate of 2",
        "rbm-digits",
        {**MACHINE, "game.optimiser.lr": 2.0, "game.optimiser.betas": [0.95, 0.999]},
        data="window-panes",
        **HOURS,
    ),
    Case(
        "free-stuck-deep-crests",
        "",
        "a deep machine of twelve crests by Adam at 0.3",
        "dbm-mnist",
        {**DEEP, **ADAM, "game.optimiser.lr": 0.3},
        data="crest-rows",
        **SOON,
    ),
    Case(
        "free-stuck-deep-bars",
        "",
        "a deep machine of bar codes, one pass over its hidden layers, at a rate of 3",
        "dbm-mnist",
        {**DEEP, "game.mean_field": 1, "game.optimiser.lr": 3.0},
        data="bar-codes",
        **SOON,
    ),
    Case(
        "free-stuck-deep-stairs",
        "",
        "a deep machine of stairways, more units above than below, at a rate of 2",
        "dbm-digits",
        {
            "data.batch": 40,
            "game.networks.width": 16,
            "game.networks.top_width": 48,
            "game.optimiser.lr": 2.0,
        },
        data="stair-ways",
        **SOON,
    ),
    Case(
        "free-stuck-winds",
        "",
        "a machine of the wind on ten masts, five steps a round, by Adam at 0.5",
        "rbm-reals",
        {**REALS, **ADAM, "game.gibbs": 5, "game.optimiser.lr": 0.5},
        data="mast-winds",
        **SOON,
        **FAR,
    ),
    Case(
        "free-stuck-axes",
        "",
        "a machine of four axes' ends, its real units hardly free to move, by RMSprop at 0.3",
        "rbm-reals",
        {
            **REALS,
            "game.networks.deviation": 0.3,
            "game.optimiser.rule": "rmsprop",
            "game.optimiser.lr": 0.3,
        },
        data="orthoplex-four",
        **SOON,
        **FAR,
    ),
    Case(
        "free-stuck-late-targets",
        "",
        "a healthy machine of targets cut at one half, resumed after 200 rounds at 5",
        "rbm-digits",
        {**MACHINE, "game.optimiser.lr": 0.05},
        after=200,
        late={"game.optimiser.lr": 5.0},
        data="ring-targets",
        steps=500,
        every=20,
        proof=750,
    ),
    Case(
        "free-stuck-late-knits",
        "",
        "a healthy machine of knitting patterns by Adam, resumed after 200 rounds at 0.8",
        "rbm-bits",
        {**MACHINE, **ADAM, "game.optimiser.lr": 5e-3},
        after=200,
        late={"game.optimiser.lr": 0.8},
        data="knit-rows",
        steps=500,
        every=20,
        proof=750,
    ),
)

CASES = (*_NONFINITE, *_CHAINS)
"""Thirteen causes of each condition."""
