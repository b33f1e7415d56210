"""Comparing families: the table's numbers, the words that follow from them, and the whole verb."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from counterplay.cli import main
from counterplay.commands.compare import seconds
from counterplay.data import Image, Vector, load
from counterplay.errors import UserError
from counterplay.games.sequences import Sequences
from counterplay.networks.wavenet import WaveNet
from counterplay.recipes import build, looks, named
from counterplay.recipes.comparing.games import sensible, wanted
from counterplay.recipes.comparing.measured import bystanders
from counterplay.recipes.comparing.page import page, text
from counterplay.recipes.comparing.rows import Cell, Row, cell, differ, leaders, row
from counterplay.recipes.comparing.runner import _contest
from counterplay.recipes.comparing.speed import pace_of, steps_of
from counterplay.recipes.comparing.task import FAILED, RESULT, Task, read_task, result_of
from counterplay.recipes.comparing.trilemma import trilemma
from counterplay.recipes.comparing.words import advice, copies, standing


def entry(value: float, half: float = 0.01, reference: float = 1.0, about: str = "") -> dict:
    return {
        "value": value,
        "interval": [value - half, value + half],
        "reference": reference,
        **({"about": about} if about else {}),
    }


def result(quality: float, coverage: float, speed: float = 100.0, new: float = 1.0, **more) -> dict:
    figures = {
        "precision/pca": entry(quality),
        "coverage/pca": entry(coverage),
        "authenticity/pca": entry(new),
        **more,
    }
    plain = ["samples_per_second_alone", "best_batch", "steps_per_sample", "parameters", "rounds"]
    return {
        "metrics": figures,
        "recipe": "digits",
        "samples_per_second": speed,
        "trained_seconds": 5.0,
        **dict.fromkeys(plain, 1),
    }


def test_one_training_has_the_metrics_interval_and_more_have_the_seeds():
    one = cell([entry(0.5, 0.1)])
    assert (one.low, one.high) == (0.4, 0.6)
    values = [0.2, 0.4, 0.9]
    many = cell([entry(v, 0.001) for v in values])
    spread = torch.tensor(values).std().item()
    assert math.isclose(many.value, 0.5)
    assert math.isclose(many.high - many.value, 4.302653 * spread / math.sqrt(3), rel_tol=1e-6)
    # Seeds that agree by chance do not make the interval narrower than the examples allow.
    assert math.isclose(cell([entry(0.5, 0.1)] * 3).high, 0.6)


def test_numbers_differ_by_the_rule_of_all_metrics():
    assert not differ(Cell(0.5, 0.4, 0.6), Cell(0.65, 0.55, 0.75))
    assert differ(Cell(0.5, 0.4, 0.55), Cell(0.65, 0.58, 0.72))


def test_the_pick_is_good_at_both_and_no_copier():
    rows = [
        row("sharp", [result(0.99, 0.2)]),
        row("wide", [result(0.2, 0.99)]),
        row("both", [result(0.8, 0.8, speed=5)]),
        row("thief", [result(1.0, 1.0, new=0.1)]),
    ]
    assert [standing(r) for r in rows[:3]] == pytest.approx([0.2, 0.2, 0.8])
    assert copies(rows[3])
    lines = advice(rows)
    assert lines[0].startswith("Pick both: 80%")
    assert any(line.startswith("thief may copy training examples: 10%") for line in lines)
    assert any("sharp draws quickest" in line and "20 times" in line for line in lines)
    # The twin: without the copies' check the thief would be picked.
    assert standing(rows[3]) == 1.0


def test_the_best_of_a_bad_lot_is_not_recommended():
    line = advice([row("poor", [result(0.3, 0.9)]), row("worse", [result(0.1, 0.1)])])[0]
    assert line.startswith("None is good yet; the best so far is poor")
    assert "--budget" in line


def test_samples_about_the_middle_of_the_data_are_not_picked():
    """A smear has precision and coverage of few examples, and no real example lies within it."""
    smear = row("smear", [result(1.0, 1.0, **{"recall/pca": entry(0.05)})])
    fair = row("fair", [result(0.8, 0.8, **{"recall/pca": entry(0.7)})])
    assert advice([smear, fair])[0].startswith("Pick fair")
    assert standing(smear) == pytest.approx(0.05)
    line = advice([smear])[0]
    assert line.startswith("None is good yet")
    assert "but only 5% (training examples: 100%) of the real ones lie among them" in line


def test_rows_that_a_classifier_tells_apart_are_not_picked():
    """Precision and coverage see each cell; how cells go together is what a classifier sees."""
    told = {"detection/boosting": entry(0.95, reference=0.5)}
    loose = row("loose", [result(1.0, 1.0, **told)])
    alike = {"detection/boosting": entry(0.55, reference=0.5)}
    joint = row("joint", [result(0.9, 0.9, **alike)])
    line = advice([loose, joint])[0]
    assert line.startswith("Pick joint")
    assert "with an area of 0.55 (real ones: 0.50)" in line
    assert standing(loose) == pytest.approx(0.1)
    assert advice([loose])[0].startswith("None is good yet")


def test_a_game_that_has_hardly_begun_is_said_to_have():
    later = {**result(0.9, 0.9), "rounds": 5000}
    lines = advice([row("flow", [result(0.8, 0.8)]), row("vae", [later])])
    assert "flow played 1 rounds in its time, too few to judge it by." in lines
    assert not any("rounds" in line for line in advice([row("flow", [later])]))


def test_a_pick_that_has_hardly_begun_is_one_for_now():
    line, *more = advice([row("flow", [result(0.9, 0.9)])])
    assert line.startswith("Pick flow")
    assert line.endswith("It played 1 rounds: more time (--budget) may change the order.")
    assert not any("too few to judge it by" in each for each in more)


def test_names_of_games_at_one_place_do_not_lie_on_one_another():
    drawn = trilemma([row(name, [result(0.5, 0.5)]) for name in ("gan", "vae", "flow")])
    heights = re.findall(r'<text x="[\d.]+" y="([\d.]+)">(?:gan|vae|flow)<', drawn)
    assert len(set(heights)) == 3


def test_a_row_that_does_not_differ_is_named_beside_the_pick():
    near = row("near", [result(0.795, 0.795)])
    far = row("far", [result(0.7, 0.8)])
    lines = advice([row("best", [result(0.8, 0.8)]), near, far])
    assert "do not tell it from near." in lines[0]


def test_masses_and_densities_are_not_ranked_together():
    def likely(bits: float, about: str) -> dict:
        return result(0.5, 0.5, bits_per_dim=entry(bits, about=about))

    rows = [
        row("made", [likely(2.0, "exact, discrete, D = 64")]),
        row("flow", [likely(1.5, "lower bound, discrete, D = 64")]),
        row("vae", [likely(-3.0, "lower bound, continuous, D = 64")]),
        row("rbm", [likely(0.5, "estimate, discrete, D = 64, on 2 levels of its own")]),
    ]
    lines = advice(rows)
    assert any("Of masses the most likely is flow (1.500" in line for line in lines)
    assert not any("vae" in line or "rbm" in line for line in lines if "likely" in line)


def test_a_failed_game_is_a_row_with_its_reason():
    found = row("flow", [{FAILED: "no <room>", "recipe": "flow"}, result(0.5, 0.5)])
    assert (found.seeds, found.failed) == (1, ("no <room>",))
    lost = row("vae", [{FAILED: "no <room>"}])
    assert lost.seeds == 0
    rows, others = [found, lost], {"real": {"precision/pca": entry(0.9)}}
    assert "failed: no <room>" in text(rows, others)
    html = page("digits", ["a"], rows, others, advice(rows), Path("nowhere"), "counterplay")
    assert "no &lt;room&gt;" in html
    assert "no <room>" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_a_comparison_in_which_every_game_failed_is_told():
    rows = [row("vae", [{FAILED: "no room"}]), row("gan", [{FAILED: "no time"}])]
    found = text(rows, {})
    assert "failed: no room" in found
    assert "failed: no time" in found
    assert "failed: no room" in page("digits", [], rows, {}, advice(rows), Path("no"), "c")
    assert text(rows, {"real": {"precision/pca": entry(0.9)}})


def test_leaders_are_all_that_do_not_differ_from_the_best():
    rows = [row(name, [result(q, 0.5)]) for name, q in [("a", 0.5), ("b", 0.9), ("c", 0.89)]]
    assert [r.name for r in leaders(rows, "quality")] == ["b", "c"]
    assert [r.name for r in leaders(rows, "quality", least=True)] == ["a"]


def test_every_family_has_a_recipe_that_fits():
    for domain, least in [
        (Image(1, 8, tuple("0123456789")), 6),
        (Image(1, 28), 6),
        (Image(3, 32), 5),
        (Vector(2, ("x", "y"), (0.0, 0.0), (1.0, 1.0)), 5),
        (Vector(9, tuple("abcdefghi"), (0.5,) * 9, (0.5,) * 9, levels=2), 6),
    ]:
        games = sensible(domain, 20_000)
        assert len(games) >= least, domain
        assert all(named(recipe) for recipe in games.values())
        assert len(set(games.values())) == len(games)


def test_games_that_are_not_known_are_refused():
    domain = Image(1, 8)
    assert wanted("vae, flow", domain, 1000) == {"vae": "vae-digits", "flow": "flow-digits"}
    assert wanted("digits", domain, 1000) == {"digits": "digits"}
    with pytest.raises(UserError, match=r"--games vea: .*did you mean 'vae'"):
        wanted("vea", domain, 1000)
    with pytest.raises(UserError, match="twice"):
        wanted("vae,vae", domain, 1000)


def test_durations():
    assert [seconds(w) for w in ("60s", "10m", "1.5h", "90")] == [60, 600, 5400, 90]
    for wrong in ("", "0s", "ten", "-5m", "5d"):
        with pytest.raises(UserError, match="a time such as"):
            seconds(wrong)


def test_speed_counts_samples():
    took, pace = pace_of(lambda: torch.zeros(50, 2), 50)
    assert math.isclose(took * pace, 50, rel_tol=1e-6)
    assert steps_of(object()) == 1


def test_a_sample_takes_as_many_steps_as_wait_for_one_another():
    def steps(recipe: str, domain: Any) -> int:
        return steps_of(build.game(named(recipe), domain))

    points = Vector(6, tuple("abcdef"), (0.0,) * 6, (1.0,) * 6)
    digits, bits = Image(1, 8, levels=17), Vector(6, tuple("abcdef"), (0.5,) * 6, (0.5,) * 6, (), 2)
    assert steps("table", points) == 1
    assert steps("vae-digits", digits) == 1
    assert steps("flow-real-nvp", points) == 1
    assert steps("flow-iaf", points) == 1
    assert (steps("flow-maf", points) - 1) % 5 == 0
    assert steps("flow-maf", points) > 5
    assert steps("made", bits) == 6
    assert steps("pixelcnn-digits", digits) == 64
    assert steps_of(Sequences(WaveNet(30, 5, 6, 7))) == 30


def test_the_verb_trains_each_measures_all_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    words = ["compare", "ring", "--games", "vae,pixelcnn-digits", "--budget", "1s", "--out", "c"]
    assert main(words) == 0
    assert "copies of the training set" in capsys.readouterr().out
    html = Path("c", "report.html").read_text()
    assert html.count("<svg") == 1
    assert html.count("<img") == 2  # real points and the VAE's
    found = {p.parent.name: json.loads(p.read_text()) for p in Path("c").glob(f"*/{RESULT}")}
    # Networks of pictures do not fit points: a row with its reason, and not the end.
    assert "rows of 2 numbers" in found["pixelcnn-digits-0"][FAILED]
    good = found["vae-0"]
    assert good["metrics"]["modes"]["value"] >= 0
    assert 0 < good["trained_seconds"] < 30
    Path("c", "vae-0", RESULT).unlink()  # as if it had been killed before it was measured
    assert main(words) == 0
    assert result_of(Path("c", "pixelcnn-digits-0")) == found["pixelcnn-digits-0"]  # tried again
    again = result_of(Path("c", "vae-0"))
    assert again is not None
    # It goes on from where it was: after a budget that is over it plays a round and ends.
    assert good["rounds"] <= again["rounds"] <= good["rounds"] + 1
    assert main([*words, "--size", "8"]) == 2
    assert main([word if word != "1s" else "2s" for word in words]) == 2
    assert "other settings" in capsys.readouterr().err


def test_real_examples_are_drawn_and_not_cut_from_a_sorted_file():
    """Rows sorted by a column: halves cut in the middle would be told apart at once."""
    rows = np.sort(np.random.default_rng(0).normal(size=(600, 2)), axis=0).astype(np.float32)
    found = bystanders(load(rows), torch.device("cpu"))
    real = {name: entry["value"] for name, entry in found["real"]["metrics"].items()}
    assert real["coverage/raw"] > 0.8
    assert found["copies"]["metrics"]["authenticity/raw"]["value"] == 0
    assert real["authenticity/raw"] > 0.2


def test_a_task_is_read_back(tmp_path):
    task = Task("digits", "vae", "vae-digits", 3, 60.0, size=8)
    task.write(tmp_path / task.name)
    assert read_task(tmp_path / "vae-3") == task
    (tmp_path / "vae-3" / "task.json").write_text("{}")
    with pytest.raises(UserError, match="no task"):
        read_task(tmp_path / "vae-3")


def test_a_row_of_nothing_has_no_standing():
    assert standing(Row("empty")) is None
    assert advice([Row("empty", failed=("broken",))])[0].startswith("No game")


CHILD = """
import os, time
from counterplay.recipes.comparing.contest import end_with
if {watched}:
    end_with(os.getppid(), 0.05)
