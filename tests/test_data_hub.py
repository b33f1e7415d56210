"""Data sets in the manner of ``datasets``, by a small stand-in: nothing is downloaded."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from counterplay.data import load
from counterplay.errors import UserError


class Table:
    """What a data set of ``datasets`` looks like from outside."""

    def __init__(self, columns: dict[str, list], classes: tuple[str, ...] = ()) -> None:
        self.columns = columns
        self.column_names = list(columns)
        self.features = {name: SimpleNamespace() for name in columns}
        if classes:
            self.features["label"] = SimpleNamespace(names=list(classes))

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, key):
        return (
            self.columns[key]
            if isinstance(key, str)
            else {k: v[key] for k, v in self.columns.items()}
        )


def table(count: int, seed: int = 0) -> Table:
    pixels = np.random.default_rng(seed).integers(0, 256, (count, 16, 16, 3), dtype=np.uint8)
    images = [Image.fromarray(p) for p in pixels]
    return Table({"image": images, "label": [i % 2 for i in range(count)]}, ("cat", "dog"))


def test_pictures_with_the_names_of_their_classes():
    data = table(30)
    source = load(data)
    assert source.domain.shape == (3, 16, 16)
    assert source.domain.classes == ("cat", "dog")
    assert np.array_equal(source.supply.rows[7], np.asarray(data[7]["image"]).transpose(2, 0, 1))
    assert load(data, labels=False).domain.classes == ()


def test_a_dict_of_splits_is_the_split():
    source = load({"train": table(30), "test": table(10, 1), "extra": table(5)})
    assert source.splits == {"train": 27, "validation": 3, "test": 10}


def test_a_name_is_opened_from_the_local_cache_alone(monkeypatch):
    asked = {}

    def load_dataset(name: str, download_config: object) -> Table:
        asked[name] = download_config
        if name != "here":
            raise FileNotFoundError(name)
        return table(20)

    stand_in = SimpleNamespace(
        load_dataset=load_dataset, DownloadConfig=lambda **options: SimpleNamespace(**options)
    )
    monkeypatch.setitem(sys.modules, "datasets", stand_in)
    assert sum(load("hub:here").splits.values()) == 20
    assert asked["here"].local_files_only is True
    with pytest.raises(UserError, match="hub:away is not in the local cache"):
        load("hub:away")


def test_without_the_extra_its_name_is_given(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UserError, match=r"pip install 'counterplay\[hub\]'"):
        load("hub:mnist")


def test_columns_of_unknown_names_are_named():
    with pytest.raises(UserError, match="columns text, label: none is called image"):
        load(Table({"text": ["a"], "label": [0]}))
    with pytest.raises(UserError, match="did you mean 'label'"):
        load(table(10), labels="labell")
