"""Data on levels, the likelihood beside other figures, and the run that ends with its best."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from counterplay.cli import main
from counterplay.data import Image, binarised, from_json, load
from counterplay.errors import UserError
from counterplay.likelihood import Likelihood, likelihood
from counterplay.metrics.likelihood import account, likelihood_figures
from counterplay.recipes import named
from counterplay.recipes.looks import score_of
from counterplay.recipes.opened import open_run
from counterplay.run import Run
from counterplay.run.log import history

GREY = np.full((40, 8, 8), 64, np.uint8)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))


def test_fresh_pictures_are_drawn_anew_and_held_out_ones_once():
    source = binarised(load(GREY), "fresh")
    rounds = source.batches(32, seed=3)
    first, second = next(rounds).x, next(rounds).x
    assert set(first.unique().tolist()) == {-1.0, 1.0}
    assert source.domain.levels == 2
    # Of equal pictures all differ, in a round and between rounds.
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first, second)
    assert abs(float((first > 0).float().mean()) - 64 / 255) < 0.03
    assert torch.equal(source.examples("test").x, source.examples("test").x)
    assert torch.equal(next(source.batches(32, seed=3, start=1)).x, second)
    halves = [next(source.batches(32, seed=3, shard=(i, 2))).x for i in range(2)]
    assert torch.equal(torch.cat(halves), first)


def test_fixed_pictures_are_the_same_in_each_round_and_threshold_cuts():
    fixed = binarised(load(GREY), "fixed")
    train = fixed.splits["train"]
    epochs = fixed.batches(train, seed=1)
    one, other = (sorted(map(tuple, next(epochs).x.flatten(1).tolist())) for _ in range(2))
    assert one == other
    assert float(binarised(load(GREY), "threshold").examples("test").x.max()) == -1
    assert binarised(load(GREY), "no").domain.levels == 256
    prints = {binarised(load(GREY), how).fingerprint for how in ("no", "threshold", "fixed")}
    assert len(prints) == 3


def test_only_stored_pictures_are_binarised():
    with pytest.raises(UserError, match="binarise"):
        binarised(load("ring"), "fresh")
    with pytest.raises(UserError, match="columns of 0 and 1"):
        binarised(load(np.eye(8, dtype=np.uint8)), "fixed")


def test_packed_bits_are_pictures_of_two_levels(tmp_path):
    bits = np.random.default_rng(0).integers(0, 2, (30, 28, 28)).astype(np.uint8)
    packed = np.packbits(bits.reshape(30, -1), axis=1)
    np.savez(tmp_path / "b.npz", train=packed[:20], valid=packed[20:25], test=packed[25:])
    source = load(f"bits:{tmp_path / 'b.npz'}")
    assert source.domain == Image(1, 28, levels=2)
    assert torch.equal(source.examples("test").x[:, 0] > 0, torch.from_numpy(bits[25:] > 0))
    np.savez(tmp_path / "odd.npz", train=packed[:, :51])
    with pytest.raises(UserError, match="51 bytes a row are no square picture"):
        load(f"bits:{tmp_path / 'odd.npz'}")
    with pytest.raises(UserError, match="no such file"):
        load("bits:nowhere.npz")


def test_columns_of_0_and_1_are_seen_as_minus_1_and_1_and_may_be_constant():
    rows = np.random.default_rng(0).integers(0, 2, (50, 6))
    rows[:, 2] = 0
    source = load(rows)
    assert source.domain.levels == 2
    assert source.domain.dim == 6
    x = source.examples("train").x
    assert set(x.unique().tolist()) == {-1.0, 1.0}
    assert set(source.domain.decode(x).unique().tolist()) == {0.0, 1.0}
    doubled = np.delete(rows, 2, 1) * 2.0
    assert load(doubled).domain.levels == 0  # 0 and 2 are numbers like any others


def test_digits_stand_on_17_levels_and_old_domains_are_read():
    assert load("digits").domain.levels == 17
    assert load("digits", size=16).domain.levels == 256  # resized: greys between
    old = {"kind": "image", "channels": 1, "size": 8, "classes": []}
    assert from_json(old) == Image(1, 8)
    assert from_json(Image(1, 8, levels=2).to_json()).levels == 2


def test_the_error_of_a_likelihood_is_that_of_its_mean():
    log_p = torch.tensor([-1.0, -3.0, -2.0, -6.0])
    found = likelihood(log_p, 2)
    assert math.isclose(found.value, 3.0)
    assert math.isclose(found.error, float(log_p.std(correction=0)) / 2, rel_tol=1e-6)
    bits = found.to("bits/dim")
    assert math.isclose(bits.error / bits.value, found.error / found.value)
    assert math.isclose(found.on_levels(4).error, found.error)


class Coin:
    """A law that any example is as likely as its mean says; it counts what it may spend."""

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        return likelihood(x.flatten(1).mean(1), x[0].numel(), "estimate", "discrete", chains=budget)


def test_the_figures_say_what_they_are():
    held, train = (account(Coin(), x, budget=7) for x in (torch.ones(9, 4), torch.zeros(9, 4)))
    assert held is not None
    assert train is not None
    found = likelihood_figures(held, train, split="validation", ema=True)
    entry = found["bits_per_dim"]
    assert math.isclose(entry["value"], -1 / (4 * math.log(2)))
    assert (entry["reference"], entry["split"], entry["unit"]) == (0, "validation", "bits/dim")
    assert "estimate, discrete, D = 4, 9 examples, 7 chains" in entry["about"]
    assert score_of({"metrics": {**found, "frechet/pca": {"value": 1.0}}}).metric == "nll"


def test_a_game_without_the_power_has_no_account():
    class Law:
        likelihood = "a word"

    assert account(Law(), torch.ones(3, 2)) is None
    assert account(object(), torch.ones(3, 2)) is None


PLAY = [
    *["train", "ring", "--recipe", "ring-wgan-gp", "--quiet", "--decay", "0"],
    *["--look-every", "2", "--checkpoint-every", "2", "--keep", "9", "--game.networks.width", "8"],
]


def scores(run: str) -> dict[int, float]:
    looks = [r for r in history(Path(run, "metrics.jsonl")) if r.get("event") == "look"]
    return {r["step"]: score_of(r).value for r in looks}


def test_a_run_that_ends_with_its_best_is_sampled_and_measured_there():
    # A rate that makes a mess of the networks: the best are not the last.
    wild = [f"--game.{player}.lr=3" for player in ("generator", "critic")]
    assert main([*PLAY, *wild, "--steps", "12", "--finish", "best", "--out", "a"]) == 0
    found = scores("a")
    best = min(found, key=lambda step: found[step])
    opened = open_run(Path("a"), torch.device("cpu"))
    assert best != 12
    assert opened.step == best
    assert open_run(Path("a"), torch.device("cpu"), "last").step == 12
    records = list(history(Path("a", "metrics.jsonl")))
    assert [r["step"] for r in records if r.get("event") == "evaluate"] == [best]
    assert Run.open("a").records()[-1]["step"] == 12


def test_patience_ends_a_run_that_gets_no_better(capsys):
    wild = [f"--game.{player}.lr=3" for player in ("generator", "critic")]
    assert main([*PLAY, *wild, "--patience", "1", "--steps", "40", "--out", "b"]) == 0
    found = list(scores("b").values())
    assert len(found) < 20
    assert found[-1] >= min(found[:-1])
    assert all(now < min(found[:i]) for i, now in enumerate(found[:-1]) if i)
    assert "no better on the validation part" in capsys.readouterr().out
    assert (
        json.loads(Path("b", "metrics.jsonl").read_text().splitlines()[-1])["reason"] == "patience"
    )


def test_recipes_say_how_a_run_ends():
    recipe = named("digits")
    assert (recipe.finish, recipe.patience, recipe.data.binarise) == ("last", 0, "no")
    assert replace(recipe, finish="best").finish == "best"
