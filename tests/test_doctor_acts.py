"""What follows from a finding: it is said, it ends a training, or it is mended."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from doctor_trainings import PICTURES, ring, same_bits, trained

from counterplay.cli import main
from counterplay.doctor import Finding, Remedy
from counterplay.recipes import read
from counterplay.recipes.altered import applies
from counterplay.recipes.diagnosing import of_run
from counterplay.recipes.plan import plan
from counterplay.recipes.schema import Adam, Gan, Points
from counterplay.recipes.session import joined
from counterplay.run import Run
from counterplay.run.log import history

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("counterplay.recipes.looks.QUICK", 40)  # the looks are not what is tried


@pytest.fixture
def _sick_from_20(monkeypatch):
    """Let any training without R1 be sick from round 20 on, whatever its samples are."""

    def diagnosed(known, **_):
        late = [c.step for c in known.checkups if c.step >= 20]
        if not late or known.options["game.r1"]:
            return [
                Finding("healthy-unfinished", "healthy", 0, known.checkups[-1].step, 1, "Well.")
            ]
        remedies = (Remedy({"game.r1": 0.5}, "it helps"), Remedy({"game.latent": 3}, "or this"))
        return [
            Finding("mode-collapse", "sick", 20, late[-1], 0.9, "Bad.", (), remedies),
        ]

    monkeypatch.setattr("counterplay.doctor.diagnose", diagnosed)


@pytest.mark.usefixtures("_sick_from_20")
def test_a_finding_stops_a_training_that_is_told_to():
    done = trained(ring(), "a", on_finding="stop")
    assert (done.reason, done.state.step) == ("finding", 20)
    assert Run.open("a").latest_good()[0].step == 20
    assert trained(ring(), "b").reason == "finished"


@pytest.mark.usefixtures("_sick_from_20")
def test_a_remedy_goes_back_to_the_last_healthy_checkpoint_and_is_the_same_in_every_run():
    said = []
    first = trained(ring(), "a", on_finding="remedy", say=said.append)
    again = trained(ring(), "b", on_finding="remedy")
    assert first.reason == "finished"
    assert same_bits(first, again)
    assert read(Run.open("a").recipe_yaml).game.r1 == 0.5
    (told,) = [r for r in history(Path("a/findings.jsonl")) if r.get("event") == "remedy"]
    assert (told["step"], told["options"], told["finding"]) == (
        10,
        "--game.r1 0.5",
        "mode-collapse",
    )
    assert any("back to round 10" in line for line in said)
    assert [c.step for c in of_run(Path("a"), CPU).history.checkups] == [10, 20, 30, 40]
    # By hand: ten rounds as they were, the rest with the penalty.
    trained(ring(10), "c", every=0)
    text = Path("c/recipe.yaml").read_text().replace("r1: 0.0", "r1: 0.5")
    Run.open("c").amend(text.replace("steps: 10", "steps: 40"), {})
    assert main(["train", "--resume", "c", "--quiet", "--doctor-every", "0"]) == 0
    by_hand = Run.open("c").latest_good()[0]
    assert all(torch.equal(by_hand.tensors[k], v) for k, v in first.state.tensors().items())
    assert "Remedies that were tried" in Path("a/report.html").read_text()


def test_a_remedy_with_other_networks_begins_anew(monkeypatch):
    def diagnosed(known, **_):
        if len(known.checkups) < 3 or known.options["game.networks.critic_width"]:
            return []
        remedy = Remedy({"game.networks.critic_width": 24}, "wider")
        return [Finding("critic-too-weak", "sick", 20, 30, 0.9, "Weak.", (), (remedy,))]

    monkeypatch.setattr("counterplay.doctor.diagnose", diagnosed)
    done = trained(ring(), "a", on_finding="remedy")
    straight = trained(replace(ring(), game=replace(ring().game, networks=Points(16, 1, 24))), "b")
    assert same_bits(done, straight)


def test_a_remedy_that_cannot_be_built_is_not_offered():
    with joined("cpu") as place:
        found = plan({"x": PICTURES}, place.device)
    assert not applies(found, {"game.pack": 2})  # packs have no class
    assert applies(found, {"game.pack": 2, "game.conditional": False})
    assert not applies(found, {"game.nothing": 1.0})
    assert not applies(found, {"data.batch": 10**6})


def test_the_command_line_says_what_does_not_go_together(capsys):
    assert main(["train", "ring", "--doctor-every", "0", "--on-finding", "stop"]) == 2
    assert main(["train", "ring", "--doctor-every", "-5"]) == 2
    assert main(["train", "ring", "--on-finding", "panic"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_health_line_is_in_the_progress(capsys):
    words = ["train", "ring", "--recipe", "gan-ring", "--steps", "8", "--doctor-every", "4"]
    small = ["--batch", "16", "--game.networks.width", "8", "--out", "a"]
    assert main([*words, *small]) == 0
    assert "health: " in capsys.readouterr().err
    assert "<h2>Health</h2>" in Path("a/report.html").read_text()


def test_a_collapse_with_perfect_losses_is_named_and_its_healthy_twin_is_not(capsys):
    """Trap 42: a critic that sees nothing costs 2 ln 2, its generator ln 2, and no mode is met."""
    slow = Adam(1e-5, (0.5, 0.99))
    blind = Gan(Points(16, 2, weights="normal"), latent=2, generator=slow, critic=slow)
    trained(replace(ring(120), game=blind, checkpoint_every=60), "sick", every=30)
    trained(replace(ring(120, r1=0.1), checkpoint_every=60), "well", every=30)
    last = [r for r in Run.open("sick").records() if "event" not in r][-1]
    assert last["critic/adversarial"] == pytest.approx(2 * math.log(2), abs=0.02)
    assert last["generator/adversarial"] == pytest.approx(math.log(2), abs=0.02)
    assert main(["diagnose", "sick", "--json"]) == 1
    found = {f["name"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    grid = Path("sick", found["mode-collapse"]["picture"])
    assert grid.read_bytes().startswith(b"\x89PNG")
    seen = [r for r in history(Path("sick/signals.jsonl")) if "signals" in r]
    onset = next(r["step"] for r in seen if r["signals"]["samples/diversity"] < 0.25)
    named = next(
        r["step"]
        for r in history(Path("sick/findings.jsonl"))
        if any(f["name"] == "mode-collapse" for f in r.get("findings", ()))
    )
    assert named - onset < 300
    assert "mode-collapse" in Path("sick/report.html").read_text()
    assert main(["diagnose", "well"]) == 0
    assert "healthy" in capsys.readouterr().out
