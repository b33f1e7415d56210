"""Runs on sound and on text: the numbers were chosen for minutes on two cores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Adam, Data, Recipe
from counterplay.recipes.specs.sequences import Sequences, WaveNet

__all__ = ["RECIPES"]


def wavenet() -> Recipe:
    """Recordings, sample by sample, by a small WaveNet that is told the class where there is one.

    Two cycles of dilations from 1 to 256 see 1,023 samples, an eighth of a second at 8 kHz. Of 32
    channels and 18 blocks, so that a second of sound is drawn in less than one on one core; the
    published network is many times as wide.
    """
    return Recipe(
        "wavenet",
        Data("", length=4_096, batch=8),
        Sequences(WaveNet(depth=9)),
        steps=1_200,
        decay=0.5,
        ema=50.0,
        precision="float32",
        look_every=300,
        checkpoint_every=150,
        budget=18.0,
    )


def wavenet_near() -> Recipe:
    """The same without dilation, which sees 19 samples: to see what reaching back is worth."""
    recipe = wavenet()
    return replace(recipe, name="wavenet-near", game=Sequences(WaveNet(depth=1, cycles=18)))


def characters() -> Recipe:
    """Text, character by character, by dilated causal convolutions.

    Two cycles of dilations from 1 to 32 see 127 characters. A million of them are few: without
    dropout held-out ones cost more again after 1,500 rounds.
    """
    return Recipe(
        "characters",
        Data("", batch=16),
        Sequences(
            WaveNet(96, 192, 6, 2, dropout=0.2),
            conditional=False,
            optimiser=Adam(2e-3, (0.9, 0.999)),
        ),
        steps=2_000,
        decay=0.5,
        ema=50.0,
        precision="float32",
        look_every=200,
        checkpoint_every=200,
        finish="best",
        budget=13.0,
    )


def characters_near() -> Recipe:
    """The same without dilation and with two blocks, which see three characters: its twin."""
    recipe = characters()
    short = replace(recipe.game.networks, depth=1, cycles=2)
    return replace(recipe, name="characters-near", game=replace(recipe.game, networks=short))


RECIPES: dict[str, Callable[[], Recipe]] = {
    "wavenet": wavenet,
    "wavenet-near": wavenet_near,
    "characters": characters,
    "characters-near": characters_near,
}
