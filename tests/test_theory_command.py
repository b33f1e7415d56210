"""``counterplay theory``: lists, numbers, checks, pictures, the page; mistakes in one line."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PIL import Image

from counterplay.cli import main
from counterplay.commands.options import arities
from counterplay.theory import ITEMS, Check, Value
from counterplay.theory.figures import draw, save
from counterplay.theory.page import head, part, sections, write
from counterplay.theory.text import exact

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "theory.md"

QUICK = ["wasserstein-lp", "convolution", "fictitious-play", "elbo", "linear-vae"]
"""Items that are exact and take moments; the page's other sections are made by the same code."""


def test_list_names_everything_without_torch():
    flags = [sys.executable, "-X", "importtime", "-m", "counterplay", "theory", "--list"]
    done = subprocess.run(flags, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in ITEMS)
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert not {"torch", "matplotlib", "scipy"} & imported


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_every_item_is_well_formed(name):
    item = ITEMS[name]
    assert item.name == name == name.lower()
    assert item.title
    assert "\n" not in item.title + item.derivation
    item.parameters()
    source = Path(sys.modules[item.parameters.__module__].__file__ or "").read_text()
    for field in fields(item.parameters):
        assert re.search(rf'^    {field.name}: .*\n    """', source, re.MULTILINE), field.name


def test_no_two_items_want_an_option_with_another_number_of_words():
    seen: dict[str, int] = {}
    for item in ITEMS.values():
        for option, words in arities(item.parameters).items():
            assert seen.setdefault(option, words) == words, option


def test_a_name_prints_numbers_derivation_and_checks(capsys):
    assert main(["theory", "elbo", "--x", "0.5"]) == 0
    said = capsys.readouterr().out
    assert ITEMS["elbo"].derivation in said
    assert "ELBO + KL" in said
    assert "pass" in said
    assert main(["theory", "elbo"]) == 0
    assert capsys.readouterr().out != said


def test_check_is_a_line_a_check_and_its_exit_code(capsys, monkeypatch):
    assert main(["theory", "convolution", "--check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ITEMS["convolution"].checks(ITEMS["convolution"].parameters()))
    for word in ("pass", "against", "difference", "bound"):
        assert all(word in line for line in lines)
    bad = replace(
        ITEMS["convolution"],
        checks=lambda p: [Check("a sum", 1.0, 2.0, 0.1, "wrong against right")],
    )
    monkeypatch.setitem(ITEMS, "convolution", bad)
    assert main(["theory", "convolution", "--check"]) == 1
    assert "FAIL  convolution: a sum: 1 against 2, difference 1" in capsys.readouterr().out


def test_all_check_goes_over_everything_and_ends_with_one(capsys, monkeypatch):
    failing = replace(ITEMS["elbo"], checks=lambda p: [Check("x", float("nan"), 0, 9, "how")])
    passing = replace(ITEMS["flow"], checks=lambda p: [Check("y", 1, 1, 0, "how")])
    for name in list(ITEMS):
        monkeypatch.setitem(ITEMS, name, failing if name == "elbo" else passing)
    assert main(["theory", "all", "--check"]) == 1
    said = capsys.readouterr().out
    assert said.count("pass") == len(ITEMS) - 1
    assert said.splitlines()[-1] == f"{len(ITEMS)} checks, 1 failed"
    monkeypatch.setitem(ITEMS, "elbo", passing)
    assert main(["theory", "all", "--check"]) == 0


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_are_written_the_same_twice(tmp_path, ending):
    for name in "ab":
        path = tmp_path / f"{name}.{ending}"
        save(ITEMS["convolution"], ITEMS["convolution"].parameters(), path)
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_what_moves_is_written_as_gif(tmp_path):
    def frame(place):
        return lambda blank: blank.subplots().plot([0, place])

    item = replace(ITEMS["bilinear"], frames=lambda p: [frame(i) for i in range(3)], size=(2, 2))
    save(item, item.parameters(), tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as picture:
        assert getattr(picture, "n_frames", 1) == 3


@pytest.mark.parametrize("name", QUICK)
def test_figures_have_labelled_axes_and_leave_no_global_state(name):
    import matplotlib

    before = dict(matplotlib.rcParams)
    item = ITEMS[name]
    figure = draw(lambda blank: item.figure(item.parameters(), blank), item.size)
    assert dict(matplotlib.rcParams) == before
    for axes in figure.axes:
        titles = axes.get_title(), axes.get_title("left")
        assert axes.get_xlabel() or axes.get_ylabel() or any(titles) or not axes.axison


BAD = {
    "theory wasserstien": "no item 'wasserstien'; did you mean 'wasserstein-lp'?",
    "theory bilinear dirac-gan": "theory takes one name, not bilinear and dirac-gan",
    "theory bilinear --etta 0.1": "no option --etta; did you mean '--eta'?",
    "theory bilinear --eta": "option --eta lacks a value",
    "theory bilinear --eta fast": "--eta",
    "theory bilinear --eta 5": "eta: expected a number from 0.0001 to 1.99, got 5",
    "theory fictitious-play --game chess": "chess",
    "theory elbo --out picture.jpg": "figures are written as .png, .svg, .pdf, .gif",
    "theory elbo --out picture.gif": "'elbo' does not move",
    "theory elbo --out nowhere/picture.png": "there is no folder nowhere",
    "theory elbo --docs nowhere": "there is no such folder",
    "theory elbo --x 3 --docs .": "leave the options out",
    "theory all": "say what to do with all: --check, or --docs FOLDER",
    "theory all --check --out a.png": "--out takes one item's picture",
    "theory all --eta 3 --check": "--eta",
    "theory --check": "say what to check",
    "theory --docs docs": "say what to write",
}


@pytest.mark.parametrize("words", sorted(BAD))
def test_every_mistake_is_one_line(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith("counterplay: ")
    assert said.count("\n") == 1
    assert BAD[words] in said
    assert not list(tmp_path.rglob("*.png"))


def test_without_matplotlib_the_line_says_what_to_install(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["theory", "elbo", "--out", str(tmp_path / "a.png")]) == 2
    assert "pip install 'counterplay[plot]'" in capsys.readouterr().err


def test_the_page_is_what_the_generator_writes():
    """The numbers of the page to the precision that it states, its pictures, and its contents."""
    page = PAGE.read_text()
    told = sections(page)
    assert list(told) == list(ITEMS)
    assert page.startswith(head(ITEMS).strip())
    for name, item in ITEMS.items():
        assert (PAGE.parent / "theory" / f"{name}.png").stat().st_size > 5000
        assert item.derivation in told[name]
        assert item.title in told[name]
        assert "FAIL" not in told[name]
    for name in QUICK:
        assert told[name].strip() == part(ITEMS[name]).strip()


def test_one_section_is_written_and_the_others_stay(tmp_path):
    items = {name: ITEMS[name] for name in ("convolution", "elbo")}
    write(tmp_path, items, ["elbo"])
    page = tmp_path / "theory.md"
    page.write_text(page.read_text().replace("The evidence", "An old"))
    write(tmp_path, items, ["convolution"])
    told = sections(page.read_text())
    assert list(told) == ["convolution", "elbo"]
    assert "An old" in told["elbo"]
    assert (tmp_path / "theory" / "convolution.png").exists()


def test_numbers_are_told_to_their_precision():
    assert exact(0.34567, 0.012) == "0.346 ± 0.012"
    assert exact(-1e-14) == "0"
    assert Value(1.0).error == 0
