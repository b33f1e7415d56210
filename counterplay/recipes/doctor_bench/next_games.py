"""Games made sick in the next ways, judged once and looked at since."""

from __future__ import annotations

from functools import partial

from counterplay.recipes.doctor_bench.case import Case, of_condition
from counterplay.recipes.doctor_bench.settings import DENSE
from counterplay.recipes.doctor_bench.sick_games import BLIND, R1, RING, both

__all__ = ["CASES", "CODED", "FLAT_NETS", "MODERN", "SCARCE", "coming"]

coming = partial(of_condition, halves=("seen",))

FLAT_NETS = {
    "data.batch": 32,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
}
"""Fully connected networks for pictures."""

CODED = {
    "data.batch": 32,
    "ema": 40.0,
    "game.networks": {"type": "mlp", "width": 64, "depth": 2},
    "game.noise": 8,
    "game.hidden": 0,
    "game.features": 32,
    **both(lr=1e-3, betas=[0.5, 0.99]),
}
"""The same with a code that is read off pictures."""

MODERN = {
    "data.batch": 24,
    "ema": 40.0,
    "game.latent": 8,
    "game.networks.width": 6,
    **both(lr=1e-3, betas=[0.0, 0.99]),
}
"""Residual networks without norms, of few channels."""

SCARCE = "There are too few examples, and that is why."

_COLLAPSE = coming(
    "mode-collapse",
    Case(
        "next-one-begun",
        "",
        "six modes in space by a generator that begins near zero, its Adam's eps typed as 1000",
        "pacgan-ring-gan",
        {**RING, "game.latent": 3, "game.networks.weights": "normal", "game.generator.eps": 1e3},
        data="octahedron",
        steps=500,
        proof=750,
        also=("rate-too-low", "vanishing-gradient"),
        why="moves over such an eps are next to none, and weights near zero pass on no gradient.",
    ),
    Case(
        "next-one-shade",
        "",
        "shades of grey by Wasserstein's costs, the generator five thousand times as fast",
        "digits-wgan-gp",
        {
            **FLAT_NETS,
            "game.penalty": 1.0,
            "game.critic_steps": 1,
            "game.generator.lr": 5e-2,
            "game.critic.lr": 1e-5,
        },
        data="shades",
        steps=400,
        every=20,
        proof=600,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate drives it to one corner, and such a critic is no match.",
    ),
    Case(
        "next-one-glyph",
        "",
        "shapes with a code that nobody reads, the generator at 0.05 and the critic at 0.00001",
        "infogan-mnist",
        {**CODED, "game.information": 0.0, "game.generator.lr": 5e-2, "game.critic.lr": 1e-5},
        data="glyphs",
        steps=400,
        every=20,
        proof=600,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate drives it to one corner, and such a critic is no match.",
    ),
    Case(
        "next-one-front",
        "",
        "fronts of houses by the costs of maximum likelihood, in which the best sample takes all",
        "photos",
        {
            **FLAT_NETS,
            "game.cost": "maximum_likelihood",
            "game.generator.lr": 3e-2,
            "game.critic.lr": 1e-5,
        },
        data="fronts-400",
        steps=300,
        every=15,
        proof=450,
        also=(BLIND, "rate-too-high"),
        why="the generator's rate drives it to one corner, and such a critic is no match.",
    ),
)

_PARTIAL = coming(
    "partial-collapse",
    Case(
        "next-part-corners",
        "",
        "twenty corners in space by a generator of one latent number and four leaky units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.latent": 1,
            "game.networks.activation": "leaky",
            "game.networks.width": 4,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
        },
        data="dodecahedron",
        steps=700,
        proof=1050,
    ),
    Case(
        "next-part-coded",
        "",
        "clothes by a code of two values and one number beside it",
        "infogan-mnist",
        {
            **CODED,
            "game.networks": {"type": "mlp", "width": 96, "depth": 2},
            "game.r1": 0.3,
            "game.categories": 2,
            "game.places": 0,
            "game.noise": 1,
        },
        data="fashion-plain",
        steps=500,
        proof=750,
    ),
    Case(
        "next-part-columns",
        "",
        "six columns by hinge costs and a generator of one latent number and four units",
        "pacgan-ring-gan",
        {
            **RING,
            **R1,
            "game.cost": "hinge",
            "game.latent": 1,
            "game.networks.width": 4,
            "game.networks.depth": 1,
            "game.networks.critic_width": 64,
            "game.networks.critic_depth": 2,
        },
        data="copula",
        steps=600,
        proof=900,
    ),
    Case(
        "next-part-modern",
        "",
        "digits by residual networks without norms and a generator of one latent number",
        "r3gan",
        {**MODERN, "data.source": "digits", "game.networks.width": 8, "game.latent": 1},
        steps=300,
        every=15,
        proof=450,
    ),
)

