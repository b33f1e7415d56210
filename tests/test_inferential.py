"""Inferential games by their recipes: norms, single examples, refusals, and how they measure."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image as Pictures
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from counterplay.cli import main
from counterplay.data import load
from counterplay.data.domain import Image
from counterplay.errors import UserError
from counterplay.game import Batch
from counterplay.recipes import build, named
from counterplay.recipes.measures_labels import POWERS, reconstruction_ratio
from counterplay.recipes.schema import Acgan, Bigan, Data, Dcgan, Dynamics, Infogan, Recipe
from counterplay.train import train

DOMAIN = Image(1, 8, ("a", "b"))
SPECS: dict[str, Any] = {
    "acgan": Acgan(features=8, latent=3),
    "infogan": Infogan(features=8, hidden=8, noise=3, categories=2),
    "bigan": Bigan(features=8, latent=3),
}
TOLD = {"heads.class", "heads.code"}
"""Heads of what is told beside the critic's value."""


def made(name: str, norm: Any = "none", batch: int = 8, accumulate: int = 1, **fields: Any) -> Any:
    spec = replace(SPECS[name], networks=Dcgan(4, inner=1, critic_norm=norm), **fields)
    recipe = Recipe(name, Data(batch=batch), spec, accumulate=accumulate)
    return build.game(recipe, DOMAIN)


@pytest.mark.parametrize("name", SPECS)
def test_spectral_norm_is_on_every_layer_up_to_the_critics_value(name: str) -> None:
    for norm in ("spectral", "none"):
        game = made(name, norm)
        judge = game.critic if name == "bigan" else game.trunk
        layers = {n: m for n, m in judge.named_modules() if isinstance(m, nn.Linear | nn.Conv2d)}
        judging = [m for n, m in layers.items() if not any(n.startswith(head) for head in TOLD)]
        telling = [m for m in layers.values() if m not in judging]
        assert len(judging) == (6 if name == "bigan" else 4)
        assert len(telling) == {"acgan": 1, "infogan": 2, "bigan": 0}[name]
        assert all(is_parametrized(layer, "weight") == (norm == "spectral") for layer in judging)
        assert not any(is_parametrized(layer, "weight") for layer in telling)


@pytest.mark.parametrize("name", SPECS)
def test_a_penalty_that_batch_norm_forbids_names_the_option(name: str) -> None:
    with pytest.raises(UserError, match=r"r1 needs .*--game\.networks\.critic-norm none"):
        made(name, "batch", r1=1.0)
    assert made(name, "group", r1=1.0).penalties.keys() == {"r1"}


def test_what_has_no_one_critic_cannot_be_unrolled_and_says_so() -> None:
    # LAPGAN's critics are several; a VAE has none.
    for name in ("lapgan-mnist", "vae-digits"):
        recipe = replace(named(name), dynamics=Dynamics("unrolled"))
        with pytest.raises(UserError, match=f"the recipe '{name}' cannot be unrolled") as told:
            build.game(recipe, Image(1, 28))
        assert "\n" not in str(told.value)
        assert "choose from" not in str(told.value)
    unrolled = replace(named("digits"), dynamics=Dynamics("unrolled"))
    assert build.game(unrolled, load("digits").domain, (0.1,) * 10).players()


@pytest.mark.parametrize("name", ["acgan", "infogan"])
def test_a_batch_norm_over_rows_refuses_one_example_at_a_time(name: str) -> None:
    with pytest.raises(UserError, match=r"a batch of 1 shows .*--batch 2 or more works"):
        made(name, "batch", batch=1)
    with pytest.raises(UserError, match=r"a batch of 4 in 4 parts .*--batch 8 .* fewer parts"):
        made(name, "batch", batch=4, accumulate=4)
    recipe = Recipe(name, Data(batch=4), accumulate=2)
    game = made(name, "batch", batch=4, accumulate=2)
    with pytest.raises(UserError, match="a batch of 4 in 4 parts"):
        build.refuse_parts(game, recipe, processes=2)
    build.refuse_parts(game, recipe)


def test_free_bits_go_by_whole_batches_and_parts_are_refused() -> None:
    base = named("vae-digits")
    recipe = replace(base, game=replace(base.game, free_bits=0.1), accumulate=2)
    with pytest.raises(UserError, match=r"free_bits: .* cut into 2 parts; --game.free_bits 0"):
        build.game(recipe, Image(1, 8))
    assert build.game(replace(recipe, accumulate=1), Image(1, 8))
    assert build.game(replace(base, accumulate=2), Image(1, 8))


def test_two_examples_at_a_time_are_played_and_so_is_one_without_such_a_norm() -> None:
    x = torch.zeros(2, 1, 8, 8)
    few = {
        2: (made("infogan", "batch", batch=2), made("acgan", "batch", batch=2)),
        1: (made("infogan", batch=1, hidden=0), made("acgan", batch=1)),
    }
    for n, games in few.items():
        for game in games:
            ((_, report),) = train(game, [Batch(x[:n], torch.arange(n))])
            assert all(value.isfinite() for value in report.values())


def test_three_pictures_are_refused_before_anything_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "three").mkdir()
    rng = np.random.default_rng(0)
    for i in range(3):
        pixels = rng.integers(0, 256, (28, 28), dtype=np.uint8)
        Pictures.fromarray(pixels).save(tmp_path / "three" / f"{i}.png")
    words = ["train", "three", "--recipe", "infogan-mnist", "--quiet"]
    for more in ([], ["--dry-run"], ["--out", "run"]):
        assert main([*words, *more]) == 2
        error = capsys.readouterr().err.strip()
        assert "a batch of 1 shows the networks one example at a time" in error
        assert "\n" not in error
    assert [path.name for path in tmp_path.iterdir()] == ["three"]


def test_the_ratio_does_not_depend_on_the_files_order() -> None:
    x, y = load("digits").examples("train", 1000)
    assert y is not None
    means = torch.stack([x[y == k].mean(0) for k in range(10)])
    by_class = y.argsort(stable=True)
    drawn, ordered = (reconstruction_ratio(x[rows], means[y[rows]]) for rows in (y >= 0, by_class))
    assert drawn == pytest.approx(ordered, abs=0.02)
    assert drawn < 0.8
    # The broken twin holds each example against the next one in the folder, of the same class.
    flat, near = x[by_class].flatten(1), means[y[by_class]].flatten(1)
    own, other = ((real - near).norm(dim=1).mean() for real in (flat, flat.roll(1, 0)))
    assert own / other > 0.9


def test_the_accuracy_of_codes_stands_beside_that_of_the_same_game_untrained() -> None:
    source = load("digits")
    game = replace(SPECS["bigan"], networks=Dcgan(4))
    plan = SimpleNamespace(recipe=Recipe("b", Data(), game), share=())
    device = torch.device("cpu")
    train_part, test = (source.examples(part, 100).x for part in ("train", "test"))
    on = SimpleNamespace(source=source, device=device, train=train_part, test=test)

    def figure(seed: int) -> dict[str, float]:
        """Return the figure of a game that was never trained, of another seed's weights."""
        fresh = build.game(replace(plan.recipe, seed=seed), source.domain)
        outcome: Any = SimpleNamespace(sampler=SimpleNamespace(game=fresh), plan=plan)
        bench: Any = on
        return POWERS["code_neighbour_accuracy"](outcome, bench)

    own, other = figure(0), figure(1)
    assert own["value"] == own["untrained"] == other["untrained"]
    assert other["value"] != own["value"]
    assert own["reference"] == other["reference"] > 0.5
