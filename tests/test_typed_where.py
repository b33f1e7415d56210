"""Rows with a condition on columns: only such rows, by the game's own law, from every game."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typed_tables import content

from counterplay.cli import main
from counterplay.commands.sample import FORMATS, Arguments
from counterplay.data import load
from counterplay.errors import UserError
from counterplay.recipes.samples import Sampler
from counterplay.recipes.where import condition, rows_where


class Draws:
    """A game whose law is that of the rows it was given, each as likely as the others."""

    def __init__(self, x: torch.Tensor) -> None:
        self.x = x

    def sample(self, n: int, condition: Any = None, seed: int = 0) -> torch.Tensor:
        rng = torch.Generator().manual_seed(seed)
        return self.x[torch.randint(len(self.x), (n,), generator=rng)]


@pytest.fixture(scope="module")
def sampler(tmp_path_factory) -> Sampler:
    path = tmp_path_factory.mktemp("where") / "t.csv"
    path.write_text(content(300))
    source = load(path)
    game: Any = Draws(source.examples("train").x)
    return Sampler(game, source.domain)


def column(sampler: Sampler, raw: np.ndarray, name: str) -> np.ndarray:
    return raw[:, sampler.domain.names.index(name)]


def test_rows_that_are_asked_for_have_the_games_law_given_that(sampler):
    raw = rows_where(sampler, 4000, ["job=nurse", "age=30..50"], seed=3)
    everything = sampler.domain.decode(sampler.game.x).numpy()
    nurse = sampler.domain.columns[2].choices.index("nurse")
    ages = column(sampler, everything, "age")
    wanted = (column(sampler, everything, "job") == nurse) & (ages >= 30) & (ages <= 50)
    assert len(raw) == 4000
    assert (column(sampler, raw, "job") == nurse).all()
    assert column(sampler, raw, "age").min() >= 30
    pay, given = column(sampler, raw, "pay"), column(sampler, everything[wanted], "pay")
    assert abs(pay.mean() - given.mean()) < 4 * given.std() / np.sqrt(4000)
    # Its twin, which asks for nothing, has another mean.
    free = column(sampler, sampler.sample(4000, seed=3), "pay")
    assert abs(free.mean() - given.mean()) > 10 * given.std() / np.sqrt(4000)
    assert np.array_equal(raw, rows_where(sampler, 4000, ["job=nurse", "age=30..50"], 3), True)


def test_ids_count_on_and_missing_values_can_be_asked_for(sampler):
    raw = rows_where(sampler, 50, ["score="], seed=0)
    assert np.isnan(column(sampler, raw, "score")).all()
    assert column(sampler, raw, "no").tolist() == list(range(50))
    raw = rows_where(sampler, 50, ["job=pilot, retired", "hired=2003-01-01.."], seed=0)
    hired = sampler.domain.columns[4]
    assert (column(sampler, raw, "hired") >= 12053).all()
    assert hired.unit == 86_400


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("jbo=nurse", "did you mean 'job'"),
        ("job", "NAME=VALUE is needed"),
        ("job=nurs", "did you mean 'nurse'"),
        ("age=old", "'old' is not a number"),
        ("age=200..", "'age' is from 18 to 79"),
        ("age=40..30", "'age' is from"),
        ("hired=1.2.2003", "a date as %Y-%m-%d"),
        ("no=C0001", "unique in each row"),
        ("age=", "'' is not a number"),
    ],
)
def test_what_a_column_never_holds_is_refused(sampler, word, told):
    with pytest.raises(UserError, match=told):
        condition(sampler.domain, word)


def test_rows_that_are_too_rare_end(sampler, monkeypatch):
    monkeypatch.setattr("counterplay.recipes.where.MOST", 4000)
    with pytest.raises(UserError, match=r"0 of 4,000 rows .* too rare for 10"):
        rows_where(sampler, 10, ["pay=0..900", "age=79", "pay=200..201"], seed=0)


def test_bits_are_written_as_they_were_read(tmp_path):
    path = tmp_path / "bits.csv"
    path.write_text("a,b\n" + "0,1\n1,1\n1,0\n" * 20)
    source = load(path)
    game: Any = Draws(source.examples("train").x)
    given = Arguments(path, n=9, out=tmp_path / "new.csv")
    FORMATS[".csv"](Sampler(game, source.domain), given)
    lines = (tmp_path / "new.csv").read_text().splitlines()
    assert lines[0] == "a,b"
    assert set(lines[1:]) <= {"0,1", "1,1", "1,0"}


@pytest.mark.parametrize("recipe", ["mixed", "gan-mixed"])
def test_a_run_is_asked_on_the_command_line(tmp_path, monkeypatch, capsys, recipe):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(content(80))
    small = ["--game.networks.width", "8", "--game.networks.depth", "1", "--steps", "2"]
    assert main(["train", "t.csv", "--recipe", recipe, "--out", "r", "--quiet", *small]) == 0
    assert main(["sample", "r", "-n", "5", "--out", "o.csv", "--where", "job=baker"]) == 0
    with Path("o.csv").open(newline="") as file:
        head, *body = list(csv.reader(file))
    assert [row[head.index("job")] for row in body] == ["baker"] * 5
    assert main(["sample", "r", "--out", "o.npz", "--where", "job=baker"]) == 2
    assert "--where is for files of tables" in capsys.readouterr().err
