"""Batches: batch t is a function of (seed, t), epochs are permutations, shards make the whole."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplay.data import Source, load
from counterplay.data import store as store_module
from counterplay.errors import UserError
from counterplay.game import Batch


def take(source: Source, n: int, size: int, **options: object) -> list[Batch]:
    return list(islice(source.batches(size, **options), n))


def numbered(count: int) -> Source:
    """Return a source whose example i is the number i (and noise, to have two columns)."""
    rows = np.column_stack([np.arange(count), np.random.default_rng(0).normal(size=count)])
    return load((rows, np.arange(count) % 3))


def ids(source: Source, batches: list[Batch]) -> list[int]:
    raw = source.domain.decode(torch.cat([b.x for b in batches]))
    return raw[:, 0].round().int().tolist()


def pictures(count: int = 60) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 3, 8, 8), dtype=np.uint8)


def every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Source]:
    batches = [(pictures(20 + i), np.arange(20 + i) % 4) for i in range(40)]
    kinds = {
        "memory": load((pictures(), np.arange(60) % 4)),
        "table": numbered(90),
        "law": load("ring"),
        "iterable": load(batches),
    }
    monkeypatch.setattr(store_module, "LIMIT", 0)
    folder = np.random.default_rng(2).integers(0, 256, (60, 9, 9), dtype=np.uint8)
    return kinds | {"file": load(folder, cache=tmp_path)}


def test_a_resume_at_k_is_the_run_that_never_stopped(tmp_path, monkeypatch):
    for kind, source in every_kind(tmp_path, monkeypatch).items():
        whole = take(source, 12, 16, seed=3)
        for k in (1, 5, 11):
            rest = take(source, 12 - k, 16, seed=3, start=k)
            for a, b in zip(whole[k:], rest, strict=True):
                assert torch.equal(a.x, b.x), (kind, k)
                assert (a.y is None and b.y is None) or torch.equal(a.y, b.y), (kind, k)


def test_shards_side_by_side_are_the_global_batch(tmp_path, monkeypatch):
    for kind, source in every_kind(tmp_path, monkeypatch).items():
        whole = take(source, 6, 16, seed=5)
        for count in (2, 4):
            shards = [take(source, 6, 16, seed=5, shard=(i, count)) for i in range(count)]
            for t, batch in enumerate(whole):
                assert torch.equal(batch.x, torch.cat([s[t].x for s in shards])), kind
                if batch.y is not None:
                    assert torch.equal(batch.y, torch.cat([s[t].y for s in shards])), kind


def test_seeds_differ_and_repeat(tmp_path, monkeypatch):
    for kind, source in every_kind(tmp_path, monkeypatch).items():
        a, again, b = (take(source, 3, 16, seed=s) for s in (0, 0, 1))
        assert all(torch.equal(x.x, y.x) for x, y in zip(a, again, strict=True)), kind
        # An iterable comes in its own order, whatever the seed.
        assert torch.equal(a[0].x, b[0].x) == (kind == "iterable"), kind


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 70), st.integers(1, 16), st.integers(0, 50))
def test_each_epoch_visits_each_training_example_once(count: int, size: int, start: int):
    source = numbered(count)
    train = source.splits["train"]
    # Three epochs from an epoch's beginning: the first batch at or after `start` that has one.
    batches = take(source, 4 * train // size + 2, size, seed=start)
    seen = ids(source, batches)
    wanted = Counter(ids(source, [source.examples("train")]))
    epochs = [seen[e * train : (e + 1) * train] for e in range(4)]
    for epoch in epochs[:-1]:
        assert Counter(epoch) == wanted
    assert epochs[0] != epochs[1]


def test_a_batch_may_span_two_epochs_and_loses_nothing():
    source = numbered(25)  # 21 train
    assert source.splits["train"] == 21
    seen = ids(source, take(source, 21, 4))
    assert Counter(seen) == Counter(dict.fromkeys(ids(source, [source.examples("train")]), 4))


def test_labels_stay_with_their_examples():
    source = numbered(50)
    for batch in take(source, 20, 7):
        assert batch.y.tolist() == [i % 3 for i in ids(source, [batch])]


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 300))
def test_splits_are_disjoint_complete_and_near_80_10_10(count: int):
    source = numbered(count)
    parts = [ids(source, [source.examples(p)]) for p in ("train", "validation", "test")]
    assert sorted(chain(*parts)) == list(range(count))
    assert [len(p) for p in parts] == list(source.splits.values())
    assert all(len(p) == max(1, count // 10) for p in parts[1:])


def test_the_split_does_not_depend_on_the_training_seed():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    a, b = load(rows, seed=1).examples("test"), load(rows, seed=2).examples("test")
    assert torch.equal(a.x, b.x)


def test_examples_are_distinct_and_seeded():
    source = numbered(200)
    some = source.examples("train", 50, seed=1)
    assert len(set(ids(source, [some]))) == 50
    assert torch.equal(some.x, source.examples("train", 50, seed=1).x)
    assert not torch.equal(some.x, source.examples("train", 50, seed=2).x)
    assert len(source.examples("test", 10_000).x) == source.splits["test"]


def test_a_law_is_drawn_as_it_is_and_scaled():
    source = load("ring")
    from counterplay.game import generator
    from counterplay.laws import LAWS

    raw = LAWS["ring"]().sample(32, generator(7, 4, "data"))
    batch = take(source, 1, 32, seed=7, start=4)[0]
    assert torch.allclose(source.domain.decode(batch.x), raw, atol=1e-5)
    assert batch.y is None
    drawn = source.examples("test").x
    assert drawn.mean(0).abs().max() < 0.05
    assert (drawn.std(0) - 1).abs().max() < 0.05
    assert not torch.equal(drawn[:100], source.examples("validation", 100).x)


def test_a_persons_own_law_is_a_source():
    from counterplay.laws import ring

    source = load(ring(5))
    assert source.law == ring(5)
    assert source.fingerprint != load(ring(6)).fingerprint
    assert source.fingerprint == load(ring(5)).fingerprint


def test_iterating_takes_the_batch_and_seed_given_to_load():
    source = load(pictures(), batch=5, seed=9)
    assert torch.equal(next(iter(source)).x, take(source, 1, 5, seed=9)[0].x)
    assert len(next(iter(load(pictures(20)))).x) == load(pictures(20)).splits["train"] == 16


def test_a_mapped_file_gives_what_memory_gives(tmp_path, monkeypatch):
    array = np.random.default_rng(2).integers(0, 256, (60, 9, 9), dtype=np.uint8)
    memory = load(array)
    monkeypatch.setattr(store_module, "LIMIT", 0)
    mapped = load(array, cache=tmp_path)
    assert isinstance(mapped.supply.rows, np.memmap)
    assert (mapped.domain, mapped.fingerprint) == (memory.domain, memory.fingerprint)
    for a, b in zip(take(memory, 9, 16), take(mapped, 9, 16), strict=True):
        assert torch.equal(a.x, b.x)
    assert torch.equal(memory.examples().x, mapped.examples().x)


@pytest.mark.parametrize(
    ("size", "options", "said"),
    [
        (64, {}, "a batch of 64 was asked for, 'array' has 32 training examples (of 40)"),
        (0, {}, "a batch of 0"),
        (2.5, {}, "a batch of 2.5"),
        (9, {"shard": (0, 2)}, "a batch of 9 cannot be shared equally by 2 processes: 8 or 10"),
        (1, {"shard": (0, 4)}, "shared equally by 4 processes: 4 works"),
        (8, {"shard": (2, 2)}, "shard 2 of 2"),
        (8, {"start": -1}, "start -1"),
    ],
)
def test_what_cannot_be_played_is_said_before_the_first_batch(size, options, said):
    source = load(pictures(40))
    with pytest.raises(UserError) as caught:
        source.batches(size, **options)
    assert said in str(caught.value)


def test_fewer_examples_than_a_batch_name_a_batch_that_works():
    with pytest.raises(UserError, match=r"40 training examples \(of 50\): a batch of 32 works"):
        load(pictures(50), batch=64)
    assert load(pictures(50), batch=32).splits["train"] == 40


def test_unknown_and_empty_splits_are_said():
    with pytest.raises(UserError, match="did you mean 'test'"):
        load(pictures(40)).examples("tst")
    with pytest.raises(UserError, match="no validation examples"):
        load(pictures(2)).examples("validation")


@pytest.mark.gpu
def test_batches_on_a_gpu_are_those_of_the_cpu(tmp_path, monkeypatch):
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    for kind, source in every_kind(tmp_path, monkeypatch).items():
        there = take(source, 8, 16, seed=3, device="cuda")
        for a, b in zip(take(source, 8, 16, seed=3), there, strict=True):
            assert b.x.is_cuda, kind
            assert torch.allclose(a.x, b.x.cpu(), atol=1e-6), kind
            assert a.y is None or torch.equal(a.y, b.y.cpu()), kind
