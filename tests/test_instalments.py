"""A promise over many seeds, a few at a time: the row is that of all seeds run together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from counterplay.recipes import ledger
from counterplay.recipes.instalments import added, lacking
from counterplay.recipes.row import plain

BOOK = ("--ledger", "results.json")


def only() -> dict:
    """Return the ledger's row without what differs from run to run: times."""
    (row,) = ledger.read(Path("results.json"))
    made = plain(replace(row, criteria=row.criteria[:1]))
    return {k: v for k, v in made.items() if k not in ("seconds", "training_seconds")}


def test_seeds_one_after_another_make_the_row_of_all(run, promise):
    assert run("tiny", *BOOK, "--out", "together")[0] == 0
    together = only()
    code, out, _ = run("tiny", "--seeds", "1", *BOOK, "--out", "parts")
    assert code == 1
    assert "with 1 of the promised seeds; --more goes on" in out
    first = only()
    assert first["passed"] is False
    assert first["notes"][-1].startswith("1 of 2 seeds so far: `counterplay reproduce tiny --more`")
    assert run("--check", *BOOK)[0] == 0
    code, out, _ = run("tiny", "--more", *BOOK, "--out", "parts")
    assert (code, "the promise is kept" in out) == (0, True)
    assert sorted(p.name for p in Path("parts").iterdir()) == ["seed-0", "seed-1"]
    assert only() | {"notes": None} == together | {"notes": None}
    assert sorted(only()["notes"]) == sorted(together["notes"])
    assert run("--check", *BOOK)[0] == 0


def test_more_without_a_row_runs_all_and_with_all_runs_none(run, promise):
    assert run("tiny", "--more", *BOOK)[0] == 0
    code, _, err = run("tiny", "--more", *BOOK)
    assert code == 2
    assert "has 2 of 2 seeds already; --seeds 3 asks for more" in err
    code, _, _ = run("tiny", "--more", "--seeds", "3", *BOOK)
    assert (code, only()["seeds"]) == (0, [0, 1, 2])


def test_a_seed_that_breaks_the_bound_breaks_the_row(run, promise):
    run("tiny", "--seeds", "1", *BOOK)
    (first,) = ledger.read(Path("results.json"))
    (numbers, time) = first.criteria
    good, bad = (replace(numbers, measured=(v,), at_least=5.0) for v in (8.0, 1.0))
    row = added(replace(first, criteria=(good, time)), replace(first, criteria=(bad, time)), 2)
    assert row.criteria[0].median == 4.5
    assert (row.criteria[0].passed, row.passed) == (False, False)


def test_nothing_is_added_to_a_row_that_does_not_fit(run, promise, monkeypatch):
    run("tiny", "--seeds", "1", *BOOK)
    monkeypatch.setattr("counterplay.recipes.session.start", lambda *_: pytest.fail("it ran"))
    path = Path("results.json")
    (row,) = ledger.read(path)
    ledger.save(path, [replace(row, fingerprint="0" * 64)])
    code, _, err = run("tiny", "--more", *BOOK)
    assert (code, "measured on other data (000000000000)" in err) == (2, True)
    ledger.save(path, [row])
    promise(lr=5e-4)
    code, _, err = run("tiny", "--more", *BOOK)
    assert (code, "no longer fits (the recipe's game.generator.lr" in err) == (2, True)
    assert ledger.read(path) == [row]


def test_a_row_of_fewer_seeds_that_says_it_is_kept_is_stale(run, promise):
    run("tiny", "--seeds", "1", *BOOK)
    path = Path("results.json")
    (row,) = ledger.read(path)
    assert all(each.holds() for each in row.criteria)
    ledger.save(path, [replace(row, passed=True)])
    code, out, _ = run("--check", *BOOK)
    assert code == 1
    assert out.endswith("it says passed: True and its numbers do not, over 2 seeds\n")
    ledger.save(path, [row])
    assert run("--check", *BOOK)[0] == 0


def test_other_machines_are_all_named(run, promise):
    run("tiny", "--seeds", "1", *BOOK)
    (row,) = ledger.read(Path("results.json"))
    two = added(replace(row, machine="a"), replace(row, machine="b"), 3)
    assert added(two, replace(row, machine="a"), 3).machine == "a; b"
    assert lacking(two, "tiny", 3) == range(2, 3)
