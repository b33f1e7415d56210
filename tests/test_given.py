"""Samples in files, read as the data are they should be like."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import torch

from counterplay.cli import main
from counterplay.data import load
from counterplay.errors import UserError
from counterplay.recipes.given import read_like


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))


def rows(path, head, lines):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([head, *lines])


def census(n, seed=0):
    rng = np.random.default_rng(seed)
    ages, jobs = rng.integers(18, 80, n), rng.choice(["smith", "baker", "clerk"], n)
    return [[int(a), j, round(float(p), 2)] for a, j, p in zip(ages, jobs, rng.normal(size=n))]  # noqa: B905


HEAD = ("age", "job", "pay")


def test_a_table_whose_rows_are_all_one_is_read_by_the_datas_columns():
    rows("real.csv", HEAD, census(300))
    rows("made.csv", HEAD, census(1, 5) * 60)
    source = load("real.csv")
    found = read_like("made.csv", source)
    assert found.shape == (60, *source.domain.shape)
    assert len(found.unique(dim=0)) == 1
    rows("other.csv", ("age", "trade", "pay"), census(50))
    with pytest.raises(UserError, match="its columns are age, trade, pay"):
        read_like("other.csv", source)
    rows("unknown.csv", HEAD, [[30, "pilot", 1.0]] * 50)
    with pytest.raises(UserError, match="knows no 'pilot'"):
        read_like("unknown.csv", source)


def test_what_was_trained_on_is_read_as_it_was_trained_on():
    rows("real.csv", HEAD, census(300))
    rng = np.random.default_rng(0)
    np.save("points.npy", rng.normal(size=(200, 3)).astype(np.float32) * 4 + 1)
    np.save("pictures.npy", rng.integers(0, 256, (100, 8, 8)).astype(np.uint8))
    for path in ("real.csv", "points.npy", "pictures.npy"):
        source = load(path)
        parts = [source.examples(part).x for part in source.splits]
        known = {tuple(x.round(decimals=4).tolist()) for p in parts for x in p.flatten(1)}
        read = {tuple(x.round(decimals=4).tolist()) for x in read_like(path, source).flatten(1)}
        assert read == known, path


def test_columns_that_do_not_vary_and_a_column_of_classes_are_no_hindrance():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(200, 2)).round(3)
    rows("real.csv", ("a", "b"), real.tolist())
    rows("made.csv", ("a", "b", "class"), [[0.5, 1.25, "left"]] * 40)
    found = read_like("made.csv", load("real.csv"))
    assert torch.equal(found, found[:1].expand(40, 2))
    np.save("bare.npy", np.full((30, 2), 1.5, np.float32))
    assert read_like("bare.npy", load("real.csv")).shape == (30, 2)


def test_a_text_is_cut_by_the_datas_windows_and_symbols():
    from pathlib import Path

    words = "the quick brown fox jumps over the lazy dog. " * 400
    Path("real.txt").write_text(words)
    Path("made.txt").write_text("over the dog " * 100)
    source = load("real.txt")
    found = read_like("made.txt", source)
    assert found.shape[1:] == source.domain.shape
    levels = source.domain.decode(found)
    again = "".join(source.domain.symbols[k] for k in levels.flatten().tolist())
    assert again == ("over the dog " * 100)[: len(again)]
    Path("odd.txt").write_text("the fox § " * 200)
    with pytest.raises(UserError, match="know no '§'"):
        read_like("odd.txt", source)
    Path("long.txt").write_text(words * 20)
    with pytest.raises(UserError, match=r"windows of 2,000 are compared"):
        read_like("made.txt", load("long.txt", length=2000))


def test_pictures_of_another_size_or_colour_are_told_apart():
    rng = np.random.default_rng(0)
    np.save("real.npy", rng.integers(0, 256, (100, 8, 8)).astype(np.uint8))
    np.save("colour.npy", rng.integers(0, 256, (40, 8, 8, 3)).astype(np.uint8))
    with pytest.raises(UserError, match="compare like with like"):
        read_like("colour.npy", load("real.npy"))


def test_a_collapsed_file_is_diagnosed_whatever_its_kind(capsys):
    rows("real.csv", HEAD, census(300))
    rows("made.csv", HEAD, census(1, 5) * 200)
    np.save("real.npy", np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32))
    np.save("made.npy", np.full((200, 3), 0.25, np.float32))
    for made, real in (("made.csv", "real.csv"), ("made.npy", "real.npy")):
        assert main(["diagnose", "--samples", made, "--data", real]) == 1
        assert "mode-collapse" in capsys.readouterr().out
