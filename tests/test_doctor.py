"""Conditions on written histories: each is found where it is, and not on its healthy twin."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace

import pytest

from counterplay.doctor import (
    CONDITIONS,
    REMEDIES,
    THRESHOLDS,
    Checkup,
    Figure,
    Finding,
    History,
    Normal,
    Remedy,
    Signs,
    diagnose,
    is_sick,
    offered,
)
from counterplay.doctor.finding import ORDER, from_json
from counterplay.doctor.history import Moment, from_records, to_record
from counterplay.doctor.text import health, table, told
from counterplay.errors import UserError
from counterplay.recipes import RECIPES, named
from counterplay.recipes.altered import applied, options

NORMAL = {
    "samples/diversity": Normal(1.0, 0.01),
    "samples/crowding": Normal(1.0, 0.05),
    "samples/coverage": Normal(0.67, 0.02),
    "samples/precision": Normal(0.98, 0.01),
    "samples/missing": Normal(0.0, 0.01),
    "samples/distance": Normal(1.0, 0.15),
    "samples/authentic": Normal(0.5, 0.02),
    "samples/checkerboard": Normal(0.02, 0.002),
    "samples/moved": Normal(0.12, 0.02),
    "critic/held": Normal(0.5, 0.02),
}
NORMAL |= {name.replace("samples/", "raw/"): n for name, n in NORMAL.items() if "samples/" in name}

HEALTHY = {
    "samples/diversity": 0.99,
    "samples/crowding": 1.1,
    "samples/coverage": 0.6,
    "samples/missing": 0.0,
    "samples/distance": 1.3,
    "samples/authentic": 0.5,
    "samples/checkerboard": 0.022,
    "samples/moved": 0.14,
    "critic/auc": 0.55,
    "critic/held": 0.51,
    "critic/r_v": 0.02,
    "critic/gap": 0.2,
    "critic/grad": 1.0,
    "generator/grad": 0.8,
    "generator/slope": 0.5,
    "generator/moved": 5e-4,
    "critic/moved": 5e-4,
    "generator/turn": 0.2,
    "critic/turn": 0.1,
    "generator/tied": 1.0,
    "samples/class_share": 0.9,
    "samples/class_diversity": 0.9,
    "samples/class_poorest": 0.8,
}
FACTS = {"data/examples": 5000.0, "data/scale": 1.4, "data/pictures": 1.0, "data/span": 2.0}

LIKELY = {
    "vae/train": 10.0,
    "vae/again": 10.1,
    "vae/held": 10.2,
    "latents/active": 0.9,
    "latents/rate": 12.0,
    "latents/explained": 0.7,
    "latents/axes": 0.8,
    "flow/inverse": 1e-5,
    "chains/flipped": 0.9,
    "chains/saturated": 0.1,
    "vae/grad": 1.0,
    "vae/moved": 5e-4,
}


def history(values=None, count=12, before=6, base=HEALTHY, facts=None, normal=NORMAL):
    """A history of ``count`` check-ups, the first ``before`` of them healthy, then ``values``.

    A value may be a function of the check-up's number.
    """

    def at(i):
        now = {**base, **({} if i < before else values or {})}
        # Two batches of one law never cost the same.
        wobble = {n: 0.05 * math.sin(3 * i) for n in ("vae/again",) if n in now}
        found = {k: v(i) if callable(v) else v for k, v in now.items()}
        return {k: v + wobble.get(k, 0.0) for k, v in found.items() if v is not None}

    checkups = [Checkup(100 * (i + 1), at(i)) for i in range(count)]
    return History({**FACTS, **(facts or {})}, normal, checkups)


SICK = {
    "non-finite": history({"nonfinite": 1.0}, before=11),
    "mode-collapse": history(
        {"samples/diversity": 0.03, "samples/coverage": 0.05, "critic/auc": 0.8}
    ),
    "partial-collapse": history(
        {"samples/missing": 0.5, "samples/coverage": 0.35, "samples/distance": 4.0}
    ),
    "divergence": history({"samples/diversity": 15.0, "samples/distance": 99.0, "critic/auc": 0.9}),
    "crowded-modes": history({"samples/crowding": 0.05}),
    "within-class-collapse": history({"samples/class_poorest": 0.05}),
    "ignored-latent": history({"samples/class_diversity": 0.02, "samples/class_poorest": 0.01}),
    "ignored-condition": history({"samples/class_share": 0.03}),
    "mode-hopping": history(
        {"raw/moved": 0.9, "raw/missing": 0.8, "raw/diversity": 0.3}, base=HEALTHY
    ),
    "checkerboard": history({"samples/checkerboard": 0.3}),
    "batch-leakage": history({"generator/tied": 9.0}),
    "memorisation": history({"samples/authentic": 0.1}),
    "vanishing-gradient": history(
        {"critic/auc": 1.0, "generator/slope": 1e-6, "critic/gap": 30.0, "samples/distance": 9.0}
    ),
    "critic-overfitting": history({"critic/held": 0.8, "critic/r_v": 0.5}),
    "critic-too-weak": history(
        {"critic/auc": 0.5, "samples/distance": 9.0, "samples/coverage": 0.05}
    ),
    "oscillation": history(
        {"samples/distance": 4.0, "generator/turn": -0.6, "critic/turn": -0.5}, count=16, before=4
    ),
    "plateau": history({"samples/distance": 5.0, "critic/auc": 0.9}, count=40, before=2),
    "exploding-gradient": history({"generator/grad": 50.0}, count=16, before=12),
    "rate-too-high": history(
        {"critic/moved": 0.05, "critic/turn": -0.1, "samples/distance": 5.0}, before=3
    ),
    "rate-too-low": history(
        {"critic/moved": 1e-6, "generator/moved": 1e-6, "samples/distance": 8.0, "critic/auc": 0.9},
        before=0,
    ),
    "posterior-collapse": history(
        {"latents/active": 0.0, "latents/rate": 0.01, "latents/explained": 0.01},
        base=LIKELY,
    ),
    "over-regularised": history(
        {"latents/active": 0.3, "latents/explained": 0.3}, base=LIKELY
    ),
    "not-invertible": history({"flow/inverse": 0.5}, base=LIKELY),
    "overfitting": history(
        {"vae/train": 8.0, "vae/again": 8.05, "vae/held": lambda i: 10 + 0.3 * (i - 5)},
        base=LIKELY, count=20,
    ),
    "chain-not-mixing": history({"chains/flipped": 0.01}, base=LIKELY),
    "data-constant": history(facts={"data/constant": 1.0}),
    "data-doubled": history(facts={"data/doubled": 0.6}),
    "data-range": history(facts={"data/span": 0.008}),
    "data-few": history(facts={"data/examples": 20.0}),
    "data-labels": history(facts={"data/told": 0.002, "data/drawn": 0.01}),
}  # fmt: skip
"""Condition -> a history that shows it and nothing that would explain it."""


def names(findings):
    return {f.name for f in findings}


def test_every_condition_is_tried():
    assert SICK.keys() == {c.name for c in CONDITIONS}
    assert len({(c.name, c.severity) for c in CONDITIONS}) == len(CONDITIONS)


def test_a_critic_that_knows_its_examples_is_sick_only_where_samples_suffer():
    signs = {"critic/held": 0.8, "critic/r_v": 0.5}
    (close,) = diagnose(history(signs))
    (far,) = diagnose(history({**signs, "samples/distance": 2.5}))
    assert (close.name, close.severity) == ("critic-overfitting", "warning")
    assert (far.name, far.severity) == ("critic-overfitting", "sick")


@pytest.mark.parametrize("name", sorted(SICK))
def test_a_condition_is_found_with_its_evidence(name):
    found = {f.name: f for f in diagnose(SICK[name])}
    assert name in found
    finding = found[name]
    assert finding.figures
    assert finding.severity in ORDER
    assert 0.5 < finding.confidence <= 1
    assert finding.meaning.endswith(".")
    for figure in finding.figures[:1]:  # the first is what tells: out of its range
        low, high = figure.low, figure.high
        assert (low is not None and figure.value < low) or (
            high is not None and figure.value > high
        )


@pytest.mark.parametrize("name", sorted(SICK))
def test_what_is_found_is_the_cause_alone(name):
    """A history with one thing wrong has one sick finding, or none besides."""
    found = diagnose(SICK[name])
    assert names(f for f in found if f.severity == "sick") <= {name}


@pytest.mark.parametrize("base", [HEALTHY, LIKELY], ids=["game", "likelihood"])
def test_the_healthy_twin_is_healthy(base):
    found = diagnose(history(base=base, count=30))
    assert [f.severity for f in found] == ["healthy"]
    assert not is_sick(found)


def test_one_look_is_no_alarm_and_it_is_told_since_when():
    collapsed = {"samples/diversity": 0.03, "samples/coverage": 0.05}
    for seen in (1, 2):
        short = history(collapsed, count=6 + seen, before=6)
        assert "mode-collapse" not in names(diagnose(short))
    found = diagnose(history(collapsed, count=9, before=6))
    assert [(f.name, f.since, f.step) for f in found] == [("mode-collapse", 700, 900)]
    later = diagnose(history(collapsed, count=12, before=6))[0]
    assert (later.since, later.step) == (700, 1200)
    assert later.confidence > found[0].confidence


def test_what_comes_back_is_forgiven():
    dip = history({"samples/missing": lambda i: 0.5 if i < 9 else 0.0}, count=14)
    assert not is_sick(diagnose(dip))


def test_samples_that_become_more_various_are_not_collapsed():
    values = {"samples/diversity": lambda i: 0.01 * 1.5**i, "samples/coverage": 0.02}
    assert "mode-collapse" not in names(diagnose(history(values, before=0, count=7)))
    still = {**values, "samples/diversity": 0.1}
    assert "mode-collapse" in names(diagnose(history(still, before=0, count=7)))


def test_an_alarm_is_relative_to_what_real_examples_have():
    """The same coverage is a collapse where real examples cover all, and none where they do not."""
    values = {"samples/diversity": 0.2, "samples/coverage": 0.2}
    assert "mode-collapse" in names(diagnose(history(values)))
    loose = {**NORMAL, "samples/coverage": Normal(0.3, 0.04)}
    assert "mode-collapse" not in names(diagnose(history(values, normal=loose)))


def test_thresholds_can_be_fitted_anew():
    one = history({"samples/diversity": 0.3, "samples/coverage": 0.1})
    assert "mode-collapse" not in names(diagnose(one))
    assert "mode-collapse" in names(diagnose(one, {**THRESHOLDS, "collapse/diversity": 0.5}))


def test_nothing_is_learnt_by_heart_from_an_endless_law():
    for name in ("critic-overfitting", "memorisation", "data-few"):
        one = SICK[name]
        endless = History({**one.facts, "data/endless": 1.0}, one.normal, one.checkups)
        assert name in names(diagnose(one))
        assert name not in names(diagnose(endless))


def test_a_missing_signal_is_no_sign():
    assert [f.severity for f in diagnose(History({}, {}, [Checkup(100, {})] * 9))] == ["healthy"]
    assert [f.severity for f in diagnose(History())] == ["healthy"]


def test_what_explains_another_finding_silences_it():
    both = {"latents/active": 0.0, "latents/rate": 0.0, "latents/explained": 0.0}
    both |= {"samples/diversity": 0.01, "samples/coverage": 0.02}
    one = history(both, base={**HEALTHY, **LIKELY})
    assert "posterior-collapse" in names(diagnose(one))
    assert "mode-collapse" not in names(diagnose(one))


def test_unfinished_and_finished_are_told_apart():
    (far,) = diagnose(history({"samples/distance": 2.5}, count=10))
    (near,) = diagnose(history(count=10))
    assert far.name == "healthy-unfinished"
    assert near.name == "healthy-finished"
    falling = {**LIKELY, "vae/held": lambda i: 20 - i}
    (learning,) = diagnose(history(base=falling, count=20))
    (resting,) = diagnose(history(base=LIKELY, count=20))
    assert learning.name == "healthy-unfinished"
    assert resting.name == "healthy-finished"


def test_good_samples_alone_do_not_finish_what_has_a_cost():
    """As of a text after a tenth of its rounds, whose windows lie as far apart as real ones."""
    both = {**HEALTHY, **LIKELY}
    (early,) = diagnose(history(base=both, count=10))
    (later,) = diagnose(history(base=both, count=20))
    assert early.name == "healthy-unfinished"
    assert later.name == "healthy-finished"


def test_diagnoses_are_a_function_of_recorded_numbers():
    for one in SICK.values():
        head = json.loads(json.dumps(to_record(one)))
        rows = [json.loads(json.dumps({"step": c.step, "signals": c.values})) for c in one.checkups]
        again = from_records([head, *rows])
        assert diagnose(again) == diagnose(one)
        assert diagnose(one.upto(400)) == diagnose(again.upto(400))


def test_a_history_that_grows_is_diagnosed_alike_and_each_sign_is_sought_once():
    sought = Counter()

    def seeking(condition):
        def sign(moment, t):
            sought[condition, moment.step] += 1
            return condition.sign(moment, t)

        return replace(condition, sign=sign)

    table = [seeking(c) for c in CONDITIONS]
    for one in SICK.values():
        signs = Signs()
        sought.clear()
        for checkup in one.checkups:
            past = one.upto(checkup.step)
            assert diagnose(past, conditions=table, signs=signs) == diagnose(past)
        assert set(sought.values()) == {1}


def test_a_look_that_comes_to_a_checkup_is_seen():
    one, signs = SICK["mode-collapse"], Signs()
    *before, last = one.checkups
    bare = Checkup(last.step, {})
    for checkups in ([*before, bare], one.checkups):
        now = replace(one, checkups=checkups)
        assert diagnose(now, signs=signs) == diagnose(now)


def test_a_moment_sees_no_later_checkup():
    one = history({"critic/auc": lambda i: float(i)}, before=0)
    moment = Moment(one, 3)
    assert moment.past("critic/auc") == [0.0, 1.0, 2.0, 3.0]
    assert moment.past("critic/auc", 2) == [2.0, 3.0]
    assert (moment.step, moment.now("critic/auc"), moment.now("nothing")) == (400, 3.0, None)


def test_findings_survive_json():
    for one in SICK.values():
        for finding in diagnose(one):
            plain = json.loads(json.dumps(finding.to_json(), allow_nan=False))
            assert from_json(plain) == finding
    odd = Finding("x", "sick", 1, 2, 1.0, "Y.", (Figure("a", math.inf),), (Remedy({"b": 1}, "c"),))
    assert from_json(json.loads(json.dumps(odd.to_json()))) == odd
    assert odd.to_json()["remedies"][0]["options"] == "--b 1"


def test_findings_are_told_in_words():
    found = diagnose(SICK["mode-collapse"])
    assert health(found) == "health: ✗ mode-collapse since 700"
    assert "samples/diversity 0.03 (normal: 0.96 to 1.04)" in table(found)
    assert told(found[0]).startswith("✗ step 1,200: mode-collapse.")
    assert health(diagnose(history())) == "health: ✓ finished"


def test_remedies_are_for_conditions_that_there_are():
    assert REMEDIES.keys() <= {c.name for c in CONDITIONS}
    mended_by_hand = {"data-constant", "data-doubled", "data-range", "data-labels"}
    assert {c.name for c in CONDITIONS} - REMEDIES.keys() == mended_by_hand


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_every_remedy_parses_and_changes_the_recipe_it_is_offered_for(recipe):
    base = named(recipe)
    fields = options(base)
    for name in REMEDIES:
        for remedy in offered(name, fields):
            try:
                changed = applied(base, remedy.changes)
            except UserError as error:
                raise AssertionError(f"{name}: {remedy.options}") from error
            assert changed != base
            now = options(changed)
            for path, value in remedy.changes.items():
                assert now[path] == value
                assert f"--{path.replace('_', '-').rpartition('.')[0]}" in remedy.options


def test_a_remedy_that_changes_nothing_is_not_offered():
    fields = {"game.r1": 0.0, "game.critic.lr": 1e-3, "game.networks.critic_norm": "batch"}
    first = next(iter(offered("exploding-gradient", fields)))
    assert first.changes == {"game.r1": 1.0, "game.networks.critic_norm": "none"}
    assert not list(offered("checkerboard", fields))
    assert not list(offered("checkerboard", {"game.networks.upsample": "resize"}))
    assert list(offered("checkerboard", {"game.networks.upsample": "transposed"}))
