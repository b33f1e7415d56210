"""The ledger: what is written comes back, nothing else is touched, and what is stale is found."""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplay.commands.reproduce import read_command
from counterplay.errors import UserError
from counterplay.recipes import ledger, named
from counterplay.recipes.promises import REPRODUCTIONS
from counterplay.recipes.results import markdown
from counterplay.recipes.row import EVERY, MEDIAN, Criterion, Row, plain
from counterplay.recipes.stale import asked_of, described, stale

VERSION = "0.1.0"


def criterion(measured, at_least=None, at_most=None, over=MEDIAN, **more) -> Criterion:
    made = Criterion(
        metric=more.pop("metric", "modes"),
        what="modes, in words",
        at_least=at_least,
        at_most=at_most,
        relative=more.pop("relative", False),
        over=over,
        published=6.3,
        source="A paper (Author, 2018, arXiv:1712.04086)",
        reference=8.0,
        measured=tuple(measured),
        median=None,
        passed=None,
    )
    return replace(made, median=made.middle(), passed=made.holds())


def row(name: str = "ring-wgan-gp", peer: str = "") -> Row:
    """A row that fits the code: what ``reproduce NAME`` writes when all goes well."""
    promise = REPRODUCTIONS[name]
    count = promise.seeds
    criteria = tuple(
        criterion(
            [next((b for b in (p.at_least, p.at_most) if b is not None), 0.0)] * count,
            p.at_least,
            p.at_most,
            over,
            metric=p.metric,
            relative=p.relative,
        )
        for p, over in asked_of(promise, bool(peer))
    )
    own = f"counterplay reproduce {name}"
    return Row(
        promise=name,
        system=peer or promise.system,
        peer=bool(peer),
        data="ring",
        fingerprint="0123456789abcdef",
        split="test",
        seeds=tuple(range(count)),
        criteria=criteria,
        passed=True,
        seconds=(100.0,) * count,
        training_seconds=(90.0,) * count,
        machine="2 cores of a kind",
        version=VERSION,
        command=f"{own} --peer-samples x.npz --peer-name {peer} --peer-seconds 9" if peer else own,
        notes=("measured like this", "a list in words: [\n 1, 2]"),
        recipe={} if peer else described(named(promise.recipe)),
    )


def check(path) -> list[str]:
    return stale(path, VERSION, read_command)


# What is written comes back ----------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(REPRODUCTIONS))
def test_a_row_comes_back_from_the_file(tmp_path, name):
    path = tmp_path / "results.json"
    ledger.record(path, row(name))
    ledger.record(path, row(name, "peer-1.0"))
    assert ledger.read(path) == [row(name), row(name, "peer-1.0")]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.none()


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.text(max_size=30))
@settings(max_examples=30, deadline=None)
def test_any_numbers_and_words_come_back(tmp_path_factory, measured, words):
    path = tmp_path_factory.mktemp("ledger") / "results.json"
    count = len(measured)
    some = replace(
        row(),
        seeds=tuple(range(count)),
        criteria=(criterion(measured, at_least=0.0),),
        seconds=(1.0,) * count,
        training_seconds=(1e-7,) * count,
        notes=(words,),
    )
    ledger.record(path, some)
    assert ledger.read(path) == [some]


def test_keys_stand_in_the_order_of_the_fields(tmp_path):
    path = tmp_path / "results.json"
    ledger.record(path, row())
    found = json.loads(path.read_text())
    assert list(found) == ["schema", "rows"]
    assert list(found["rows"][0]) == [f.name for f in fields(Row)]
    assert list(found["rows"][0]["criteria"][0]) == [f.name for f in fields(Criterion)]


