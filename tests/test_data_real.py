"""Real data sets, where they lie beside the repository."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import torch
from conftest import shared

from counterplay.data import load


def test_digits_are_scikit_learns_with_16_at_255():
    from sklearn.datasets import load_digits

    source = load("digits")
    rows = source.supply.rows
    assert rows.shape == (1797, 1, 8, 8)
    assert source.domain.classes == tuple("0123456789")
    assert (rows.min(), rows.max()) == (0, 255)
    assert np.array_equal(np.round(rows[:, 0] * (16 / 255)), load_digits().images)
    assert np.array_equal(source.supply.labels, load_digits().target)


@pytest.mark.parametrize(
    ("name", "rows", "columns", "classes"),
    [
        ("iris", 150, 4, 3),
        ("wine", 178, 13, 3),
        ("breast-cancer", 569, 30, 2),
        ("diabetes", 442, 11, 0),
    ],
)
def test_scikit_learns_tables(name, rows, columns, classes):
    source = load(name)
    assert sum(source.splits.values()) == rows
    assert source.domain.shape == (columns,)
    assert len(source.domain.names) == columns
    assert len(source.domain.classes) == classes


def test_fingerprints_are_the_same_everywhere():
    """Computed once on another machine: what a fingerprint is for."""
    assert load("digits").fingerprint == "ecb1797e4ae25f1fb7f35b14e406a0b5"
    assert load("ring").fingerprint == "d40422e8a5b0d43521639831bd9ddec4"


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_mnist_has_its_official_split(name):
    folder = shared(name)
    source = load(folder)
    assert source.splits == {"train": 55_000, "validation": 5_000, "test": 10_000}
    assert source.domain.shape == (1, 28, 28)
    assert source.domain.classes == tuple("0123456789")
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
        official = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    test = source.examples("test")
    assert torch.equal(source.domain.decode(test.x), torch.from_numpy(official.copy()))
    assert test.y.tolist() == labels.tolist()


def test_att_faces_are_grey_and_not_square():
    path = shared("att-faces/att_faces.zip")
    source = load(path)
    assert sum(source.splits.values()) == 400
    assert source.domain.shape == (1, 64, 64)
    assert source.domain.classes == tuple(f"s{i}" for i in range(1, 41))
    assert np.bincount(source.supply.labels).tolist() == [10] * 40
    notes = " ".join(source.notes)
    assert "92x112 pictures resized to 64 on the shorter side (antialiased), the middle" in notes
    assert "att_faces/README" in notes


def test_facades_are_the_photographs_and_not_their_label_maps():
    path = shared("facades/facades_128_derived.zip")
    source = load(path, size=32)
    assert source.splits == {"train": 400, "validation": 100, "test": 106}
    assert source.domain.shape == (3, 32, 32)
    assert any("606 palette pictures left out" in note for note in source.notes)
    assert load(path.parent, size=32).fingerprint == source.fingerprint


def test_emoji_are_laid_over_white():
    source = load(shared("emoji-captions/emojitwo_64.zip"))
    assert sum(source.splits.values()) == 1094
    corners = source.supply.rows[:, :, 0, 0]  # only flags reach into theirs
    assert (corners == 255).all(1).mean() > 0.9


@pytest.mark.parametrize(("name", "shape"), [("bike", (17379, 18)), ("yacht", (308, 7))])
def test_uci_tables_have_no_header(name, shape):
    source = load(shared(f"uci/{name}_data.csv.gz"))
    assert (sum(source.splits.values()), *source.domain.shape) == shape
    with gzip.open(shared(f"uci/{name}_data.csv.gz"), "rt") as file:
        wanted = np.loadtxt(file, delimiter=",")
    assert np.array_equal(source.supply.rows, wanted.astype(np.float32))


def test_a_table_with_text_and_holes_is_read_whole_or_without_them():
    path = shared("california-housing/housing.csv.gz")
    whole = load(path).domain
    kinds = {column.name: column.kind for column in whole.columns}
    assert kinds["ocean_proximity"] == "category"
    assert [column.name for column in whole.columns if column.missing] == ["total_bedrooms"]
    source = load(path, labels="ocean_proximity", drop="total_bedrooms")
    assert source.domain.shape == (8,)
    assert source.domain.classes == ("<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN")


def test_published_splits_in_npz_are_kept():
    assert load(shared("binary-uci/dna.npz")).splits == {
        "train": 1400,
        "validation": 600,
        "test": 1186,
    }
    svhn = load(shared("svhn-small"))
    assert svhn.domain.shape == (3, 32, 32)
    assert svhn.splits["test"] == 486
