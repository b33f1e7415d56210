"""The doctor's bench: its catalogue is what it says, and its figures are what was recorded."""

from __future__ import annotations

import json
import subprocess
import sys
import typing
from dataclasses import replace
from pathlib import Path

import pytest

from counterplay.cli import main
from counterplay.doctor import CONDITIONS as KNOWN
from counterplay.doctor import THRESHOLDS, Checkup, History, Normal, diagnose
from counterplay.errors import UserError
from counterplay.recipes import build, schema
from counterplay.recipes.doctor_bench import CASES, CONDITIONS, SEEDS, Case, recipe_of
from counterplay.recipes.doctor_bench import bench as benches
from counterplay.recipes.doctor_bench.made import MADE, SHARED
from counterplay.recipes.doctor_bench.page import BEGIN, END, section, spliced
from counterplay.recipes.doctor_bench.runner import Trial, _plan, read, record, run
from counterplay.recipes.doctor_bench.scoring import HEALTHY, judge, score, tell
from counterplay.recipes.session import joined

DOCS = Path(__file__).parents[1] / "docs"
SICK = [case for case in CASES if case.condition]
WELL = [case for case in CASES if not case.condition]
LARGE = ("mnist", "doubled-mnist", "dim-mnist", "shuffled-mnist", "fashion")
THEIRS = (
    *(*LARGE, "dna", "mushrooms", "housing", "concrete", "airfoil"),
    *("energy", "skillcraft", "parkinsons", "kin40k", "adult"),
    *("yacht", "reds", "bike", "protein", "elevators", "houses", "faces", "emoji", "paintings"),
    *("mushroom-same", "digits-48"),
)
OURS = {name for name in MADE if not name.startswith(LARGE if SHARED.is_dir() else THEIRS)}
"""Data that are made in no time."""


# ---- the catalogue


def test_there_are_as_many_causes_and_healthy_trainings_as_promised():
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CONDITIONS) >= 12
    for name in CONDITIONS:
        causes = [case for case in SICK if case.condition == name]
        assert len({case.cause for case in causes}) == len(causes) >= 3
        assert {case.half for case in causes} == {"fitted", "seen", "held"}
    assert SEEDS * len(WELL) >= 60 == 20 * SEEDS


def test_as_many_causes_are_held_as_thresholds_are_chosen_by():
    for name in CONDITIONS:
        count = {h: sum(c.half == h and c.condition == name for c in CASES) for h in benches.HALVES}
        assert count["held"] >= count["fitted"] >= 2, name
    held = [case for case in WELL if case.half == "held"]
    assert SEEDS * len(held) >= 60
    assert {case.half for case in CASES} == set(benches.HALVES)


def test_what_a_training_is_proved_by_is_no_shorter_than_what_the_doctor_sees():
    assert all(not case.proof or case.proof >= case.steps for case in CASES)
    assert any(case.proof > case.steps for case in WELL)


def test_every_game_is_among_the_healthy_ones():
    games = {type(recipe_of(case, 0).game) for case in WELL}
    assert games == set(typing.get_args(schema.GameSpec))


def test_what_is_expected_is_a_condition_and_what_else_is_accepted_is_explained():
    known = {condition.name for condition in KNOWN}
    for case in SICK:
        assert case.names <= known, case.name
        assert bool(case.also) == bool(case.why), case.name
    assert all(not case.names and not case.also for case in WELL)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_a_valid_recipe(case):
    for late in (False, True) if case.after else (False,):
        recipe = recipe_of(case, 2, late)
        assert recipe.seed == 2
        assert recipe.steps == (case.steps if late or not case.after else case.after)
    assert case.data in {"", *MADE}
    assert bool(case.after) == bool(case.late)
    assert case.steps // case.every >= 2
    assert recipe_of(case, 0) != recipe_of(case, 1)


def test_a_late_cause_changes_what_the_healthy_rounds_were():
    for case in CASES:
        if case.after:
            assert case.after >= 5 * case.every
            assert replace(recipe_of(case, 0, late=True), steps=case.after) != recipe_of(case, 0)


@pytest.mark.parametrize("name", sorted({case.recipe for case in CASES}))
def test_a_case_of_each_recipe_builds(name):
    """The smallest data first: what a game is built on has no part in it but its shape."""
    cases = [c for c in CASES if c.recipe == name and (c.data in OURS or not c.data)]
    with joined("cpu") as place:
        for case in cases[:2]:
            if "../shared" in str(case.changes.get("data.source")) and not SHARED.is_dir():
                pytest.skip("the shared data are not here")
            found = _plan(Trial(case, 0), place)
            assert build.game(found.recipe, found.source.domain, found.share).players()