def test_the_file_does_not_depend_on_the_order_of_writing(tmp_path):
    rows = [row("mnist"), row("mnist", "b"), row("mnist", "a"), row("ring-wgan-gp")]
    for name, order in (("one", rows), ("two", rows[::-1])):
        for each in order:
            ledger.record(tmp_path / name / "results.json", each)
    one, two = (tmp_path / n / "results.json" for n in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert ledger.page(one).read_bytes() == ledger.page(two).read_bytes()
    assert [r.system for r in ledger.read(one) if r.promise == "mnist"][1:] == ["a", "b"]


def test_lists_of_numbers_stand_on_one_line(tmp_path):
    path = tmp_path / "results.json"
    ledger.record(path, row())
    assert '"seeds": [0, 1, 2, 3, 4],' in path.read_text()


def test_a_rerun_replaces_its_own_row_and_no_other(tmp_path):
    path = tmp_path / "results.json"
    others = [row("grid-wgan-gp"), row("mnist"), row("mnist", "peer-1.0")]
    for each in [*others, row()]:
        ledger.record(path, each)
    again = replace(row(), machine="another", system="the same, renamed")
    ledger.record(path, again)
    found = {r.key: r for r in ledger.read(path)}
    assert found == {r.key: r for r in [*others, again]}


def test_writers_at_the_same_time_lose_no_row(tmp_path):
    path = tmp_path / "results.json"
    peers = [f"peer-{i}" for i in range(12)]
    threads = [threading.Thread(target=ledger.record, args=(path, row("mnist", p))) for p in peers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [r.system for r in ledger.read(path)] == sorted(peers)


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    ledger.record(path, row())
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="the disk is full"):
        ledger.record(path, replace(row(), machine="another"))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_row_without_a_verdict_is_not_kept(tmp_path):
    path = tmp_path / "results.json"
    with pytest.raises(UserError, match="has no place"):
        ledger.record(path, replace(row(), passed=None))
    assert not path.exists()


# Verdicts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measured", "bounds", "over", "median", "holds"),
    [
        ([8, 8, 7], {"at_least": 8.0}, MEDIAN, 8, True),
        ([8, 7, 7], {"at_least": 8.0}, MEDIAN, 7, False),
        ([8, 7], {"at_least": 8.0}, MEDIAN, 7.5, False),
        ([100, 100, 200], {"at_most": 180.0}, MEDIAN, 100, True),
        ([100, 100, 200], {"at_most": 180.0}, EVERY, 100, False),
        ([100, 180, 170], {"at_most": 180.0}, EVERY, 170, True),
        ([None, 9, 9], {"at_least": 8.0}, MEDIAN, 9, True),
        ([None, None, 9], {"at_least": 8.0}, MEDIAN, None, False),
        ([None, 9, 9], {"at_least": 8.0}, EVERY, 9, False),
        ([None, None, 0.1], {"at_most": 0.14}, MEDIAN, None, False),
        ([None], {"at_most": 0.14}, EVERY, None, False),
    ],
)
def test_verdicts(measured, bounds, over, median, holds):
    made = criterion(measured, over=over, **bounds)
    assert made.median == median
    assert made.passed is holds


@given(
    st.lists(st.floats(-10, 10) | st.none(), min_size=1, max_size=7),
    st.integers(0, 6),
    st.floats(0, 20),
    st.sampled_from([MEDIAN, EVERY]),
)
def test_a_better_value_never_breaks_a_promise(measured, which, more, over):
    before = criterion(measured, at_least=1.0, over=over)
    i = which % len(measured)
    better = [*measured]
    better[i] = (measured[i] if measured[i] is not None else -10.0) + more
    assert criterion(better, at_least=1.0, over=over).holds() >= before.holds()


# The page ----------------------------------------------------------------------------------------


def test_the_page_says_what_the_rows_say():
    assert "Nothing has been measured yet" in markdown([])
    failed = replace(criterion([7.125] * 5, 8.0), passed=False)
    rows = [
        replace(row("mnist", "peer | 1.0"), machine="a machine"),
        replace(row(), criteria=(failed,), passed=False, seconds=(1, 2, 3, 4, 5.5)),
    ]
    text = markdown(rows)
    for words in ("peer \\| 1.0 (peer)", "a machine", "7.125", "≥ 8", "**no**", "1, 2, 3, 4, 5.5"):
        assert words in text
    assert "A paper (Author, 2018, arXiv:1712.04086)" in text
    assert "`counterplay reproduce ring-wgan-gp`" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    for line in tables:
        assert line.replace("\\|", "").count("|") in (8, 9)


# What is stale -----------------------------------------------------------------------------------


def broken(**changes):
    return lambda r: replace(r, **changes)


def bound_changed(r: Row) -> Row:
    first = criterion([9.0] * 5, 7.0)
    return replace(r, criteria=(first, *r.criteria[1:]))


def recipe_changed(r: Row) -> Row:
    game = {**r.recipe["game"], "penalty": 10.0}
    return replace(r, recipe={**r.recipe, "game": game})


def recipe_has_more(r: Row) -> Row:
    return replace(r, recipe={**r.recipe, "forgotten": 1})


def time_over_the_median(r: Row) -> Row:
    return replace(r, criteria=(*r.criteria[:-1], replace(r.criteria[-1], over=MEDIAN)))


def median_wrong(r: Row) -> Row:
    return replace(r, criteria=(replace(r.criteria[0], median=9.0), *r.criteria[1:]))


def numbers_fail(r: Row) -> Row:
    low = replace(r.criteria[0], measured=(1.0,) * 5, median=1.0)
    return replace(r, criteria=(low, *r.criteria[1:]))


