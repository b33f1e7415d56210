"""How sums of latents are measured: right for a generator that is known, at chance for its twin."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from counterplay.data.shapes import FACTORS, classes, draw, tell
from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.recipes import named
from counterplay.recipes.measures_latents import POWERS, arithmetic, rarest, steps_down
from counterplay.recipes.promises.latents import PROMISES

PAIRS = [("colour", "side"), ("shape", "side"), ("shape", "colour")]


def known(z: torch.Tensor) -> np.ndarray:
    """Draw what a latent says by its greatest numbers: a generator whose factors are directions."""
    codes = []
    at = 0
    for values in FACTORS.values():
        codes.append(z[:, at : at + len(values)].argmax(1).numpy())
        at += len(values)
    labels = np.ravel_multi_index(tuple(codes), [len(values) for values in FACTORS.values()])
    return draw(labels, 8)


def twisted(z: torch.Tensor) -> np.ndarray:
    """Draw what no direction says: factors by the parity of signs."""
    bits = (z[:, :15] > 0).view(-1, 5, 3).sum(2) % 2
    return draw((bits @ torch.tensor([16, 8, 4, 2, 1])).numpy() % len(classes()), 8)


@pytest.mark.parametrize("pair", PAIRS)
def test_sums_reach_the_pair_where_factors_are_directions(pair):
    z = torch.randn(2500, 16, generator=generator("z"))
    assert arithmetic(known, tell, z, pair) >= 0.95


@pytest.mark.parametrize("pair", PAIRS)
def test_sums_are_near_chance_with_shuffled_exemplars_and_where_factors_are_no_directions(pair):
    z = torch.randn(2500, 16, generator=generator("z"))
    assert arithmetic(known, tell, z, pair, shuffled=True) < 0.4
    assert arithmetic(twisted, tell, z, pair) < 0.4


def test_a_pair_that_is_never_made_is_told():
    with pytest.raises(UserError, match="none of 50 samples is well drawn and red and left"):
        arithmetic(
            lambda z: np.zeros((len(z), 3, 8, 8), np.uint8), tell, torch.randn(50, 4), PAIRS[0]
        )


def test_one_step_up_is_seen():
    assert steps_down([4, 2, 1]) == 0.5
    assert steps_down([4, 2, 3, 1]) == 1.5


@pytest.mark.parametrize("name", PROMISES)
def test_what_is_promised_is_measured_and_its_recipe_has_a_name(name):
    assert named(PROMISES[name].recipe)
    assert all(each.metric in POWERS for each in PROMISES[name].promises)


def test_the_rarest_value_of_any_factor_is_told() -> None:
    sizes = {"shape": 4, "side": 2}
    even = {"shape": np.arange(8) % 4, "side": np.arange(8) % 2}
    assert rarest(even, sizes) == pytest.approx(1.0)
    assert rarest({**even, "side": np.array([0] * 7 + [1])}, sizes) == pytest.approx(0.25)
    assert rarest({**even, "shape": np.arange(8) % 3}, sizes) == 0  # one is never made