# ---- scores of written histories

NORMAL = {
    "samples/diversity": Normal(1.0, 0.01),
    "samples/coverage": Normal(0.67, 0.02),
    "samples/missing": Normal(0.0, 0.01),
    "samples/distance": Normal(1.0, 0.15),
}
GOOD = {
    "samples/diversity": 0.99,
    "samples/coverage": 0.6,
    "samples/missing": 0.0,
    "samples/distance": 1.3,
}
BAD = {**GOOD, "samples/diversity": 0.03, "samples/coverage": 0.05, "samples/distance": 9.0}


def told(sick_from, count=12):
    """A history whose samples are all alike from a check-up on."""
    checkups = [Checkup(100 * (i + 1), BAD if i >= sick_from else GOOD) for i in range(count)]
    return History({"data/endless": 1.0}, NORMAL, checkups)


def case(name="a", condition="mode-collapse", **more):
    return Case(name, condition, "some cause", "digits", **more)


def test_a_sick_training_is_found_after_its_onset_and_the_delay_is_counted_from_there():
    whole = judge(case(), 0, told(6))
    assert (whole.found, whole.exact, whole.delay) == (900, 900, 900)
    late = judge(case(after=600), 0, told(6))
    assert (late.found, late.delay) == (900, 300)
    assert not late.alarms
    assert late.said[0] == "mode-collapse"


def test_what_is_said_before_the_onset_is_a_false_alarm_and_no_finding():
    early = judge(case(after=1100), 0, told(2, count=11))
    assert early.found is None
    assert early.alarms == {"mode-collapse": 500}


def test_a_healthy_training_alarms_or_does_not():
    assert not judge(case(condition=""), 0, told(99)).alarms
    assert judge(case(condition=""), 0, told(6)).alarms == {"mode-collapse": 900}
    assert judge(case(condition=""), 0, told(99)).said == [HEALTHY]


def test_another_name_is_found_only_where_it_is_accepted():
    other = case(condition="mode-hopping")
    assert judge(other, 0, told(6)).found is None
    accepted = judge(replace(other, also=("mode-collapse",)), 0, told(6))
    assert (accepted.found, accepted.exact) == (900, None)


def test_the_figures_are_shares_of_what_was_recorded():
    found = [judge(case(), seed, told(6 if seed else 99)) for seed in range(3)]
    found += [judge(case("b", condition=""), seed, told(99 if seed else 6)) for seed in range(4)]
    found += [judge(case("c"), 0, History(), "failed: no data")]
    (row,) = score(found)
    assert (row.runs, row.found, row.causes, row.delay) == (3, 2, 1, 900)
    assert row.sensitivity == pytest.approx(2 / 3)
    figures = tell(found)
    assert (figures["sick"], figures["healthy"], figures["alarms"]) == (3, 4, 1)
    assert figures["not made"] == 1
    assert figures["confusion"] == {
        "mode-collapse": {"mode-collapse": 2, HEALTHY: 1},
        HEALTHY: {HEALTHY: 3, "mode-collapse": 1},
    }


def test_what_did_not_become_what_it_was_made_to_be_is_neither_found_nor_missed():
    sick = judge(case(), 0, told(99), outcome={"varied": 0.9})
    really = judge(case(), 1, told(99), outcome={"varied": 0.1})
    well = {"reached": 0.9, "inside": 0.9, "varied": 1.0}
    healthy = judge(case("b", condition=""), 0, told(6), outcome={**well, "reached": 0.1})
    fine = judge(case("b", condition=""), 1, told(6), outcome=well)
    figures = tell([sick, really, healthy, fine])
    assert (figures["sick"], figures["healthy"], figures["alarms"]) == (1, 1, 1)
    assert figures["not shown"] == 2
    (row,) = score([sick, really])
    assert row.runs == 1


def test_thresholds_can_be_fitted_to_recorded_histories():
    strict = {**THRESHOLDS, "collapse/diversity": 0.01}
    assert judge(case(), 0, told(6)).found is not None
    assert judge(case(), 0, told(6), thresholds=strict).found is None


