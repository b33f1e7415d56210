"""Tables on the command line: trained, stopped, gone on with, drawn from and measured."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typed_tables import content

from counterplay.cli import main
from counterplay.data import load
from counterplay.recipes import read

SMALL = ["--game.networks.width", "8", "--game.networks.depth", "1", "--steps", "4", "--quiet"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def cells(path: str) -> list[list[str]]:
    with Path(path).open(newline="") as file:
        return list(csv.reader(file))


def test_what_is_trained_on_a_file_samples_a_file_of_its_form(capsys):
    Path("staff.csv").write_text(content(200))
    assert (
        main(["train", "staff.csv", "--recipe", "mixed", "--out", "run", "--decay", "0", *SMALL])
        == 0
    )
    assert main(["train", "--resume", "run", "--steps", "6", "--quiet"]) == 0
    assert main(["sample", "run", "-n", "150", "--out", "new.csv"]) == 0
    assert main(["sample", "run", "--class", "x", "--out", "new.tsv"]) == 2
    assert "--class x: a game on a table is shown no classes; --where" in capsys.readouterr().err
    given, made = cells("staff.csv"), cells("new.csv")
    assert made[0] == given[0]
    assert len(made) == 151
    for name, each in zip(given[0], zip(*made[1:], strict=True), strict=True):
        seen = {row[given[0].index(name)] for row in given[1:]}
        if name in ("job", "paid", "zip"):
            assert set(each) <= seen
        if name in ("age", "hired"):
            assert all(min(seen) <= value <= max(seen) for value in each)
    kinds = {column.name: column.kind for column in load("staff.csv").domain.columns}
    again = {column.name: column.kind for column in load("new.csv").domain.columns}
    assert again == kinds
    assert json.loads(Path("run/domain.json").read_text())["kind"] == "table"
    capsys.readouterr()
    assert main(["evaluate", "run"]) == 0
    said = capsys.readouterr().out
    for name in ("detection/boosting", "utility", "contingency", "copies", "closer_to_training"):
        assert name in said


NUMBERS = "u,v,w\n" + "".join(f"{i % 7 + i / 64},{i * i % 11 - 0.5},{i / 3}\n" for i in range(60))


@pytest.mark.parametrize(("text", "recipe"), [(content(60), "mixed"), (NUMBERS, "table")])
def test_few_rows_make_the_batch_smaller_unless_one_was_asked_for(text, recipe, capsys):
    Path("few.csv").write_text(text)
    assert main(["train", "few.csv", "--dry-run"]) == 0
    found = read(capsys.readouterr().out)
    assert (found.name, found.data.batch) == (recipe, 32)
    assert main(["train", "few.csv", "--batch", "256", "--dry-run"]) == 2
    assert "a batch of 256 was asked for" in capsys.readouterr().err
    Path("own.yaml").write_text("data: {batch: 256}\n")
    assert main(["train", "few.csv", "--config", "own.yaml", "--dry-run"]) == 2


def test_a_batch_that_was_made_smaller_is_told():
    from counterplay.recipes import named
    from counterplay.recipes.device import find
    from counterplay.recipes.plan import plan

    Path("few.csv").write_text(content(60))
    recipe = read("data: {source: few.csv}", named("mixed"))
    found = plan({"mixed": recipe}, find("cpu"), shrink=True)
    assert found.notes == ("a batch of 32 in the place of 256: there are 48 to train on",)
    less = read("data: {batch: 16}", recipe)
    assert plan({"mixed": less}, find("cpu"), shrink=True).notes == ()


def test_packs_of_rows_are_played_and_examined_where_few_are_held_out(capsys):
    """Twenty held-out rows fill no whole number of packs of eight."""
    Path("t.csv").write_text("a,b\n" + "x,u v\ny,w\nz,w\nx,u v\n" * 50)
    assert main(["train", "t.csv", "--recipe", "gan-mixed", "--out", "run", *SMALL]) == 0
    assert main(["sample", "run", "-n", "20", "--out", "new.csv"]) == 0
    assert {row[0] for row in cells("new.csv")[1:]} <= set("xyz")
