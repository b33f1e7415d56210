"""The default recipes: which is chosen for which data, and how they stand on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SHARED, shared
from test_ledger import row

from counterplay.data import Image, Vector, load, names
from counterplay.recipes import RECIPES, named
from counterplay.recipes.choose import FOR_NAME, candidates, choose
from counterplay.recipes.promises.defaults import PROMISES
from counterplay.recipes.results import markdown

LOADED = [name for name in PROMISES if name not in ("default-cifar10", "default-uci-kin40k")]


@pytest.mark.parametrize("name", LOADED)
def test_what_is_measured_is_what_would_be_chosen(name):
    promise = PROMISES[name]
    data = promise.data
    if data not in names():
        data = str(shared(str(Path(data).relative_to("../shared/data"))))
    source = load(data)
    chosen, reason = choose(source.domain, source.splits["train"], source.name)
    assert chosen == promise.recipe
    assert f"{source.splits['train']:,}" in reason or source.name in reason
    assert promise.promises[0].metric in ("coverage/judge", "coverage/raw", "coverage/convolution")


def test_every_table_of_uci_is_a_row():
    if not SHARED.exists():
        pytest.skip(f"no real data at {SHARED}")
    there = {path.name.split("_")[0] for path in (SHARED / "uci").iterdir()}
    assert there == {n.removeprefix("default-uci-") for n in PROMISES if "-uci-" in n}


def test_defaults_take_a_quarter_of_an_hour_at_most():
    for name, promise in PROMISES.items():
        recipe = named(promise.recipe)
        assert recipe.steps <= 10_000, name
        assert recipe.budget is None or 60 * recipe.budget < promise.seconds <= 900, name


def vector(dim):
    zeros = (0.0,) * dim
    return Vector(dim, tuple(map(str, range(dim))), zeros, (1.0,) * dim)


KINDS = [
    (Image(1, 8, ("a", "b")), 200),
    (Image(3, 32, tuple("abcdefghij")), 18_000),
    (Image(3, 28, tuple(map(str, range(1000)))), 128_000),
    (Image(1, 28), 60_000),
    (Image(1, 28, tuple("abcdefghij")), 999),
    (Image(3, 64), 4_999),
    (Image(3, 64), 5_000),
    (vector(2), 100),
    (vector(30), 100),
]


@pytest.mark.parametrize(("domain", "count"), KINDS)
def test_every_kind_of_data_has_a_recipe_that_can_be_chosen(domain, count):
    chosen, reason = choose(domain, count, "any")
    assert chosen in candidates("any")
    assert chosen in RECIPES
    assert reason.startswith(f"{count:,} ")
    assert named(chosen).game.networks is not None


def test_rare_classes_are_not_shown_and_frequent_ones_are():
    few, many = (choose(Image(1, 28, tuple("abcdefghij")), n)[0] for n in (999, 1000))
    assert (few, many) == ("photos-few", "mnist")
    assert not named(few).game.conditional
    assert named(many).game.conditional


def test_few_pictures_are_augmented_and_many_are_not():
    few, many = (named(choose(Image(3, 64), n)[0]).game for n in (4_999, 5_000))
    assert few.augment.translation
    assert not many.augment.translation


def test_names_and_stacks_have_recipes_of_their_own():
    for name in [*FOR_NAME, "stacked:some/where"]:
        assert len(candidates(name)) == 1
        assert choose(vector(2), 100, name)[0] == candidates(name)[0]


def test_the_page_has_a_table_of_defaults_beside_real():
    page = markdown([row("default-yacht".replace("yacht", "uci-yacht")), row("ring-wgan-gp")])
    section = page.split("## Defaults")[1].split("\n## ")[0]
    line = next(line for line in section.splitlines() if line.startswith("| uci-yacht"))
    # A share of real, .5, of a reference of 8; for Fréchet a hundred times.
    assert [cell.strip() for cell in line.strip("|").split("|")] == [
        "uci-yacht",
        "table",
        "100",
        "4 (8)",
        "4 (8)",
        "800 (8)",
        "raw",
    ]
    assert "ring" not in section


def test_without_defaults_there_is_no_such_table():
    assert "## Defaults" not in markdown([row("ring-wgan-gp")])
