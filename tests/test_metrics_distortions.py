"""The table of distortions: which metric sees which fault, measured anew."""

from __future__ import annotations

import json

import pytest
import torch

from benchmarks import nulls
from benchmarks.distortions import FIGURES, PAGE, digits, page, vectors
from counterplay.metrics import pca
from counterplay.metrics.distortions import BETTER, DISTORTIONS, measure, verdict

TITLE = "digits, principal components"

SEES = {
    "noise": "frechet kid precision density authenticity mmd fld copying vendi wasserstein",
    "blur": "frechet kid sliced recall mmd fld wasserstein copying c2st_network c2st_neighbour",
    "shift": "frechet kid sliced precision recall coverage prd_precision prd_recall ball_f1 bins "
    "bins_js c2st_neighbour c2st_logistic c2st_network mmd wasserstein fld copying vendi",
    "classes": "frechet kid sliced recall coverage prd_recall bins bins_js c2st_network mmd "
    "wasserstein fld",
    "few": "frechet kid sliced recall coverage c2st_neighbour mmd wasserstein fld vendi birthday",
    "mix-up": "frechet kid sliced recall mmd authenticity copying c2st_neighbour",
    "copies": "authenticity copying memorised fld",
}
"""At the strongest level: fault -> metrics that see it."""

BLIND = {
    "noise": "memorised birthday",
    "blur": "memorised birthday",
    "classes": "precision memorised birthday authenticity",
    "few": "precision authenticity memorised",
    "mix-up": "memorised birthday",
    "copies": "frechet kid sliced precision recall density coverage prd_precision prd_recall "
    "ball_f1 bins bins_js c2st_logistic mmd wasserstein vendi birthday",
}
"""At the strongest level: fault -> metrics that have nothing against it."""

FLATTERED = {"blur": "density", "mix-up": "precision density", "few": "density"}
"""At the strongest level: fault -> metrics that call it better than real."""


@pytest.fixture(scope="module")
def found() -> dict:
    on = digits()
    return measure(on, pca(on.train), levels=(2,))


def marks(values: dict, fault: str) -> dict[str, str]:
    return {
        metric: verdict(metric, values["none"][metric], figures)
        for metric, figures in values[fault].items()
    }


@pytest.mark.parametrize("fault", list(DISTORTIONS))
def test_each_metric_sees_what_it_should_and_no_more(found, fault):
    seen = marks(found, fault)
    assert {name for name in SEES[fault].split() if seen[name] != "●"} == set()
    assert {name for name in BLIND.get(fault, "").split() if seen[name] == "●"} == set()
    assert {name for name in FLATTERED.get(fault, "").split() if seen[name] != "▲"} == set()


def test_trap_38_copies_are_seen_by_four_metrics_alone(found):
    seen = {name for name, mark in marks(found, "copies").items() if mark == "●"}
    assert seen == {"authenticity", "copying", "memorised", "fld"}


def test_the_page_says_what_was_measured(found):
    kept = json.loads(FIGURES.read_text())
    assert PAGE.read_text() == page(kept, json.loads(nulls.FIGURES.read_text()))
    for fault in DISTORTIONS:
        then = {name: mark[-1] for name, mark in marks(kept[TITLE], fault).items()}
        now = marks(found, fault)
        # Another processor rounds otherwise: a mark on the edge may turn, most do not.
        turned = {name for name in now if now[name] != then[name]}
        assert len(turned) <= 2, f"{fault}: {sorted(turned)}"


def test_stronger_faults_are_seen_no_less():
    """Of all metrics and faults on the page, few marks go out again at a stronger level."""
    kept, lost, all_marks = json.loads(FIGURES.read_text()), 0, 0
    for values in kept.values():
        for fault in values.keys() - {"none"}:
            for mark in marks(values, fault).values():
                all_marks += 1
                lost += mark in ("●○○", "●●○", "○●○", "●○●")
    assert lost <= 0.05 * all_marks


def test_the_faults_are_what_they_say():
    on, rng = digits(), torch.Generator().manual_seed(0)
    made = {name: fault.apply(on, fault.levels[2], rng) for name, fault in DISTORTIONS.items()}
    assert all(x.shape == on.pool[: on.n].shape for x in made.values())
    assert len(made["few"].unique(dim=0)) <= 50
    known = {tuple(x) for x in on.train.flatten(1).tolist()}
    assert all(tuple(x) in known for x in made["copies"].flatten(1).tolist())
    assert float(made["noise"].sub(on.pool[: on.n]).std()) == pytest.approx(0.5, rel=0.05)
    assert torch.equal(made["shift"], on.pool[: on.n].roll(1, -1))
    assert int((on.classes >= 5).sum()) >= on.n
    few = vectors()
    assert len(few.pool) >= 2 * few.n
    assert set(BETTER.values()) == {"less", "more", "nearer"}
