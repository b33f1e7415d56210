"""The further metrics on demand: in an evaluation, beside honest values, in the run's report."""

from __future__ import annotations

import json

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import evaluate, text
from counterplay.metrics.further import FURTHER, OF_GAMES, wanted


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("further", *words))


@pytest.fixture(scope="module")
def found() -> dict:
    train, test, made = (normal(n, 3, n) for n in (500, 201, 200))
    return evaluate(made, train, test, ema=True, metrics=tuple(FURTHER))


def test_every_one_is_an_entry_like_the_usual_ones(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    usual = evaluate(normal(200, 3, 200), normal(500, 3, 500), normal(201, 3, 201), ema=True)
    added = found["metrics"].keys() - usual["metrics"].keys()
    assert added == {f"{name}/raw" for name in FURTHER}
    for name in usual["metrics"]:
        assert found["metrics"][name] == usual["metrics"][name], name
    for name in added:
        entry = found["metrics"][name]
        low, high = entry["interval"]
        assert low <= entry["value"] <= high, name
    rows = text(found)
    assert all(name in rows for name in added)


def test_a_perfect_generator_is_as_good_as_honest_samples(found):
    for name in FURTHER:
        entry = found["metrics"][f"{name}/raw"]
        spread = (entry["interval"][1] - entry["interval"][0]) / 1.96
        assert abs(entry["value"] - entry["reference"]) <= 2 * spread, name
    assert found["metrics"]["c2st_logistic/raw"]["p_value"] > 0.01
    assert [note for note in found["notes"] if note.startswith("parzen")]


def test_what_cannot_be_had_is_a_note_and_not_the_end():
    train, test, made = (normal(15, 3, which) for which in ("train", "test", "made"))
    few = evaluate(made, train, test, ema=False, metrics=("copying", "mmd"))
    assert "mmd/raw" in few["metrics"]
    assert "copying/raw" not in few["metrics"]
    assert [n for n in few["notes"] if n.startswith("copying/raw was not measured")]


def test_names_are_read_and_mistakes_told():
    assert wanted("") == ()
    assert wanted("mmd, fld,mmd") == ("mmd", "fld")
    assert wanted("all") == (*FURTHER, *OF_GAMES)
    with pytest.raises(UserError, match="--metrics fid: there are all, prd_precision, "):
        wanted("fid")
    assert {each.better for each in FURTHER.values()} == {"less", "more", "nearer"}


def test_a_run_is_measured_on_demand_and_its_report_shows_it(tmp_path, capsys):
    from counterplay.commands.evaluate import main as evaluate_command
    from counterplay.commands.train import main as train_command

    rows = normal(400, 2, "rows").tolist()
    data, run = tmp_path / "rows.csv", tmp_path / "run"
    data.write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in rows))
    train_command([str(data), "--out", str(run), "--steps", "4"])
    capsys.readouterr()
    evaluate_command([str(run), "--metrics", "vendi,path_length", "--json"])
    found = json.loads(capsys.readouterr().out)
    entries = found["metrics"]
    assert entries["vendi/raw"]["value"] > 0
    assert entries["path_length/raw"]["value"] > 0
    assert entries["path_length/raw"]["reference"] is None
    assert "path_length/raw" in (run / "report.html").read_text()
    assert [line for line in text(found).splitlines() if "path_length" in line and "–" in line]