def test_the_promise_is_of_the_held_half_and_of_all_of_it():
    def figures(found, alarms, recorded=9):
        row = {"sensitivity": found}
        held = {"alarms": alarms, "healthy": 40, "conditions": [row]}
        return {"halves": {"held": held}, "asked": 9, "recorded": recorded}

    assert benches.kept(figures(0.95, 2))
    assert not benches.kept(figures(0.85, 2))
    assert not benches.kept(figures(0.95, 3))
    assert not benches.kept(figures(0.95, 2, recorded=8))


# ---- what the fitted half taught: small histories in the manner of its trainings, with their twins


def series(normal=NORMAL, facts=None, count=16, **values):
    """A history whose signals are functions of the check-up's number, or numbers."""

    def at(i):
        return {k.replace("_", "/", 1): v(i) if callable(v) else v for k, v in values.items()}

    checkups = [Checkup(25 * (i + 1), at(i)) for i in range(count)]
    return History({"data/endless": 1.0, "data/scale": 1.4, **(facts or {})}, normal, checkups)


def said(one):
    return {f.name for f in diagnose(one)}


def test_a_saturated_gradient_is_small_beside_the_critics_gap_and_not_by_itself():
    critic = {"critic_auc": 0.99, "critic_gap": 20.0}
    assert "vanishing-gradient" in said(series(**critic, generator_slope=0.6))
    assert "vanishing-gradient" not in said(series(**critic, generator_slope=12.0))
    unsure = {"critic_auc": 0.8, "critic_gap": 20.0}
    assert "vanishing-gradient" not in said(series(**unsure, generator_slope=0.6))


def test_what_samples_lack_on_their_way_is_no_collapse():
    gone = {"samples_missing": 0.4, "samples_precision": 0.9, "samples_diversity": 0.8}
    normal = {**NORMAL, "samples/precision": Normal(0.95, 0.02)}
    resting = series(normal, **gone, samples_distance=4.0)
    nearing = series(normal, **gone, samples_distance=lambda i: 9.0 * 0.9**i)
    assert "partial-collapse" in said(resting)
    assert "partial-collapse" not in said(nearing)
    smeared = series(normal, **{**gone, "samples_precision": 0.01}, samples_distance=4.0)
    assert "partial-collapse" not in said(smeared)  # not parts of the data, none of them


def test_latents_that_are_not_taught_yet_have_not_collapsed():
    def vae(explained, active):
        return series(
            latents_axes=0.74,
            latents_explained=explained,
            latents_rate=lambda i: 2.0 - 0.1 * i,
            latents_active=active,
        )

    assert "posterior-collapse" not in said(vae(lambda i: 0.01 * i, 1.0))
    assert "posterior-collapse" in said(vae(-0.1, 0.0))


def test_a_generator_that_is_elsewhere_each_time_hops_unless_it_comes_nearer():
    normal = {**NORMAL, "samples/moved": Normal(0.15, 0.03)}
    moves = {"samples_moved": 0.6, "samples_coverage": 0.01, "samples_missing": 0.25}
    assert "mode-hopping" in said(series(normal, **moves, samples_distance=1.8))
    nearing = series(normal, **moves, samples_distance=lambda i: 9.0 * 0.9**i)
    assert "mode-hopping" not in said(nearing)


def test_a_fall_that_noise_may_hide_has_not_ended():
    """As of a WaveNet at a quarter of its rounds, whose batches differ by more than it learns."""

    def net(pace):
        return series(
            count=24,
            net_train=lambda i: 10 * pace**i + 0.2 * (-1) ** i,
            net_again=lambda i: 10 * pace**i - 0.2 * (-1) ** i,
            net_held=lambda i: 10 * pace**i,
        )

    assert said(net(0.9)) == {"healthy-unfinished"}
    still = series(
        count=24,
        net_train=lambda i: 1 + 1e-4 * (-1) ** i,
        net_again=lambda i: 1 - 1e-4 * (-1) ** i,
        net_held=lambda i: 9.0 if i < 4 else 1.0,
    )
    assert said(still) == {"healthy-finished"}


def test_chains_that_the_model_runs_from_do_not_mix():
    chains = {"chains_flipped": 1.0, "chains_saturated": 0.0}
    assert "chain-not-mixing" in said(series(**chains, chains_strayed=0.9))
    assert "chain-not-mixing" not in said(series(**chains, chains_strayed=0.2))
    assert "chain-not-mixing" in said(series(chains_flipped=1.0, chains_saturated=0.95))


# ---- records