BROKEN = {
    "name": (broken(promise="ring-wgan-gq"), "nothing of that name is promised"),
    "version": (broken(version="0.2.0"), "made by version 0.2.0 and this is 0.1.0"),
    "system": (broken(system="WGAN"), "the system is called 'WGAN-GP on a ring"),
    "option gone": (broken(command="counterplay reproduce ring-wgan-gp --sede 5"), "no option"),
    "other verb": (broken(command="counterplay train ring"), "does not begin with"),
    "other name": (broken(command="counterplay reproduce mnist"), "makes another row"),
    "quick": (broken(command="counterplay reproduce ring-wgan-gp --quick"), "it makes no row"),
    "other seeds": (
        broken(command="counterplay reproduce ring-wgan-gp --seeds 9"),
        "its command runs 9 seeds and the row has 5",
    ),
    "bound": (bound_changed, "the bound of 'modes' is ≥ 8 over median and was ≥ 7"),
    "over": (time_over_the_median, "≤ 180 over every seed and was ≤ 180 over median"),
    "missing": (lambda r: replace(r, criteria=r.criteria[1:]), "it has no 'modes'"),
    "extra": (
        lambda r: replace(r, criteria=(*r.criteria, criterion([1.0] * 5, 1.0, metric="kid"))),
        "'kid' is promised no more",
    ),
    "recipe": (recipe_changed, "the recipe's game.penalty is 0.1 and was 10.0"),
    "recipe's field gone": (recipe_has_more, "the recipe has no forgotten any more"),
    "passed": (broken(passed=False), "it says passed: False and its numbers do not"),
    "numbers": (numbers_fail, "'modes' says passed: True and its numbers do not"),
    "median": (median_wrong, "the median of 'modes' is 8"),
}


def test_rows_that_fit_are_not_stale(tmp_path):
    path = tmp_path / "results.json"
    ledger.save(path, [*(row(name) for name in sorted(REPRODUCTIONS)), row("mnist", "peer-1")])
    assert check(path) == []


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_each_broken_twin_is_one_stale_line(tmp_path, kind):
    breaks, reason = BROKEN[kind]
    path = tmp_path / "results.json"
    ledger.save(path, [row("mnist"), breaks(row())])
    (line,) = check(path)
    assert reason in line
    assert "\n" not in line


def test_a_patch_version_and_a_new_field_of_recipes_are_not_stale(tmp_path):
    path = tmp_path / "results.json"
    before = {name: value for name, value in row().recipe.items() if name != "accumulate"}
    ledger.save(path, [replace(row(), version="0.1.7", recipe=before)])
    assert check(path) == []


def test_an_honest_failure_is_not_stale(tmp_path):
    path = tmp_path / "results.json"
    failed = replace(numbers_fail(row()).criteria[0], passed=False)
    honest = replace(row(), criteria=(failed, *row().criteria[1:]), passed=False)
    ledger.save(path, [honest])
    assert check(path) == []


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_a_page_that_is_not_the_ledgers_is_found(tmp_path, change):
    path = tmp_path / "results.json"
    ledger.save(path, [row()])
    page = ledger.page(path)
    page.write_text(page.read_text() + "x") if change == "edit" else page.unlink()
    (line,) = check(path)
    assert "is not what results.json makes" in line


# Files that are no ledger ------------------------------------------------------------------------


def without(name: str) -> str:
    found = {k: v for k, v in plain(row()).items() if k != name}
    return json.dumps({"schema": 1, "rows": [found]})


def with_(**changes) -> str:
    return json.dumps({"schema": 1, "rows": [plain(row()) | changes]})


FOREIGN = {
    "empty": ("", "is not JSON"),
    "truncated": (without("x")[:-40], "is not JSON"),
    "a list": ("[]", "is no ledger"),
    "no rows": ('{"schema": 1}', "is no ledger"),
    "later": ('{"schema": 2, "rows": []}', "has schema 2 and this version knows 1"),
    "a word": ('{"schema": 1, "rows": ["x"]}', "row 1 lacks 'promise'"),
    "a key less": (without("command"), "row 1 lacks 'command'"),
    "a key more": (with_(extra=1), "row 1 has a strange 'extra'"),
    "seeds": (with_(seeds=[0]), "not one value for each of its 1 seeds"),
    "no seeds": (with_(seeds=[], seconds=[], training_seconds=[], criteria=[]), "its 0 seeds"),
    "words": (with_(seconds=["1"] * 5), "expected a number, got '1'"),
    "no list": (with_(notes="x"), "expected a list, got 'x'"),
}


@pytest.mark.parametrize("kind", sorted(FOREIGN))
def test_a_file_that_is_no_ledger_is_refused_and_kept(tmp_path, kind):
    text, reason = FOREIGN[kind]
    path = tmp_path / "results.json"
    path.write_text(text)
    for act in (ledger.read, ledger.ready, lambda p: ledger.record(p, row())):
        with pytest.raises(UserError, match=re.escape(reason)) as error:
            act(path)
        assert "\n" not in str(error.value)
    assert path.read_text() == text


def test_a_ledger_that_cannot_be_written_is_told_before(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write"):
        ledger.ready(tmp_path / "file" / "results.json")
