"""Iterables of batches: nothing is lost, held-out examples stay out, ends are said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np
import pytest
import torch

from counterplay.data import load
from counterplay.errors import UserError


def batches(count: int = 40, size: int = 10) -> list[np.ndarray]:
    """Return batches whose examples are numbered through, first column."""
    noise = np.random.default_rng(0).normal(size=(count * size, 1))
    rows = np.hstack([np.arange(count * size)[:, None], noise]).astype(np.float32)
    return [rows[i * size : (i + 1) * size] for i in range(count)]


def ids(source, some) -> list[int]:
    return [round(v) for b in some for v in source.domain.decode(b.x)[:, 0].tolist()]


class Repeatable:
    def __init__(self, what: list) -> None:
        self.what = what

    def __iter__(self) -> Iterator:
        return iter(self.what)


def test_every_batch_after_those_held_out_is_trained_on_in_order_and_again():
    source = load(Repeatable(batches()))
    held = [ids(source, [source.examples(p)]) for p in ("train", "validation", "test")]
    assert sorted(chain(*held)) == list(range(160))
    assert all(held)
    seen = ids(source, islice(source.batches(16), 30))
    assert seen == [*range(160, 400), *range(160, 400)]


def test_a_function_that_returns_iterators_is_read_again():
    source = load(lambda: iter(batches()))
    assert len(ids(source, islice(source.batches(16), 40))) == 640


def test_a_generator_is_read_once_and_loses_nothing():
    source = load(b for b in batches())
    numbered = source.batches(16)
    assert ids(source, islice(numbered, 15)) == list(range(160, 400))
    with pytest.raises(UserError, match="ended after 40 batches"):
        next(numbered)
    with pytest.raises(UserError, match="read already"):
        next(source.batches(16))


def test_a_short_iterable_is_a_small_data_set():
    source = load(Repeatable(batches(5)))
    assert source.splits == {"train": 40, "validation": 5, "test": 5}
    assert load(iter(batches(5))).fingerprint == source.fingerprint


@pytest.mark.parametrize("form", [tuple, list, lambda b: {"image": b[0], "label": b[1]}])
def test_pictures_and_labels_in_every_form(form):
    rng = np.random.default_rng(0)
    whole = [
        form((torch.from_numpy(rng.random((200, 3, 9, 9))), torch.from_numpy(np.arange(200) % 5)))
        for _ in range(20)
    ]
    source = load(Repeatable(whole))
    assert source.domain.shape == (3, 8, 8)
    assert source.domain.classes == tuple("01234")
    batch = next(source.batches(30))
    assert batch.x.shape == (30, 3, 8, 8)
    assert batch.y.tolist() == [i % 5 for i in range(30)]


def test_a_data_loader_is_an_iterable():
    x, y = torch.randn(4000, 2), torch.arange(4000) % 3
    data = torch.utils.data.TensorDataset(x, y)
    source = load(torch.utils.data.DataLoader(data, batch_size=100))
    raw = source.domain.decode(next(source.batches(50)).x)
    seen = int(source.notes[0].split("(")[1].split(" ")[0].replace(",", ""))
    assert torch.allclose(raw, x[seen : seen + 50], atol=1e-5)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ([], "gave no batch"),
        (["a", "b"], "batch 0 of the iterable"),
        ([{"nothing": 1}], "seen dict"),
        ([np.zeros(3)], "seen float64 of shape (3,)"),
        ([np.zeros((2, 2)), np.zeros((2, 3))], "differ in shape"),
        (Repeatable([*batches(), np.zeros((5, 3))]), "batch 40 has shape (5, 3)"),
        (Repeatable([*batches(), np.full((5, 2), np.nan)]), "batch 40 holds NaN"),
        (Repeatable([np.full((9, 8, 8), 9.0)] * 30), "uint8, or floats in"),
        (
            Repeatable(
                [*[np.random.default_rng(0).random((9, 8, 8))] * 30, np.full((9, 8, 8), 200.0)]
            ),
            "batch 30 has values from 200 to 200",
        ),
        (
            Repeatable(
                [*[(b, np.arange(10) % 3) for b in batches()], (batches()[0], np.full(10, 7))]
            ),
            "batch 40 has labels from 7 to 7, the first ones go from 0 to 2",
        ),
        (object(), "cannot be loaded: a name, a path"),
        (3, "a single number (3)"),
        (None, "None cannot be loaded"),
    ],
)
def test_what_is_no_batch_is_said_with_its_number(what, said):
    with pytest.raises(UserError) as caught:
        for _ in islice(load(what).batches(7), 90):
            pass
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