_HOPPING = coming(
    "mode-hopping",
    Case(
        "next-hop-slope",
        "",
        "five modes by a gradient penalty, one move of the critic and a generator 15 times as fast",
        "plane",
        {
            "data.batch": 64,
            "ema": 40.0,
            "game.networks.width": 32,
            "game.networks.depth": 2,
            "game.critic_steps": 1,
            **both(lr=1e-3, betas=[0.5, 0.9]),
            "game.generator.lr": 1.5e-2,
        },
        data="quincunx",
        steps=900,
        every=30,
        proof=1350,
    ),
    Case(
        "next-hop-late",
        "",
        "six modes in space, healthy until R1 is dropped and the generator is 12 times as fast",
        "pacgan-ring-gan",
        {**RING, **R1, "game.latent": 3},
        after=400,
        late={"game.r1": 0.0, "game.generator.lr": 1.2e-2},
        data="octahedron",
        steps=1000,
        proof=1500,
    ),
    Case(
        "next-hop-brick",
        "",
        "eight modes by the fast generator of Metz et al. (2017) and least squares",
        "unrolled-ring-twin",
        {"game.cost": "least_squares", "game.networks.width": 64},
        data="brick",
        steps=900,
        every=30,
        proof=1350,
    ),
    Case(
        "next-hop-corners",
        "",
        "twenty corners in space by the game as it is written down, the generator 15 times as fast",
        "gan-ring",
        {**DENSE, "game.cost": "gan", "game.generator.lr": 1.5e-2},
        data="dodecahedron",
        steps=900,
        every=30,
        proof=1350,
    ),
)

SURE = {
    "game.networks.critic_width": 64,
    "game.critic.lr": 4e-3,
    "game.critic_steps": 5,
    "game.generator.lr": 3e-5,
}

_VANISHING = coming(
    "vanishing-gradient",
    Case(
        "next-sure-of-players",
        "",
        "the costs of maximum likelihood on players of a game, before a critic of five moves",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.cost": "maximum_likelihood",
            "game.latent": 8,
            "game.networks.weights": "normal",
        },
        data="skillcraft-1000",
        steps=400,
        every=20,
    ),
    Case(
        "next-sure-of-corners",
        "",
        "the costs of the KL divergence on twenty corners, before a fast critic of tanh units",
        "pacgan-ring-gan",
        {
            **RING,
            **SURE,
            "game.cost": "kl",
            "game.latent": 3,
            "game.networks.weights": "normal",
            "game.networks.critic_activation": "tanh",
        },
        data="dodecahedron",
        steps=400,
        every=20,
    ),
    Case(
        "next-sure-of-space",
        "",
        "squared Hellinger's costs on six modes in space by networks of the oldest kind",
        "gan-ring",
        {
            **DENSE,
            "game.cost": "squared_hellinger",
            "game.latent": 3,
            "game.critic.lr": 3e-3,
            "game.critic_steps": 5,
            "game.generator.lr": 3e-5,
        },
        data="octahedron",
        steps=400,
        every=20,
    ),
    Case(
        "next-sure-of-emoji",
        "",
        "signs in colour by saturating costs and residual networks without norms or penalties",
        "r3gan",
        {
            **MODERN,
            "game.cost": "saturating",
            "game.r1": 0.0,
            "game.r2": 0.0,
            "game.critic.lr": 3e-3,
            "game.critic_steps": 3,
            "game.generator.lr": 3e-5,
        },
        data="emoji-700",
        steps=160,
        every=8,
    ),
)

CASES = (*_COLLAPSE, *_PARTIAL, *_HOPPING, *_VANISHING)
"""Four causes of each condition."""
