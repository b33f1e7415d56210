"""Folders and zips: what the names of files say."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterplay.data import load
from counterplay.data.listing import arrange, shared_folder
from counterplay.errors import UserError


def save(path: Path, seed: int = 0, channels: int = 1, side: int = 8) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (side, side) if channels == 1 else (side, side, channels)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    Image.fromarray(pixels).save(path)


def tree(root: Path, names: list[str]) -> Path:
    for i, name in enumerate(names):
        save(root / name, i)
    return root


def pack(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*"), reverse=True):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


CLASSES = [f"{c}/{i}.png" for c in ("s1", "s2", "s10") for i in range(5)]
SPLIT = [
    f"{p}/{c}/{i}.png" for p in ("Train", "val", "test") for c in ("cat", "dog") for i in range(4)
]


def test_folders_are_classes_in_the_order_of_people(tmp_path):
    source = load(tree(tmp_path, CLASSES))
    assert source.domain.classes == ("s1", "s2", "s10")
    batch = source.examples("train")
    # Example 10 is the first of s10.
    pixels = np.asarray(Image.open(tmp_path / "s10" / "0.png"))
    decoded = source.domain.decode(np_all(source))
    where = (decoded.numpy()[:, 0] == pixels).all((1, 2)).argmax()
    assert all_labels(source)[where] == 2
    assert set(batch.y.tolist()) <= {0, 1, 2}


def np_all(source):
    import torch

    return torch.cat([source.examples(p).x for p in ("train", "validation", "test")])


def all_labels(source):
    import torch

    return torch.cat([source.examples(p).y for p in ("train", "validation", "test")]).tolist()


def test_nested_train_val_test_are_the_split(tmp_path):
    source = load(tree(tmp_path, SPLIT))
    assert source.splits == {"train": 8, "validation": 8, "test": 8}
    assert source.domain.classes == ("cat", "dog")
    assert "the data's own" in source.notes[-1]
    first = source.domain.decode(source.examples("test").x).numpy()
    wanted = np.asarray(Image.open(tmp_path / "test" / "cat" / "0.png"))
    assert any(np.array_equal(one[0], wanted) for one in first)


def test_train_and_test_alone_leave_a_tenth_of_training_for_validation(tmp_path):
    names = [f"{p}/{i}.png" for p in ("train", "test") for i in range(20)]
    source = load(tree(tmp_path, names))
    assert source.splits == {"train": 18, "validation": 2, "test": 20}
    assert source.domain.classes == ()


@pytest.mark.parametrize("between", ["", "_"])
def test_the_folders_of_two_domains_are_a_split_and_two_classes(tmp_path, between):
    folders = [f"{part}{between}{side}" for part in ("train", "test") for side in "AB"]
    source = load(tree(tmp_path, [f"{folder}/{i}.png" for folder in folders for i in range(12)]))
    assert source.domain.classes == ("A", "B")
    assert (source.splits["train"] + source.splits["validation"], source.splits["test"]) == (24, 24)
    held = source.domain.decode(source.examples("test").x).numpy()[:, 0]
    for name, y in zip(held, source.examples("test").y.tolist(), strict=True):
        files = [tmp_path / f"test{between}{'AB'[y]}" / f"{i}.png" for i in range(12)]
        assert any(np.array_equal(np.asarray(Image.open(file)), name) for file in files)


def test_two_domains_without_held_out_folders_are_classes():
    order = arrange([f"{folder}/{i}.png" for folder in ("trainA", "trainB") for i in range(3)])
    assert (order.classes, order.parts) == (("trainA", "trainB"), None)


def test_classes_called_train_and_bus_are_classes():
    order = arrange(["train/1.png", "train/2.png", "bus/1.png", "bus/2.png"])
    assert (order.classes, order.parts) == (("bus", "train"), None)


def test_folders_that_hold_everything_are_looked_through(tmp_path):
    plain = load(tree(tmp_path / "a", CLASSES))
    deep = load(tree(tmp_path / "b" / "faces" / "all", CLASSES).parents[1])
    assert deep.domain == plain.domain
    assert deep.fingerprint == plain.fingerprint


def test_shared_folder():
    assert shared_folder(["a/b/1.png", "a/b/2.png"]) == "a/b/"
    assert shared_folder(["a/1.png", "b/1.png"]) == ""
    assert shared_folder(["a/b/1.png", "a/bc/1.png"]) == "a/"


def test_hidden_files_and_what_macs_leave_are_ignored(tmp_path):
    tree(tmp_path, CLASSES)
    plain = load(tmp_path)
    for name in (".hidden.png", "__MACOSX/s1/._0.png", "s1/.DS_Store", "Thumbs.db", ".git/x.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("nothing")
    again = load(tmp_path)
    assert (again.fingerprint, again.notes) == (plain.fingerprint, plain.notes)


def test_other_files_are_left_aside_and_said(tmp_path):
    tree(tmp_path, CLASSES)
    (tmp_path / "README").write_text("read me")
    (tmp_path / "labels.csv").write_text("a,b")
    source = load(tmp_path)
    assert sum(source.splits.values()) == 15
    assert "2 other files left aside: README, labels.csv." in source.notes


def test_a_picture_without_an_ending_is_a_picture(tmp_path):
    tree(tmp_path, CLASSES)
    shutil.copy(tmp_path / "s1" / "0.png", tmp_path / "s2" / "picture")
    assert sum(load(tmp_path).splits.values()) == 16


def test_one_unlabelled_file_among_labelled_ones_is_left_out_and_said(tmp_path):
    source = load(tree(tmp_path, [*CLASSES, "stray.png"]))
    assert sum(source.splits.values()) == 15
    assert "1 picture in no class folder left out: stray.png." in source.notes


def test_many_unlabelled_files_make_all_unlabelled(tmp_path):
    source = load(tree(tmp_path, [*CLASSES, *[f"{i}.png" for i in range(5)]]))
    assert sum(source.splits.values()) == 20
    assert source.domain.classes == ()
    assert "5 of 20 pictures lie in no folder: folders are no classes." in source.notes


def test_one_class_is_no_class(tmp_path):
    source = load(tree(tmp_path, [*[f"cats/{i}.png" for i in range(20)], "stray.png"]))
    assert source.domain.classes == ()
    assert any("One class only (cats)" in note for note in source.notes)
    assert next(source.batches(4)).y is None


def test_one_picture_a_folder_is_no_class(tmp_path):
    source = load(tree(tmp_path, [f"{i}/x.png" for i in range(5)]))
    assert source.domain.classes == ()


def test_labels_false_leaves_classes_out(tmp_path):
    source = load(tree(tmp_path, CLASSES), labels=False)
    assert source.domain.classes == ()
    assert sum(source.splits.values()) == 15


def test_pictures_outside_the_split_are_left_out_and_said(tmp_path):
    source = load(tree(tmp_path, [*SPLIT, "preview.png"]))
    assert sum(source.splits.values()) == 24
    assert any(
        "outside train, validation and test left out: preview.png" in n for n in source.notes
    )


def test_a_zip_is_read_like_the_folder_in_it(tmp_path):
    folder = load(tree(tmp_path / "faces", CLASSES))
    packed = load(pack(tmp_path, tmp_path / "faces.zip"))
    assert packed.domain == folder.domain
    assert packed.fingerprint == folder.fingerprint
    assert (np_all(packed) == np_all(folder)).all()


def test_an_inner_folder_or_pattern_of_a_zip_can_be_given(tmp_path):
    path = pack(tree(tmp_path / "all", SPLIT), tmp_path / "x.zip")
    for text in (f"{path}:Train", f"{path}/Train", f"{path}/Train/"):
        assert sum(load(text).splits.values()) == 8
    assert sum(load(f"{path}:*/cat/*").splits.values()) == 12
    with pytest.raises(UserError, match="it holds Train/cat, Train/dog, test/cat"):
        load(f"{path}:photos")


def test_label_maps_beside_photographs_are_left_out(tmp_path):
    for i in range(6):
        save(tmp_path / "train" / f"{i}_photo.png", i, channels=3)
        indices = Image.fromarray(np.random.default_rng(i).integers(0, 12, (8, 8), dtype=np.uint8))
        labels = indices.convert("P")
        labels.putpalette(np.random.default_rng(0).integers(0, 256, 768, dtype=np.uint8).tobytes())
        labels.save(tmp_path / "train" / f"{i}_label.png")
    source = load(tmp_path)
    assert sum(source.splits.values()) == 6
    assert any("6 palette pictures left out" in note for note in source.notes)
    (tmp_path / "train" / "5_photo.png").unlink()  # now one palette picture stands alone
    assert sum(load(tmp_path).splits.values()) == 11


def test_a_folder_with_one_data_file_is_that_file(tmp_path):
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(30, 2)))
    (tmp_path / "README.md").write_text("hello")
    source = load(tmp_path)
    assert source.domain.kind == "vector"
    assert source.notes[0] == "Read x.npy."


def test_links_that_lead_in_circles_are_followed_once(tmp_path):
    tree(tmp_path, CLASSES)
    os.symlink(tmp_path, tmp_path / "s1" / "loop")
    assert sum(load(tmp_path).splits.values()) == 15


def test_the_fingerprint_is_of_the_content(tmp_path):
    one = load(tree(tmp_path / "one", CLASSES)).fingerprint
    other = tree(tmp_path / "elsewhere" / "other", CLASSES)
    os.utime(other / "s1" / "0.png", (0, 0))
    assert load(other).fingerprint == one
    assert load(other, size=16).fingerprint != one
    assert load(other, labels=False).fingerprint != one
    (other / "s1" / "0.png").rename(other / "s2" / "9.png")
    moved = load(other).fingerprint
    assert moved != one
    save(other / "s2" / "9.png", seed=77)
    assert load(other).fingerprint not in (one, moved)


def test_asking_for_the_size_that_would_be_chosen_is_the_same_data(tmp_path):
    for i in range(12):
        Image.new("L", (92, 112), 20 * i).save(tmp_path / f"{i}.png")
    chosen = load(tmp_path)
    assert load(tmp_path, size=chosen.domain.size).fingerprint == chosen.fingerprint
    assert load(tmp_path, size=32).fingerprint != chosen.fingerprint
