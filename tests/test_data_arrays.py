"""Arrays, tensors, dicts, .npy, .npz and IDX."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from counterplay.data import load
from counterplay.data.arrays import by_names
from counterplay.data.rows import from_array, from_idx
from counterplay.errors import UserError

RNG = np.random.default_rng(0)
U8 = RNG.integers(0, 256, (40, 8, 8, 3), dtype=np.uint8)
GREY = np.ascontiguousarray(U8[..., 0])


def everything(source) -> torch.Tensor:
    """Return all raw examples in their own order, as numbers in a set that can be compared."""
    rows = [source.domain.decode(source.examples(p).x) for p in ("train", "validation", "test")]
    return torch.cat(rows)


def same(a, b) -> bool:
    return a.domain == b.domain and torch.equal(everything(a), everything(b))


def test_every_layout_is_the_same_pictures():
    wanted = load(U8)
    assert wanted.domain.shape == (3, 8, 8)
    assert same(wanted, load(U8.transpose(0, 3, 1, 2)))
    assert same(wanted, load(torch.from_numpy(U8)))
    assert same(load(GREY), load(GREY[..., None]))
    assert same(load(GREY), load(GREY[:, None]))


@pytest.mark.parametrize(
    "scaled",
    [
        GREY / 255,
        (GREY / 255).astype(np.float32),
        (GREY / 127.5 - 1).astype(np.float32),
        GREY.astype(np.float64),
        GREY.astype(np.int64),
        GREY.astype(np.uint16) * 257,
        torch.from_numpy(GREY / 127.5 - 1),
        torch.from_numpy(GREY).float(),
    ],
)
def test_every_range_is_the_same_pictures(scaled):
    assert same(load(GREY), load(scaled))


def test_16_bits_that_hold_8_are_the_same_pictures_and_dark_ones_stay_dark():
    assert same(load(GREY), load(GREY.astype(np.uint16)))
    assert everything(load(GREY.astype(np.uint16) * 130)).max() == 129


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int32, np.float32])
def test_0_and_1_are_black_and_white(kind):
    raw = everything(load((GREY > 127).astype(kind)))
    assert set(raw.unique().tolist()) == {0, 255}


def test_four_channels_are_alpha_over_white():
    alpha = np.full((40, 8, 8, 1), 51, np.uint8)
    raw = everything(load(np.concatenate([np.zeros_like(U8), alpha], 3)))
    assert set(raw.unique().tolist()) == {204}


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (RNG.normal(size=(20, 8, 8)) * 3, "uint8, or floats in [0, 1], [-1, 1] or [0, 255]"),
        (RNG.random((20, 8, 8)) * 16, "from "),
        (GREY.astype(np.int64) * 9, "pictures of int64 from 0 to"),
        (GREY.astype(np.int64) // 16, "pictures of int64 from 0 to 15"),
        (GREY.astype(np.uint16) * 16, "of 65,535 at most, so that they would be nearly black"),
        (GREY.astype(np.uint16) * 40, "multiply them by 4 first"),
        (np.where(GREY == 7, np.nan, GREY / 255), "pictures hold NaN or infinite values"),
        (np.zeros((20, 8, 8, 2)), "with 1, 3 or 4 channels"),
        (np.zeros((64, 64, 3)), "is it one picture?"),
        (np.zeros((2, 2, 2, 2, 2)), "an array of shape (2, 2, 2, 2, 2)"),
        (np.zeros((0, 8, 8)), "has nothing in it"),
        (np.float64(3), "a single number"),
        (np.array(["a", "b"]), "numbers are needed"),
        (np.array([{}, None]), "numbers are needed"),
        (np.zeros((4, 3), complex), "numbers are needed, seen dtype complex128"),
        ([[1.0, 2.0], [3.0]], "differ in shape"),
    ],
)
def test_arrays_that_are_no_data_are_refused_in_one_line(array, said):
    with pytest.raises(UserError) as caught:
        load(array)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_parts_of_two_types_stand_on_two_scales_and_are_refused(tmp_path):
    """Floats in [0, 1] beside bytes would be black pictures."""
    path = tmp_path / "two.npz"
    np.savez(path, x_train=(GREY / 255).astype(np.float32), x_test=GREY)
    with pytest.raises(UserError, match=r"different types \(float32, uint8\)"):
        load(path)


def test_a_plain_array_of_numbers_is_one_column():
    assert load(RNG.normal(size=50)).domain.shape == (1,)
    assert load([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0], [7.0, 7.0]]).domain.shape == (2,)


def test_arrays_are_resized_like_files():
    source = load(RNG.integers(0, 256, (20, 30, 50), dtype=np.uint8))
    assert source.domain.shape == (1, 28, 28)
    assert "50x30 pictures resized to 28 on the shorter side" in source.notes[0]
    assert load(GREY, size=16).domain.size == 16


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.arange(40) % 3 + 5, ("5", "6", "7")),
        (np.array(["b", "a"] * 20), ("a", "b")),
        (np.array(["b", "a"] * 20, object), ("a", "b")),
        (np.eye(4)[np.arange(40) % 4], ("0", "1", "2", "3")),
        ((np.arange(40) % 2).astype(float)[:, None], ("0", "1")),
        (torch.arange(40) % 2 == 0, ("False", "True")),
    ],
)
def test_labels_of_every_kind(labels, classes):
    for source in (load((GREY, labels)), load(GREY, labels=labels)):
        assert source.domain.classes == classes
        assert source.examples("train").y.dtype == torch.int64
    assert load((GREY, labels), labels=False).domain.classes == ()


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (np.arange(39), "one label for each"),
        (RNG.random(40), "whole numbers or text"),
        (np.zeros((40, 3)), "labels of shape (40, 3)"),
        ("species", "names a column, arrays have none"),
    ],
)
def test_labels_that_do_not_fit(labels, said):
    with pytest.raises(UserError) as caught:
        load(GREY, labels=labels)
    assert said in str(caught.value)


def test_one_class_only_is_said():
    source = load((GREY, np.zeros(40, int)))
    assert source.domain.classes == ()
    assert "One class only (0): no labels." in source.notes


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("train", "labels_train", "test", "labels_test"),
        ("X-Train", "Train-Y", "data.test", "target.test"),
    ],
)
def test_names_of_arrays_give_the_split(tmp_path, names):
    arrays = dict(
        zip(names, (GREY[:30], np.arange(30) % 2, GREY[30:], np.arange(10) % 2), strict=True)
    )
    np.savez(tmp_path / "data.npz", **arrays)
    packed, given = load(tmp_path / "data.npz"), load(arrays)
    assert packed.splits == given.splits == {"train": 27, "validation": 3, "test": 10}
    assert packed.fingerprint == given.fingerprint
    assert torch.equal(
        given.domain.decode(given.examples("test").x)[:, 0], torch.from_numpy(GREY[30:])
    )
    assert given.examples("test").y.tolist() == [0, 1] * 5


def test_a_single_array_may_be_called_anything(tmp_path):
    np.savez(tmp_path / "data.npz", whatever=GREY)
    np.savez(tmp_path / "plain.npz", GREY)
    assert same(load(tmp_path / "data.npz"), load(GREY))
    assert same(load(tmp_path / "plain.npz"), load(GREY))


def test_one_part_alone_is_no_split():
    source = load({"x_test": GREY, "y_test": np.arange(40) % 2})
    assert source.splits == {"train": 32, "validation": 4, "test": 4}


def test_arrays_of_unknown_names_are_named():
    with pytest.raises(UserError, match=r"a \(2,\), b \(2,\): name them x and y, or x_train"):
        by_names({"a": from_array(np.zeros(2)), "b": from_array(np.zeros(2))})
    with pytest.raises(UserError, match="'images' and 'x' may both be meant"):
        load({"images": GREY, "x": GREY})
    source = load({"x": GREY, "file_names": np.zeros(40)})
    assert "Arrays not used: file_names." in source.notes


def idx(array: np.ndarray, code: int = 8) -> bytes:
    header = bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def mnist_like(folder: Path, packed: bool = True) -> None:
    folder.mkdir(exist_ok=True)
    labels = (np.arange(40) % 4).astype(np.uint8)
    for part, cut in (("train", slice(0, 30)), ("t10k", slice(30, 40))):
        for kind, data in (("images-idx3", GREY[cut]), ("labels-idx1", labels[cut])):
            name = folder / f"{part}-{kind}-ubyte"
            if packed:
                name.with_name(name.name + ".gz").write_bytes(gzip.compress(idx(data)))
            else:
                name.write_bytes(idx(data))


@pytest.mark.parametrize("packed", [True, False])
def test_idx_folders_have_their_own_split(tmp_path, packed):
    mnist_like(tmp_path, packed)
    source = load(tmp_path)
    assert source.splits == {"train": 27, "validation": 3, "test": 10}
    test = source.examples("test")
    assert torch.equal(source.domain.decode(test.x)[:, 0], torch.from_numpy(GREY[30:]))
    assert test.y.tolist() == [(30 + i) % 4 for i in range(10)]


def test_packed_and_plain_idx_have_one_fingerprint(tmp_path):
    mnist_like(tmp_path / "a", packed=True)
    mnist_like(tmp_path / "b", packed=False)
    assert load(tmp_path / "a").fingerprint == load(tmp_path / "b").fingerprint


def test_an_idx_file_takes_the_labels_beside_it(tmp_path):
    mnist_like(tmp_path)
    source = load(tmp_path / "t10k-images-idx3-ubyte.gz")
    assert (sum(source.splits.values()), len(source.domain.classes)) == (10, 4)
    with pytest.raises(UserError, match="holds labels"):
        load(tmp_path / "train-labels-idx1-ubyte.gz")


@pytest.mark.parametrize(("code", "kind"), [(0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")])
def test_idx_of_wider_numbers(tmp_path, code, kind):
    path = tmp_path / "images-idx3-ubyte"
    path.write_bytes(idx(GREY.astype(kind), code))
    assert same(load(path), load(GREY))


@pytest.mark.parametrize("name", ["x.npy", "x.npz", "images-idx3-ubyte", "images-idx3-ubyte.gz"])
@pytest.mark.parametrize("harm", ["cut", "empty", "text", "bits"])
def test_broken_files_of_arrays_are_told_in_one_line(tmp_path, name, harm):
    path = tmp_path / name
    if name.endswith("npy"):
        np.save(path, GREY)
    elif name.endswith("npz"):
        np.savez_compressed(path, x=GREY)
    else:
        path.write_bytes(gzip.compress(idx(GREY)) if name.endswith("gz") else idx(GREY))
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[0:12] = b"\xff" * 12
    path.write_bytes(
        {"cut": whole[:-100], "empty": b"", "text": b"hello", "bits": bytes(flipped)}[harm]
    )
    with pytest.raises(UserError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_is_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path(tmp_path / "sprung").touch, ())

    np.save(tmp_path / "x.npy", np.array([Trap()]), allow_pickle=True)
    np.savez(tmp_path / "x.npz", x=np.array([Trap()]))
    for name in ("x.npy", "x.npz"):
        with pytest.raises(UserError, match="never unpickled"):
            load(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def test_large_arrays_are_streamed_and_equal(tmp_path, monkeypatch):
    from counterplay.data import rows, store

    np.savez_compressed(tmp_path / "x.npz", x_train=GREY[:30], x_test=GREY[30:])
    mnist_like(tmp_path / "idx")
    npz, mnist = load(tmp_path / "x.npz"), load(tmp_path / "idx")
    monkeypatch.setattr(rows, "LIMIT", 0)
    monkeypatch.setattr(store, "LIMIT", 0)
    assert from_idx(tmp_path / "idx" / "train-images-idx3-ubyte.gz").whole is None
    streamed = load(tmp_path / "x.npz", cache=tmp_path / "cache")
    assert isinstance(streamed.supply.rows, np.memmap)
    assert same(npz, streamed)
    again = load(tmp_path / "idx", cache=tmp_path / "cache")
    assert same(mnist, again)
    assert again.fingerprint == mnist.fingerprint


def test_a_large_npy_that_fits_is_mapped_and_not_copied(tmp_path, monkeypatch):
    from counterplay.data import store

    np.save(tmp_path / "x.npy", U8.transpose(0, 3, 1, 2).copy())
    monkeypatch.setattr(store, "LIMIT", 0)
    source = load(tmp_path / "x.npy", cache=tmp_path / "cache")
    assert isinstance(source.supply.rows, np.memmap)
    assert not (tmp_path / "cache").exists()
    assert same(source, load(U8))
