"""Shapes with known factors, stacked digits, and sheets of tiles."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import torch
from conftest import shared
from PIL import Image

from counterplay.data import is_known, load
from counterplay.data.shapes import FACTORS, classes, codes, draw, tell
from counterplay.errors import UserError


@pytest.mark.parametrize("size", [8, 16, 32])
def test_every_factor_of_a_shape_can_be_told(size):
    labels = np.arange(640) % len(classes())
    told, known = tell(draw(labels, size, seed=1)), codes(labels)
    for name in FACTORS:
        assert (told[name] == known[name]).mean() >= 0.99, name
    assert (told["label"] == labels).mean() >= 0.99
    assert np.quantile(told["error"], 0.99) < 0.1


def test_what_is_no_shape_has_a_large_error():
    noise = np.random.default_rng(0).integers(0, 256, (64, 3, 16, 16), dtype=np.uint8)
    assert tell(noise)["error"].min() > 0.2
    assert tell(np.zeros((2, 3, 16, 16), np.uint8))["error"].min() > 0.2


def test_a_picture_that_is_mirrored_changes_its_side_and_nothing_else():
    labels = np.arange(len(classes()))
    pictures = draw(labels, 16)
    told, turned = tell(pictures), tell(pictures[..., ::-1])
    assert (turned["side"] == 1 - told["side"]).all()
    assert (turned["colour"] == told["colour"]).all()
    assert (turned["shape"] == told["shape"]).mean() >= 0.95


def test_shapes_are_balanced_labelled_and_the_same_everywhere():
    source = load("shapes")
    assert source.splits == {"train": 16_000, "validation": 2_000, "test": 2_000}
    assert source.domain.shape == (3, 16, 16)
    assert source.domain.classes == classes()
    assert np.ptp(np.bincount(source.supply.labels)) == 0
    assert source.fingerprint == load("shapes").fingerprint
    assert source.fingerprint != load("shapes", size=32).fingerprint
    assert load("shapes", labels=False).domain.classes == ()


def test_shapes_refuse_columns():
    with pytest.raises(UserError, match="labels=False leaves the labels out"):
        load("shapes", drop="shape")


def digits(tmp_path, side=8, count=60):
    rng = np.random.default_rng(0)
    y = np.arange(count) % 3
    # The value of a picture is its class, so that a stack can be read again.
    x = np.broadcast_to((40 * y + 40).astype(np.uint8)[:, None, None], (count, side, side))
    path = tmp_path / "digits.npz"
    np.savez(path, x=x + rng.integers(0, 5, x.shape, dtype=np.uint8), y=y)
    return path


def test_a_stack_is_three_pictures_and_its_class_their_number(tmp_path):
    path = digits(tmp_path)
    source = load(f"stacked:{path}")
    assert source.domain.shape == (3, 8, 8)
    assert source.domain.classes[:4] == ("000", "001", "002", "010")
    assert len(source.domain.classes) == 27
    x, y = next(source.batches(64, seed=3))
    own = (source.domain.decode(x).numpy()[:, :, 0, 0].astype(int) - 40) // 40
    assert np.array_equal(own @ [9, 3, 1], y.numpy())
    assert len(np.unique(y)) > 20


def test_stacks_are_a_function_of_seed_and_step_and_of_no_shard(tmp_path):
    source = load(f"stacked:{digits(tmp_path)}")
    batches = source.batches(8, seed=1)
    first = [next(batches) for _ in range(3)]
    again = next(source.batches(8, seed=1, start=2))
    assert torch.equal(first[2].x, again.x)
    assert not torch.equal(first[0].x, first[1].x)
    halves = [next(source.batches(8, seed=1, shard=(i, 2))).x for i in (0, 1)]
    assert torch.equal(torch.cat(halves), first[0].x)


def test_no_test_picture_is_in_a_stack_for_training(tmp_path):
    rows = np.repeat(np.arange(60, dtype=np.uint8)[:, None], 64, 1).reshape(60, 8, 8)
    source = load((np.minimum(rows, 250), np.arange(60) % 2))
    from counterplay.data.stacked import stack

    stacks = stack(source, "stacks")
    own = source.supply.split
    seen = {
        split: set(
            stacks.domain.decode(stacks.examples(split, 500).x)[:, :, 0, 0].flatten().tolist()
        )
        for split in ("train", "test")
    }
    assert seen["test"] == set(own["test"].tolist())
    assert not seen["train"] & seen["test"]


def test_what_cannot_be_stacked_is_refused():
    with pytest.raises(UserError, match="grey pictures in 2 to 10 classes can be stacked"):
        load("stacked:shapes")
    with pytest.raises(UserError, match="does not exist"):
        load("stacked:/nowhere/at/all")


def test_stacked_mnist_has_a_thousand_modes():
    folder = shared("mnist")
    source = load(f"stacked:{folder}")
    assert source.splits["test"] == 26_000
    assert source.domain.shape == (3, 28, 28)
    y = source.examples("test", 5_000).y
    assert len(source.domain.classes) == 1000
    assert 950 < len(y.unique()) <= 1000


def test_what_names_data_is_known(tmp_path):
    path = digits(tmp_path)
    known = ["digits", "shapes", "stacked:digits", f"stacked:{path}", str(path), "hub:any"]
    assert all(map(is_known, known))
    assert not any(map(is_known, ["stacked:nowhere", "mnist-dcgan", str(path) + "x"]))


def sheet(folder, name, tiles):
    count, side = tiles.shape[:2]
    rows = 2
    grid = tiles.reshape(rows, count // rows, side, side, 3).transpose(0, 2, 1, 3, 4)
    Image.fromarray(grid.reshape(rows * side, count // rows * side, 3)).save(folder / name)


def tiles(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)


def test_sheets_are_cut_by_the_number_of_their_labels(tmp_path):
    one, two, held = tiles(8, 0), tiles(12, 1), tiles(6, 2)
    for name, each in (("batch_1", one), ("batch_2", two), ("test_batch", held)):
        sheet(tmp_path, f"{name}.png", each)
    y = {name: np.arange(n) % 2 for name, n in (("batch_1", 8), ("batch_2", 12), ("test_batch", 6))}
    np.savez(tmp_path / "labels.npz", batch_9=np.zeros(5), **y)
    source = load(tmp_path)
    assert source.splits == {"train": 18, "validation": 2, "test": 6}
    wanted = np.concatenate([one, two, held]).transpose(0, 3, 1, 2)
    assert np.array_equal(np.sort(source.supply.rows, 0), np.sort(wanted, 0))
    test = source.examples("test")
    assert np.array_equal(source.domain.decode(test.x).numpy(), held.transpose(0, 3, 1, 2))
    assert test.y.tolist() == [0, 1] * 3


def test_a_sheet_that_cannot_be_cut_is_refused(tmp_path):
    sheet(tmp_path, "batch.png", tiles(8, 0))
    np.savez(tmp_path / "labels.npz", batch=np.zeros(7, int))
    with pytest.raises(UserError, match=r"32x16 pixels and 7 labels: it cannot be cut"):
        load(tmp_path)


def test_pictures_without_labels_of_their_own_are_no_sheets(tmp_path):
    for i in range(4):
        sheet(tmp_path, f"{i}.png", tiles(2, i))
    np.savez(tmp_path / "labels.npz", elsewhere=np.zeros(7, int))
    assert load(tmp_path, size=8).splits == {"train": 2, "validation": 1, "test": 1}


def test_cifar_10_is_in_its_official_order():
    folder = shared("cifar10")
    with Image.open(folder / "test_batch.webp") as picture:
        first = np.asarray(picture.convert("RGB").crop((32, 0, 64, 32)))
    source = load(folder)
    assert source.splits == {"train": 18_000, "validation": 2_000, "test": 10_000}
    test = source.examples("test")
    assert np.array_equal(source.domain.decode(test.x[1:2])[0].numpy(), first.transpose(2, 0, 1))
    assert torch.bincount(test.y).tolist() == [1000] * 10


def test_mnist_is_what_is_stacked():
    folder = shared("mnist")
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
        held = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    source = load(f"stacked:{folder}")
    shown = source.domain.decode(source.examples("test", 4).x).numpy().reshape(12, 784)
    rows = {row.tobytes() for row in held}
    assert all(row.tobytes() in rows for row in shown)
