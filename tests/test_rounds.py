"""A round's noise, and the optimisers that players are given."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from counterplay.game import Batch, Round, adam, generator


def points(n: int = 8) -> Batch:
    return Batch(torch.randn(n, 2, generator=generator("points")))


def test_noise_is_drawn_for_the_global_batch_whatever_the_shards() -> None:
    whole = Round(points(8), step=3, seed=5).normal("z", 2)
    halves = [Round(points(4), step=3, seed=5, shard=(i, 2)).normal("z", 2) for i in range(2)]
    assert torch.equal(whole, torch.cat(halves))
    parts = Round(points(8), step=3, seed=5, parts=4).split()
    assert torch.equal(whole, torch.cat([part.normal("z", 2) for part in parts]))
    # The broken twin: the same seed on every rank gives every rank the same latents.
    twins = [Round(points(4), step=3, seed=5).normal("z", 2) for _ in range(2)]
    assert torch.equal(*twins)
    assert not torch.equal(*halves)


def test_noise_differs_by_seed_step_and_tag() -> None:
    draws = [
        Round(points(), step=step, seed=seed).normal(tag, 2)
        for step, seed, tag in [(0, 0, "z"), (1, 0, "z"), (0, 1, "z"), (0, 0, "w")]
    ]
    assert all(not torch.equal(a, b) for i, a in enumerate(draws) for b in draws[:i])


def test_adam_coerces_betas_and_refuses_wrong_ones() -> None:
    optimiser = adam(1e-3, (0, 0.9))([nn.Parameter(torch.zeros(2))])
    assert [type(b) for b in optimiser.defaults["betas"]] == [float, float]
    with pytest.raises(ValueError, match="must lie in"):
        adam(1e-3, (0.5, 1.0))
