"""``counterplay latent``: pictures from a run, and mistakes told in one line."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterplay.cli import main
from counterplay.recipes.schema import Dcgan, Mlp
from counterplay.recipes.specs.inferential import Warp


def trained(path: Path, data: str | dict[str, Any], recipe: str, **game: Any) -> Path:
    """Make a run of a few rounds, without the measuring at the end."""
    from counterplay.recipes import named
    from counterplay.recipes.plan import plan
    from counterplay.recipes.session import Watch, joined, start

    short = replace(named(recipe), steps=4, look_every=4, checkpoint_every=4)
    fields = data if isinstance(data, dict) else {"source": data}
    short = replace(short, data=replace(short.data, **fields))
    short = replace(short, game=replace(short.game, **game))
    with joined("cpu") as place:
        watch = Watch(say=lambda line: None, silent=True, examine=False)
        start(plan({recipe: short}, place.device), path, place, watch)
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("latent") / "run", "digits", "digits")


SHOTS = {
    "sheet": (["--seeds", "0", "1", "2"], 1),
    "interpolate": (["--seeds", "0", "1", "2", "--steps", "5"], 2),
    "arithmetic": (["--a", "1", "2", "--b", "3", "--c", "4", "5"], 4),
    "truncation": (["--values", "2", "1", "0.5"], 3),
    "neighbours": (["--seeds", "0", "1", "--steps", "3"], 4),
    "invert": (["--examples", "3"], 2),
}


AGAIN = {
    "sheet": (["--seeds", *map(str, range(10)), "0", "1"], 2),
    "interpolate": (["--seeds", "0", "1", "0", "1", "--steps", "5"], 3),
    "truncation": (["--values", "1", "1", "0.5"], 3),
    "neighbours": (["--seeds", "3", "3", "--steps", "3"], 4),
}


@pytest.mark.parametrize("what", AGAIN)
def test_what_is_asked_for_twice_has_two_rows(run, tmp_path, what):
    more, rows = AGAIN[what]
    out = tmp_path / "x.png"
    assert main(["latent", str(run), what, *more, "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.height == rows * 66 + 2


@pytest.mark.parametrize("what", SHOTS)
def test_each_tool_draws_its_rows(run, tmp_path, capsys, what):
    more, rows = SHOTS[what]
    out = tmp_path / "x.png"
    assert main(["latent", str(run), what, *more, "--class", "3", "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.height == rows * 66 + 2  # cells of 64, a gap of 2
    assert str(out) in capsys.readouterr().out


def test_the_same_words_draw_the_same_picture_and_another_path_another(run, tmp_path):
    shots = []
    for i, more in enumerate(([], [], ["--no-spherical"], ["--class", "5"])):
        out = tmp_path / f"{i}.png"
        assert main(["latent", str(run), "interpolate", *more, "--out", str(out)]) == 0
        shots.append(out.read_bytes())
    assert shots[0] == shots[1]
    assert len(set(shots)) == 3


def test_a_sweep_says_how_the_spread_falls(run, tmp_path, capsys):
    words = ["--values", "3", "1", "0", "--out", str(tmp_path / "x.png")]
    assert main(["latent", str(run), "truncation", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "all of class '0'; --class names one" in lines
    lines = lines[:3]
    falls = [float(line.split()[-1]) for line in lines]
    assert falls[0] > falls[1] > falls[2] == 0


def test_examples_are_looked_for_in_their_own_classes(run, tmp_path, capsys):
    out = tmp_path / "x.png"
    shots = []
    for more in ([], ["--class", "0"]):
        words = ["latent", str(run), "invert", "--examples", "12", *more, "--out", str(out)]
        assert main(words) == 0
        said = capsys.readouterr().out
        assert "test examples: mean square error" in said
        assert "all of class" not in said
        shots.append(out.read_bytes())
    assert shots[0] != shots[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["arithmetic"], "takes the seeds of three sets"),
        (["interpolate", "--seeds", "1"], "give two or more"),
        (["interpolate", "--steps", "1"], "2 or more are needed"),
        (["sheet", "--seeds", "-1"], "whole numbers from 0"),
        (["sheet", "--out", "x.jpg"], "name a .png file"),
        (["sheet", "--out", "no/x.png"], "there is no folder"),
        (["sheet", "--class", "nine"], "no class 'nine'"),
        (["truncation", "--values", "-1"], "a number from 0"),
        (["sheet", "--values", "1"], "--values: sheet takes none; truncation would"),
        (["truncation", "--steps", "4"], "interpolate and neighbours would"),
        (["invert", "--examples", "0"], "1 or more"),
        (["sheet", "--examples", "3"], "--examples: sheet takes none; invert would"),
        (["neighbours", "--no-spherical"], "--no-spherical: neighbours takes none"),
        (["dance"], "invalid choice"),
    ],
)
def test_mistakes_are_told_in_one_line(run, monkeypatch, tmp_path, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert main(["latent", str(run), *words]) == 2
    error = capsys.readouterr().err.strip()
    assert said in error.lower() or said in error
    assert "\n" not in error


def test_latents_of_several_parts_are_walked_among(tmp_path, capsys):
    path = trained(tmp_path / "run", "digits", "infogan-mnist")
    out = ["--out", str(tmp_path / "x.png")]
    assert main(["latent", str(path), "interpolate", "--seeds", "0", "1", *out]) == 0
    assert "categories change half-way" in capsys.readouterr().out
    words = ["arithmetic", "--a", "1", "--b", "2", "--c", "3"]
    assert main(["latent", str(path), *words, *out]) == 0
    assert main(["latent", str(path), "invert", "--examples", "1", *out]) == 0


def test_styles_are_walked_along_lines_and_lengths_of_latents_not_truncated(tmp_path, capsys):
    path = trained(tmp_path / "run", "digits", "style-32")
    out = tmp_path / "x.png"
    words = ["latent", str(path), "interpolate", "--seeds", "0", "1", "--steps", "3"]
    assert main([*words, "--out", str(out)]) == 0
    assert "along lines between styles" in capsys.readouterr().out
    shot = out.read_bytes()
    assert main([*words, "--no-spherical", "--out", str(out)]) == 0
    assert out.read_bytes() == shot
    words = ["latent", str(path), "invert", "--examples", "1", "--out", str(out)]
    assert main(words) == 0  # what moves is the styles, a row of them for each layer
    assert "mean square error" in capsys.readouterr().out
    grown = trained(tmp_path / "grown", "digits", "progressive-32")
    assert main(["latent", str(grown), "truncation", "--out", str(out)]) == 2
    assert "there is nothing to truncate" in capsys.readouterr().err


def test_classes_that_a_game_found_are_asked_for_by_number(tmp_path, capsys):
    path = trained(tmp_path / "run", "digits", "infogan-mnist")
    out = ["--out", str(tmp_path / "x.npz"), "-n", "6"]
    assert main(["sample", str(path), "--class", "7", *out]) == 0
    with np.load(tmp_path / "x.npz") as found:
        assert found["y"].tolist() == [7] * 6
        asked = found["x"]
    assert main(["sample", str(path), *out]) == 0
    with np.load(tmp_path / "x.npz") as found:
        assert (found["x"] != asked).any()
    for word, said in (("10", "numbered 0 to 9, not 10"), ("seven", "are numbered 0 to 9")):
        assert main(["sample", str(path), "--class", word, *out]) == 2
        assert said in capsys.readouterr().err
    # The digits have classes of their own, which the categories are not.
    folder = tmp_path / "folder"
    assert main(["sample", str(path), "--class", "7", "-n", "2", "--out", str(folder)]) == 0
    assert [each.name for each in folder.iterdir()] == ["category-7"]
    assert len(list(folder.glob("*/*.png"))) == 2
    # Its networks are shown no class beside the latent.
    capsys.readouterr()
    assert main(["latent", str(path), "sheet", "--class", "3", *out[:1], f"{tmp_path}/x.png"]) == 2
    error = capsys.readouterr().err.strip()
    told = "--class: this game's category is part of its latent; sample --class asks for one"
    assert told in error
    assert "\n" not in error


def test_categories_of_unlabelled_pictures_have_folders(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "data").mkdir()
    for i in range(40):
        pixels = rng.integers(0, 256, (8, 8), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "data" / f"{i}.png")
    networks = {"networks": Dcgan(4), "hidden": 8, "features": 8, "categories": 3}
    data = {"source": str(tmp_path / "data"), "batch": 8}
    path = trained(tmp_path / "run", data, "infogan-mnist", **networks)
    folder = tmp_path / "made"
    assert main(["sample", str(path), "--class", "2", "-n", "3", "--out", str(folder)]) == 0
    assert {each.parent.name for each in folder.glob("*/*.png")} == {"category-2"}


def test_categories_of_a_table_are_not_its_labels(tmp_path):
    plain = {"networks": Mlp(8, 1), "hidden": 0, "features": 8, "categories": 2, "warp": Warp()}
    path = trained(tmp_path / "run", "iris", "infogan-mnist", **plain)
    for word in ("1", "category-1"):
        out = tmp_path / "made.csv"
        assert main(["sample", str(path), "--class", word, "-n", "3", "--out", str(out)]) == 0
        with out.open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header[-1] == "category"
        assert not {"class", "species"} & set(header)
        assert [row[-1] for row in rows] == ["category-1"] * 3


def test_rows_of_numbers_have_no_pictures(tmp_path, capsys):
    path = trained(tmp_path / "points", "moons", "plane")
    assert main(["latent", str(path), "sheet", "--out", str(tmp_path / "x.png")]) == 2
    assert "latents are shown of pictures" in capsys.readouterr().err


def test_the_page_on_latents_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[1] / "docs" / "latents.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict = {}
    exec(block, names)
    assert names["strip"].shape == (8, 1, 8, 8)
    assert len(names["near"]) == 9
    assert names["copies"].shape == (8, 2)
    assert [len(each) for each in names["sets"]] == [16] * 3
