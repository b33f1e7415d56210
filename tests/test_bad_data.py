"""Bad input: one clear line that says what was asked, what was seen and what would work."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterplay.data import load
from counterplay.errors import UserError


def picture(path: Path, seed: int = 0, side: int = 8) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def nothing(root: Path) -> Path:
    return root


def text_only(root: Path) -> Path:
    (root / "a.txt").write_text("hello")
    return root


def sub_folders_only(root: Path) -> Path:
    (root / "cats").mkdir()
    return root


def written(name: str, content: bytes = b"hello") -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        (root / name).write_bytes(content)
        return root / name

    return make


def zipped(content: dict[str, bytes]) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        with zipfile.ZipFile(root / "x.zip", "w") as archive:
            for name, data in content.items():
                archive.writestr(name, data)
        return root / "x.zip"

    return make


def all_broken(root: Path) -> Path:
    for i in range(5):
        (root / f"{i}.png").write_bytes(b"no")
    return root


def several_tables(root: Path) -> Path:
    for name in ("a.csv", "b.csv"):
        (root / name).write_text("1,2")
    return root


def only_a_test_part(root: Path) -> Path:
    np.savez(root / "x.npz", val=np.zeros((9, 8, 8), np.uint8), test=np.zeros((9, 8, 8), np.uint8))
    return root / "x.npz"


def two_sets_of_idx(root: Path) -> Path:
    for name in ("a-train-images-idx3-ubyte", "b-train-images-idx3-ubyte"):
        (root / name).write_bytes(b"")
    return root


def near_miss(root: Path) -> Path:
    (root / "photos").mkdir()
    return root / "photo"


TABLE = [
    (lambda root: root / "a" / "b", "does not exist, and neither does its folder"),
    (near_miss, "did you mean 'photos'"),
    (lambda root: "digitz", "did you mean 'digits'"),
    (lambda root: "imagenet", "no data or path 'imagenet'; choose from"),
    (lambda root: str(root / "x.zip:inner"), "x.zip:inner does not exist"),
    (nothing, "is empty: a folder or zip of pictures"),
    (sub_folders_only, "is empty"),
    (text_only, "a.txt has 5 characters: 1,000 or more are needed"),
    (all_broken, "5 of 5 pictures cannot be read, more than a tenth"),
    (several_tables, "has no pictures, it has a.csv, b.csv: give one of these"),
    (two_sets_of_idx, "one file of images for each part is needed"),
    (zipped({}), "has no pictures, it holds nothing"),
    (zipped({"a.txt": b"hi"}), "has no pictures, it holds a.txt"),
    (zipped({"a.png": b"hi"}), "1 of 1 picture cannot be read"),
    (written("x.zip"), "cannot be read as a zip"),
    (written("x.zip", b""), "cannot be read as a zip"),
    (written("x.pt"), "a .pt file, which is not opened (save the array as .npy or .npz)"),
    (written("x.pkl"), "which is not opened"),
    (written("x.tar"), "an archive (unpack it, or make it a .zip)"),
    (written("x.doc"), "a file of an unknown kind (.doc)"),
    (written("nothing"), "a file of an unknown kind (no ending)"),
    (written("x.gz", gzip.compress(b"hi")), "a file of an unknown kind (.gz)"),
    (lambda root: picture(root / "x.png"), "is one picture: a folder or zip of pictures"),
    (only_a_test_part, "no training part"),
]


@pytest.mark.parametrize(("make", "said"), TABLE, ids=[said[:30] for _, said in TABLE])
def test_bad_paths_are_told_in_one_line(tmp_path, make, said):
    root = tmp_path / "data"
    root.mkdir()
    what = make(root)
    with pytest.raises(UserError) as caught:
        load(what)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("what", "options", "said"),
    [
        ("digits", {"size": 9}, "size 9: networks build pictures of 8 to 128 pixels"),
        ("digits", {"size": "8"}, "size '8': a whole number"),
        ("digits", {"batch": 4096}, "a batch of 4096 was asked for, 'digits' has 1439 training"),
        ("digits", {"batch": 0}, "a batch of 0"),
        ("digits", {"drop": "x"}, "drop=['x'] names columns"),
        ("digits", {"types": ["x=id"]}, "types=['x=id'] names columns"),
        ("digits", {"labels": "species"}, "labels='species' names a column"),
        ("iris", {"size": 8}, "size=8 is for pictures"),
        ("iris", {"drop": "petal"}, "no column 'petal' to drop"),
        ("ring", {"size": 8}, "'ring' is an exact law of points"),
        ("ring", {"labels": "x"}, "'ring' is an exact law of points"),
    ],
)
def test_bad_options_are_told_in_one_line(what, options, said):
    with pytest.raises(UserError) as caught:
        load(what, **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options", [{"labels": "kind"}, {"drop": "kind"}])
def test_options_of_tables_do_not_fit_pictures(tmp_path, options):
    picture(tmp_path / "a.png")
    with pytest.raises(UserError, match=r"folders|columns"):
        load(tmp_path, **options)


def test_constant_columns_are_named_with_the_way_out():
    rows = np.random.default_rng(0).normal(size=(50, 3))
    rows[:, 1] = 7
    with pytest.raises(UserError, match=r"1 of 3 columns constant .*\(x1\).* drop=\['x1'\]"):
        load(rows)
    assert load(rows, drop="x1").domain.names == ("x0", "x2")


def test_a_column_constant_in_32_bits_is_constant():
    rows = np.column_stack([np.random.default_rng(0).normal(size=50), 1e9 + np.arange(50) / 50])
    with pytest.raises(UserError, match=r"constant .*\(x1\)"):
        load(rows)


def test_nan_is_named_by_column_and_counted_by_row():
    rows = np.random.default_rng(0).normal(size=(50, 3))
    rows[4, 0] = rows[4, 2] = rows[9, 2] = np.nan
    with pytest.raises(UserError, match=r"in 2 of 50 rows, in 2 columns \(x0, x2\)"):
        load(rows)


def test_a_broken_file_never_reaches_the_training(tmp_path):
    for i in range(40):
        picture(tmp_path / f"{i:02}.png", i, side=32)
    for i in range(3):
        path = picture(tmp_path / f"cut{i}.png", i, side=32)
        path.write_bytes(path.read_bytes()[:-300])
    batches = load(tmp_path).batches(8)
    assert all(len(next(batches).x) == 8 for _ in range(20))
