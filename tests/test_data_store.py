"""The cache: keyed by content, whole or not at all, and in memory only when small."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterplay.data import folder as folder_module
from counterplay.data import load, store
from counterplay.errors import UserError


@pytest.fixture
def pictures(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(store, "LIMIT", 0)
    folder = tmp_path / "pictures"
    for i in range(20):
        path = folder / f"c{i % 2}" / f"{i:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(i).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
    (folder / "c0" / "broken.png").touch()
    return folder


def shelves(cache: Path) -> list[Path]:
    return sorted(p for p in cache.iterdir())


def test_large_data_are_decoded_once(pictures, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    one = load(pictures, cache=cache)
    assert isinstance(one.supply.rows, np.memmap)
    monkeypatch.setattr(folder_module, "decode", None)  # a second decoding would fail here
    two = load(pictures, cache=cache)
    assert np.array_equal(one.supply.rows, two.supply.rows)
    assert (one.fingerprint, one.notes, one.domain) == (two.fingerprint, two.notes, two.domain)
    assert any("broken.png" in note for note in two.notes)
    assert any(str(cache) in note for note in two.notes)
    assert len(shelves(cache)) == 1


def test_content_size_and_labels_are_the_key(pictures, tmp_path):
    cache = tmp_path / "cache"
    load(pictures, cache=cache)
    load(pictures, cache=cache, size=16)
    assert len(shelves(cache)) == 2
    path = pictures / "c1" / "01.png"
    before = path.stat()
    pixels = np.asarray(Image.open(path)).copy()
    pixels[0, 0] ^= 1
    Image.fromarray(pixels).save(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = load(pictures, cache=cache)
    assert len(shelves(cache)) == 3
    assert (changed.supply.rows == pixels.transpose(2, 0, 1)).all((1, 2, 3)).any()


def test_in_memory_and_cached_are_the_same_data(pictures, tmp_path, monkeypatch):
    cached = load(pictures, cache=tmp_path / "cache")
    monkeypatch.setattr(store, "LIMIT", 1 << 30)
    memory = load(pictures, cache=tmp_path / "cache")
    assert not isinstance(memory.supply.rows, np.memmap)
    assert np.array_equal(memory.supply.rows, cached.supply.rows)
    assert np.array_equal(memory.supply.labels, cached.supply.labels)
    assert memory.fingerprint == cached.fingerprint


@pytest.mark.parametrize("name", ["examples.json", "rows.npy", "labels.npy"])
@pytest.mark.parametrize("content", [b"", b"{}", None])
def test_a_damaged_cache_is_made_anew(pictures, tmp_path, name, content):
    cache = tmp_path / "cache"
    one = load(pictures, cache=cache)
    wanted = np.array(one.supply.rows)
    shelf = shelves(cache)[0]
    if content is None:
        (shelf / name).unlink()
    else:
        (shelf / name).unlink()
        (shelf / name).write_bytes(content)
    again = load(pictures, cache=cache)
    assert np.array_equal(again.supply.rows, wanted)
    assert json.loads((shelf / "examples.json").read_text())["classes"] == ["c0", "c1"]


def test_a_full_disk_is_told_in_one_line_and_leaves_nothing(pictures, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "keep_in_file", full)
    with pytest.raises(UserError, match=r"failed \(No space left on device\): make room") as caught:
        load(pictures, cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert shelves(tmp_path / "cache") == []


def test_an_interrupted_decoding_leaves_nothing(pictures, tmp_path, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_publish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(pictures, cache=tmp_path / "cache")
    assert shelves(tmp_path / "cache") == []


def test_what_a_killed_process_left_is_swept_after_a_day(pictures, tmp_path):
    old, new = tmp_path / "cache" / ".writing-old", tmp_path / "cache" / ".writing-new"
    for path in (old, new):
        path.mkdir(parents=True)
    os.utime(old, (0, time.time() - 2 * 86_400))
    load(pictures, cache=tmp_path / "cache")
    assert not old.exists()
    assert new.exists()


def test_two_that_decode_at_once_both_end_well(pictures, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    publish = store._publish

    def late(temporary: Path, shelf: Path) -> None:
        monkeypatch.setattr(store, "_publish", publish)
        load(pictures, cache=cache)  # the other was quicker
        publish(temporary, shelf)

    monkeypatch.setattr(store, "_publish", late)
    assert len(load(pictures, cache=cache).supply.rows) == 20
    assert len(shelves(cache)) == 1


def test_the_cache_folder_is_the_one_asked_for_else_named_else_usual(tmp_path):
    named = {"COUNTERPLAY_CACHE": str(tmp_path / "named"), "HOME": str(tmp_path)}
    assert store.cache_folder(tmp_path / "asked", named) == (tmp_path / "asked", ())
    assert store.cache_folder(None, named) == (tmp_path / "named", ())
    usual, notes = store.cache_folder(None, {"HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)})
    assert (usual.name, notes) == ("counterplay", ())
    assert tmp_path in usual.parents
    assert store.cache_folder(None, {"XDG_CACHE_HOME": str(tmp_path / "x"), "HOME": "/"})[
        0
    ].is_dir()


def test_a_cache_that_cannot_be_written_is_refused_or_replaced(tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(UserError, match="name another with COUNTERPLAY_CACHE"):
        store.cache_folder(blocked / "cache", {})
    with pytest.raises(UserError, match="cannot be written to"):
        store.cache_folder(None, {"COUNTERPLAY_CACHE": str(blocked)})
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(store, "_usual", lambda _: blocked / "counterplay")
    other, notes = store.cache_folder(None, {})
    assert other.is_dir()
    assert str(blocked) in notes[0]


def test_rows_in_memory_hold_no_chunk_beside_the_array():
    chunks = (np.full((5, 2), i, np.uint8) for i in range(4))
    rows = store.keep_in_memory(chunks, 30, (2,), np.dtype(np.uint8))
    assert rows.shape == (20, 2)
    assert rows[:, 0].tolist() == sorted([0, 1, 2, 3] * 5)


@pytest.mark.parametrize("n", [1, 9, 10, 11, 999])
def test_a_file_of_rows_is_a_npy_whatever_its_length(tmp_path, n):
    chunks = (np.full((1, 3), i % 256, np.uint8) for i in range(n))
    store.keep_in_file(tmp_path / "x.npy", chunks, 10**9, (3,), np.dtype(np.uint8))
    assert np.load(tmp_path / "x.npy")[:, 0].tolist() == [i % 256 for i in range(n)]
