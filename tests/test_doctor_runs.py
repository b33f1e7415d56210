"""The doctor beside real trainings: it changes nothing, names what is made sick, and heals it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from doctor_trainings import PICTURES, ring, same_bits, trained

from counterplay.cli import main
from counterplay.data import load
from counterplay.errors import UserError
from counterplay.recipes import doctoring
from counterplay.recipes.diagnosing import of_run, of_samples
from counterplay.recipes.schema import Adam, Mlp, Vae
from counterplay.run.log import NonFinite, history

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("counterplay.recipes.looks.QUICK", 40)  # the looks are not what is tried


@pytest.mark.parametrize(
    "recipe",
    [
        ring(20, r1=0.1, critic_steps=2),
        PICTURES,
        replace(PICTURES, game=Vae(Mlp(16, 1), latent=2)),
    ],
    ids=["ring", "pictures", "vae"],
)
def test_a_training_with_the_doctor_ends_with_the_bits_of_one_without(recipe):
    torch.manual_seed(0)
    watched = trained(recipe, "with", every=2)
    after = torch.random.get_rng_state()
    torch.manual_seed(0)
    alone = trained(recipe, "without", every=0)
    assert same_bits(watched, alone)
    assert torch.equal(after, torch.random.get_rng_state())
    assert Path("with/signals.jsonl").exists()
    assert not Path("without/signals.jsonl").exists()
    assert not Path("without/findings.jsonl").exists()
    logs = [[r.get("last") for r in history(Path(p, "metrics.jsonl"))] for p in ("with", "without")]
    assert logs[0] == logs[1]


def test_what_it_sees_is_the_same_in_every_run_and_judged_again_from_the_file():
    first, again = (trained(ring(), out) for out in ("a", "b"))
    assert Path("a/signals.jsonl").read_text() == Path("b/signals.jsonl").read_text()
    assert first.reason == again.reason == "finished"
    found = of_run(Path("a"), CPU)
    told = history(Path("a/findings.jsonl"))[-1]["findings"]
    assert [f.name for f in found.findings] == [f["name"] for f in told]
    assert [c.step for c in found.history.checkups] == [10, 20, 30, 40]
    last = found.history.checkups[-1].values
    expected = {"samples/diversity", "raw/missing", "critic/auc", "generator/slope", "critic/grad"}
    assert expected | {"generator/moved", "critic/turn", "critic/cost"} <= last.keys()
    assert {"look/sliced/raw", "look/coverage/raw"} <= last.keys()  # figures of the look at 40
    assert all(math.isfinite(v) for v in last.values())


def test_scrambled_examples_are_asked_for_once_a_player_has_gone_far():
    model = replace(PICTURES, game=Vae(Mlp(16, 1), latent=2), steps=12)
    asked = {}
    for out, lr in (("slow", 1e-5), ("fast", 0.2)):
        game = replace(model.game, optimiser=Adam(lr))
        trained(replace(model, game=game, steps=12), out, every=2)
        seen = of_run(Path(out), CPU).history.checkups
        asked[out] = ["vae/scrambled" in c.values for c in seen]
        assert all("vae/held" in c.values for c in seen)
    assert not any(asked["slow"])
    assert asked["fast"] == [False, *[True] * 5]  # of the first nobody knows how far it is
    assert (
        main(["train", "--resume", "fast", "--steps", "14", "--quiet", "--doctor-every", "2"]) == 0
    )
    assert "vae/scrambled" in of_run(Path("fast"), CPU).history.checkups[-1].values


def test_a_resume_goes_on_with_the_history():
    straight = trained(ring(40), "a")
    trained(ring(20), "b")
    assert main(["train", "--resume", "b", "--steps", "40", "--quiet", "--doctor-every", "10"]) == 0
    assert [c.step for c in of_run(Path("b"), CPU).history.checkups] == [10, 20, 30, 40]
    one, other = (of_run(Path(p), CPU).history.checkups[-1].values for p in ("a", "b"))
    assert straight.reason == "finished"
    assert {k: v for k, v in one.items() if "cost" in k} == {
        k: v for k, v in other.items() if "cost" in k
    }


def test_held_tensors_are_buffers_of_stated_size():
    from counterplay.doctor.samples import BUFFER, KNOWN
    from counterplay.doctor.watch import ASKED, Subject

    recipe = ring(1)
    done = trained(recipe, "a")
    source = done.plan.source
    who = doctoring.doctor(source, (), recipe, CPU)
    subject = Subject(done.state.game, done.state.best, done.state.seats, 1)
    for _ in range(4):
        who.examine(subject)
    inner = [*vars(who).values(), *vars(who._real).values()]
    inner += [*who._memory.values(), *(t for _, s in who._sketches for t in s.values())]
    tensors = [t for t in inner if isinstance(t, torch.Tensor)] + [who.train.x, who.held.x]
    assert max(len(t) for t in tensors) <= max(BUFFER, KNOWN)
    assert len(who.train.x) <= ASKED
    assert len(who.held.x) <= ASKED
    assert len(who._sketches) <= 2


@pytest.mark.parametrize(("rows", "held"), [(40, 4), (30, None)])
def test_four_held_out_examples_are_enough_to_be_asked_about(rows, held):
    """Who has few examples has fewer held-out ones, and learns them by heart the sooner."""
    source = load(np.random.default_rng(0).normal(size=(rows, 3)).astype(np.float32), batch=8)
    who = doctoring.doctor(source, (), ring(1), CPU)
    assert source.splits["validation"] == (held or 3)
    assert (who.held and len(who.held.x)) == held


def test_weights_that_are_no_numbers_are_told_though_their_samples_may_be():
    from counterplay.doctor.watch import Subject

    recipe = ring(1)
    done = trained(recipe, "a")
    who = doctoring.doctor(done.plan.source, (), recipe, CPU)
    subject = Subject(done.state.game, done.state.best, done.state.seats, 1)
    assert "nonfinite" not in who.examine(subject).values
    with torch.no_grad():
        done.state.seats[0].parameters[0].fill_(math.nan)  # of the critic, which samples nothing
    assert who.examine(subject).values["nonfinite"] == 1


# ---- what is made sick on purpose


def series(samples, real, every=None):
    """Return the findings on samples, five looks at them."""
    np.save("samples.npy", samples.astype(np.float32))
    np.save("real.npy", real.astype(np.float32))
    return {f.name: f for f in of_samples("samples.npy", "real.npy", CPU).findings}


def modes(rng, n, which, std=0.05):
    angles = rng.choice(which, n) * np.pi / 4
    return np.stack([np.cos(angles), np.sin(angles)], 1) * 2 + std * rng.normal(size=(n, 2))


def test_bare_samples_are_judged_beside_their_data():
    rng = np.random.default_rng(0)
    real = modes(rng, 2500, range(8))
    assert {f.severity for f in series(modes(rng, 1500, range(8)), real).values()} == {"healthy"}
    collapsed = series(modes(rng, 1500, [3]), real)
    assert {"mode-collapse"} <= collapsed.keys()
    partial = series(modes(rng, 1500, range(4)), real)
    assert "partial-collapse" in partial
    assert "mode-collapse" not in partial
    assert "crowded-modes" in series(modes(rng, 1500, range(8), std=0.001), real)
    assert "divergence" in series(40 * modes(rng, 1500, range(8)), real)


def test_few_samples_are_judged_beside_as_few_real_ones_and_very_few_not_at_all():
    rng = np.random.default_rng(0)
    real = modes(rng, 2500, range(8))
    assert {f.severity for f in series(modes(rng, 24, range(8)), real).values()} == {"healthy"}
    assert {"mode-collapse", "partial-collapse"} & set(series(modes(rng, 24, [3]), real))
    with pytest.raises(UserError, match="16 or more are needed to tell anything, seen 6"):
        series(modes(rng, 6, range(8)), real)


@pytest.mark.parametrize("colours", [3, 1])
def test_pictures_of_one_colour_each_have_no_checkerboard_and_end_nothing(colours):
    rng = np.random.default_rng(0)
    flat = np.broadcast_to(rng.integers(0, 255, (200, colours, 1, 1)), (200, colours, 16, 16))
    kinds = rng.integers(40, 200, (4, colours, 16, 16))
    real = kinds[rng.integers(0, 4, 200)] + rng.integers(0, 40, (200, colours, 16, 16))
    assert {f.severity for f in series(flat, flat).values()} <= {"healthy", "warning", "sick"}
    blue = np.broadcast_to([[[0]], [[0]], [[255]]][:colours], (200, colours, 16, 16))
    assert "mode-collapse" in series(blue, real)


def test_copies_are_told_from_new_samples():
    rng = np.random.default_rng(1)
    real = rng.normal(size=(1200, 6))
    fresh = series(rng.normal(size=(1000, 6)), real)
    copies = series(real[rng.integers(0, 1200, 1000)], real)
    assert "memorisation" in copies
    assert "memorisation" not in fresh


def test_the_diagnose_verb_has_an_exit_code_for_scripts(capsys):
    rng = np.random.default_rng(0)
    np.save("real.npy", modes(rng, 2000, range(8)).astype(np.float32))
    np.save("bad.npy", modes(rng, 1000, [1]).astype(np.float32))
    np.save("good.npy", modes(rng, 1000, range(8)).astype(np.float32))
    assert main(["diagnose", "--samples", "good.npy", "--data", "real.npy"]) == 0
    capsys.readouterr()
    assert main(["diagnose", "--samples", "bad.npy", "--data", "real.npy", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert "mode-collapse" in [f["name"] for f in told["findings"]]
    assert told["signals"]["samples/diversity"] < 0.2
    for wrong in ([], ["--samples", "good.npy"], ["nowhere"], ["nowhere", "--samples", "good.npy"]):
        assert main(["diagnose", *wrong]) == 2
        assert "Traceback" not in capsys.readouterr().err


def test_a_dead_run_is_diagnosed_without_its_signals(capsys):
    trained(ring(20), "a", every=0)
    before = sorted(p.name for p in Path("a").iterdir())
    found = of_run(Path("a"), CPU)
    assert {c.step for c in found.history.checkups} == {10, 20}
    assert len(found.history.checkups) == 6  # the last one is looked at five times
    assert "critic/auc" in found.history.checkups[-1].values
    assert sorted(p.name for p in Path("a").iterdir()) == before
    assert main(["diagnose", "a"]) in (0, 1)
    assert "checkpoints were examined" in capsys.readouterr().out


def test_a_run_that_became_non_finite_says_so():
    wild = ring(40, generator=Adam(1e-3, rule="sgd"), critic=Adam(1e30, (0.0, 0.0), rule="sgd"))
    with pytest.raises(NonFinite):
        trained(wild, "a")
    found = of_run(Path("a"), CPU).findings
    assert found[0].name == "non-finite"
    assert found[0].confidence == 1.0
    assert "non-finite" in history(Path("a/findings.jsonl"))[-1]["findings"][0]["name"]
    assert "non-finite" in Path("a/report.html").read_text()


def test_samples_too_far_to_be_measured_end_no_training_and_are_found():
    leap = ring(40, generator=Adam(1e9, (0.0, 0.0), rule="sgd"))
    found = trained(replace(leap, look_every=20), "a")
    assert found.reason == "finished"
    findings = of_run(Path("a"), CPU).findings
    assert findings[0].severity == "sick"
    figures = {f.signal: f.value for f in findings[0].figures}
    assert 1e3 < figures["samples/distance"] < math.inf


@pytest.mark.parametrize("recipe", ["digits-wgan-gp", "vae-digits", "flow-digits-real-nvp"])
def test_data_of_one_picture_end_no_training_and_are_named(recipe, capsys):
    np.save("same.npy", np.full((200, 8, 8), 128, np.uint8))
    short = ["--steps", "30", "--look-every", "15", "--doctor-every", "10", "--out", "a"]
    assert main(["train", "same.npy", "--recipe", recipe, *short]) == 0
    assert "not measured" in capsys.readouterr().err
    assert main(["diagnose", "a", "--json"]) == 1
    names = [f["name"] for f in json.loads(capsys.readouterr().out)["findings"]]
    assert names[0] == "data-constant"