def test_a_bench_that_was_broken_off_goes_on_and_a_failure_is_a_row(tmp_path, monkeypatch):
    made = []

    def trained(trial, out):
        made.append(trial.name)
        if trial.case.name == "broken":
            raise UserError("no such data")
        out.mkdir()
        plain = {"steps": trial.case.steps, "seed": trial.seed}
        rows = [{"event": "head", "facts": {}, "normal": {}, "options": plain}]
        rows += [{"step": 25, "signals": {"samples/diversity": 0.123456789}}]
        (out / "signals.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
        return "finished", {"varied": 0.123456789}

    monkeypatch.setattr("counterplay.recipes.doctor_bench.runner._trained", trained)
    asked = benches.trials([case(), case("broken"), case("b", condition="")], 1)
    record(asked[0], tmp_path)
    run(asked, tmp_path, say=lambda line: None)
    assert sorted(made) == ["a-0", "b-0", "broken-0"]
    run(asked, tmp_path, say=lambda line: None)
    assert len(made) == 3
    found = {v.case: v for v in benches.verdicts(asked, tmp_path)}
    assert found["broken"].reason == "failed: no such data"
    assert not found["broken"].counts
    assert (whole := read(asked[0], tmp_path)) is not None
    assert whole.history.checkups[0].values == {"samples/diversity": 0.123457}
    assert whole.outcome == {"varied": 0.123457}
    longer = benches.trials([case(steps=900)], 1)
    assert read(longer[0], tmp_path) is None  # the case is another now: it is trained anew
    run(longer, tmp_path, say=lambda line: None)
    assert made[3:] == ["a-0"]


def test_sick_and_healthy_take_turns_and_seeds_come_one_after_the_other():
    asked = benches.trials(CASES)
    seen = {t.name for t in asked if t.case.half == "seen"}
    assert seen == {f"{case.name}-0" for case in CASES if case.half == "seen"}
    assert len(asked) - len(seen) == SEEDS * (len(CASES) - len(seen))
    assert [t.seed for t in asked] == sorted(t.seed for t in asked)
    assert bool(asked[0].case.condition) != bool(asked[1].case.condition)


# ---- the page


def test_the_page_keeps_what_people_wrote_and_says_what_was_missed(tmp_path):
    (tmp_path / "doctor.md").write_text("# The doctor\n\nWords.\n")
    found = [judge(case(), 0, told(99)), judge(case("b", condition=""), 0, told(6))]
    figures = benches.figures(found, 5)
    bench = benches.Bench(tmp_path, tmp_path)
    bench._write(tmp_path, figures)
    once = (tmp_path / "doctor.md").read_text()
    assert once.startswith("# The doctor\n\nWords.\n")
    assert "2 of the 5 trainings" in once
    assert "`a`, seed 0 (fitted), mode-collapse: healthy" in once
    assert "`b`, seed 0: mode-collapse" in once
    bench._write(tmp_path, figures)
    assert (tmp_path / "doctor.md").read_text() == once
    assert spliced(once, "Other.").count(BEGIN) == spliced(once, "Other.").count(END) == 1


@pytest.mark.skipif(not (DOCS / "doctor.json").is_file(), reason="the bench has not been run")
def test_the_published_section_is_made_from_the_published_figures():
    figures = json.loads((DOCS / "doctor.json").read_text())
    page = (DOCS / "doctor.md").read_text()
    assert spliced(page, section(figures)) == page
    names = {case.name: case for case in CASES}
    for row in figures["runs"]:
        assert names[row["case"]].half == row["half"]
        assert names[row["case"]].condition == row["condition"]


# ---- the command


def test_the_quick_bench_goes_from_end_to_end_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COUNTERPLAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("counterplay.recipes.looks.QUICK", 40)  # the looks are not what is tried
    before = {path: path.stat().st_mtime_ns for path in DOCS.glob("doctor.*")}
    assert main(["reproduce", "doctor", "--quick", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"quick": True, "runs": len(benches.QUICK)}
    assert {path: path.stat().st_mtime_ns for path in DOCS.glob("doctor.*")} == before
    assert not (tmp_path / "runs").exists()


def test_what_the_bench_cannot_take_is_said(capsys):
    for words in (
        ["doctor", "--data", "digits"],
        ["doctor", "--jobs", "0"],
        ["ring", "--jobs", "2"],
    ):
        assert main(["reproduce", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_catalogue_imports_no_torch():
    code = "import sys, counterplay.recipes.doctor_bench.bench; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
