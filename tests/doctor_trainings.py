"""Tiny trainings that the doctor watches, for its tests."""

from __future__ import annotations

from pathlib import Path

import torch

from counterplay.recipes.plan import plan
from counterplay.recipes.schema import Adam, Data, Dcgan, Gan, Points, Recipe
from counterplay.recipes.session import Watch, joined, start


def ring(steps=40, **changes):
    quick = Adam(1e-3, (0.5, 0.99))
    fields = {"latent": 2, "generator": quick, "critic": quick} | changes
    return Recipe(
        "tiny",
        Data("ring", batch=32),
        Gan(Points(16, 1), **fields),
        steps=steps,
        ema=20.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=10,
        keep=9,
    )


def trained(recipe, out, every=10, **watched):
    watch = Watch(
        say=watched.pop("say", lambda line: None),
        silent=True,
        examine=False,
        doctor_every=every,
        **watched,
    )
    with joined("cpu") as place:
        return start(plan({recipe.name: recipe}, place.device), Path(out), place, watch)


def same_bits(one, other):
    a, b = one.state.tensors(), other.state.tensors()
    assert a.keys() == b.keys()
    return all(torch.equal(a[name], b[name]) for name in a)


PICTURES = Recipe(
    "pictures",
    Data("digits", batch=16),
    Gan(Dcgan(4), latent=4, conditional=True),
    steps=6,
    ema=3.0,
    precision="float32",
    look_every=4,
)
