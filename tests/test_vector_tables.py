"""Tables of decimals alone: what is drawn keeps to their ranges, in any kind of file."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import torch

from counterplay.cli import main
from counterplay.data import load
from counterplay.data.domain import Vector, from_json
from counterplay.errors import UserError

NAMES = ("share", "price", "tiny")


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([NAMES, *rows.tolist()])


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    columns = (
        rng.beta(0.5, 0.5, 400).round(3),
        rng.exponential(size=400).round(2),
        rng.normal(size=400) * 1e-5,
    )
    rows = np.stack(columns, 1)
    write(tmp_path / "table.csv", rows)
    return rows


def test_the_range_is_that_of_the_training_rows_and_is_kept(table):
    source = load("table.csv")
    domain = source.domain
    train = domain.decode(source.examples("train", 10**6).x).numpy()
    assert np.allclose(domain.low, train.min(0))
    assert np.allclose(domain.high, train.max(0))
    known = table[np.abs(table[:, 2] - train[:, 2:]).argmin(1)]  # as they stand in the file
    wild = 1e3 * np.random.default_rng(1).normal(size=(500, 3)).astype(np.float32)
    shortest = domain.settle(wild).astype(str).astype(np.float64)
    assert (shortest >= known.min(0)).all()
    assert (shortest <= known.max(0)).all()
    assert shortest[:, 0].max() == known[:, 0].max()
    assert shortest[:, 1].min() == known[:, 1].min()
    assert np.allclose(domain.settle(train), train, rtol=1e-6, atol=0)
    assert from_json(domain.to_json()) == domain


def test_points_have_no_range():
    domain = load(torch.randn(200, 2, generator=torch.Generator().manual_seed(0))).domain
    assert domain.low == domain.high == ()
    far = np.full((2, 2), 1e6, np.float32)
    assert np.array_equal(domain.settle(far), far)


def test_a_domain_of_an_older_folder_is_read_and_a_wrong_range_is_not():
    known = Vector(1, ("a",), (0.0,), (1.0,)).to_json()
    old = {name: value for name, value in known.items() if name not in ("low", "high")}
    assert from_json(old) == from_json(known)
    with pytest.raises(UserError, match="as many low"):
        from_json({**known, "low": [1.0, 2.0], "high": [1.0, 2.0]})


def test_drawn_rows_are_within_the_range_in_every_kind_of_file(table, capsys):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert main(["train", "table.csv", "--steps", "3", "--out", "run"]) == 0
    rows = load("table.csv").examples("train", 10**6).x
    train = load("table.csv").domain.decode(rows).numpy().astype(str).astype(np.float64)
    readers = {
        "s.csv": pd.read_csv,
        "s.tsv": lambda path: pd.read_csv(path, sep="\t"),
        "s.csv.gz": pd.read_csv,
        "s.parquet": pd.read_parquet,
    }
    for name, read in readers.items():
        assert main(["sample", "run", "-n", "300", "--out", name]) == 0
        found = read(name)
        assert tuple(found.columns) == NAMES
        assert found.shape == (300, 3)
        assert set(found.dtypes) == {np.dtype(np.float64)}
        assert (found.to_numpy() >= train.min(0)).all()
        assert (found.to_numpy() <= train.max(0)).all()


def test_what_leaves_the_range_without_it_is_caught(table):
    """The broken twin: the same far rows, not settled."""
    domain = load("table.csv").domain
    far = domain.decode(torch.full((4, 3), 50.0)).numpy()
    assert (far > np.array(domain.high)).all()
    assert (domain.settle(far) <= np.array(domain.high, np.float32)).all()


def test_classes_come_back_in_the_column_they_came_from(tmp_path, monkeypatch):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    side = rng.integers(0, 2, 200)
    frame = pd.DataFrame(
        {
            "left": rng.normal(size=200) + side,
            "kind": np.where(side, "b", "a"),
            "right": rng.normal(size=200),
        }
    )
    frame.to_csv("told.csv", index=False)
    frame.assign(kind=side).to_parquet("told.parquet", index=False)
    for name, known in (("told.csv", {"a", "b"}), ("told.parquet", {0, 1})):
        out = name.partition(".")[2]
        words = ["--data.labels", "kind", "--recipe", "table", "--game.conditional"]
        assert main(["train", name, *words, "--steps", "2", "--out", out]) == 0
        assert main(["sample", out, "-n", "40", "--out", f"made-{name}"]) == 0
        made = (pd.read_csv if out == "csv" else pd.read_parquet)(f"made-{name}")
        assert list(made.columns) == ["left", "kind", "right"]
        assert set(made["kind"]) == known
        assert main(["diagnose", "--samples", f"made-{name}", "--data", name]) in (0, 1)