print("there", flush=True)
time.sleep(4)
print("late", flush=True)
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


@pytest.mark.parametrize(("watched", "last"), [(True, b""), (False, b"late\n")])
def test_a_training_ends_with_the_comparison_that_asked_for_it(watched, last):
    """Where nobody watches, its twin goes on when the parent has been killed."""
    words = [sys.executable, "-c", PARENT, CHILD.format(watched=watched)]
    path = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=path) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"there\n"
        parent.kill()
        assert parent.stdout.read() == last


def test_a_game_that_failed_is_tried_again_and_one_that_was_measured_is_not(tmp_path, monkeypatch):
    calls = []

    def process(words, **more):
        calls.append(words)
        write_result(Path(words[-1]), {"rounds": 3})

    def write_result(place, found):
        (place / RESULT).write_text(json.dumps(found))

    monkeypatch.setattr("counterplay.recipes.comparing.runner.subprocess.run", process)
    task = Task("digits", "gan", "digits", 0, 5.0)
    task.write(tmp_path / task.name)
    write_result(tmp_path / task.name, {FAILED: "no room"})
    assert _contest(task, tmp_path, 1) == {"rounds": 3}
    assert _contest(task, tmp_path, 1) == {"rounds": 3}
    assert len(calls) == 1


def test_bystanders_are_as_many_as_a_games_samples(monkeypatch):
    rows = np.random.default_rng(0).normal(size=(4000, 2)).astype(np.float32)
    source = load(rows)
    monkeypatch.setattr(looks, "_HELD", 2 * 250)
    found = bystanders(source, torch.device("cpu"))
    counts = {e["n_generated"] for row in found.values() for e in row["metrics"].values()}
    assert looks.tested(source) == 250
    assert counts == {250}
