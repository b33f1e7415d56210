"""The table of distortions: which metric sees which fault, in ``docs/metrics.md``.

    python -m benchmarks.distortions [--page]

Measures every metric on distorted digits and vectors, keeps the figures in ``docs/metrics.json``
and makes the page from them; with ``--page`` the page alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from benchmarks import nulls
from counterplay.game import generator
from counterplay.metrics import Features, Judge, judge, pca, raw
from counterplay.metrics.distortions import BETTER, DISTORTIONS, Material, measure, verdict
from counterplay.metrics.further import FURTHER, OF_GAMES

ROOT = Path(__file__).resolve().parents[1]
FIGURES, PAGE = ROOT / "docs" / "metrics.json", ROOT / "docs" / "metrics.md"

N, TRAIN, REAL = 280, 900, 280

USUAL = {
    "frechet": "distance of the normal laws with the samples' moments",
    "kid": "discrepancy of a cubic kernel, unbiased",
    "sliced": "W2 along random lines",
    "precision": "share of samples within a real ball",
    "recall": "share of real examples within a sample's ball",
    "density": "how many real balls a sample lies in, over k",
    "coverage": "share of real balls that hold a sample",
    "confident": "share of samples that the judge gives to one class with more than 0.9",
    "class_kl": "divergence of the classes' shares from the real ones",
    "classifier_score": "exp E KL(p(c|x) ‖ p(c)): the Inception score's formula, with a judge",
    "authenticity": "share of samples that are no nearer to a training example than its neighbour",
}

HEAD = """# Metrics

Made by `python -m benchmarks.distortions` from `metrics.json`; `tests/test_metrics_distortions.py`
measures the strongest level anew and compares.

`counterplay evaluate RUN` measures the usual ones (and, with labels, those of a judge; with a
likelihood, that); `--metrics all` or `--metrics NAME,NAME` the further ones besides. No figure
stands alone: beside it are the value of honest samples, its interval at 95 %, the counts and the
features. Two values are said to *differ* only when the interval of their difference, at 99 %,
leaves out 0; of identical laws that is so in at most 5 % of 200 trials, see below.
"""

NULLS = """## How often equal laws are called different

Two samples of 80 of one law, against one real sample: in so many of 200 trials the values are
called different (`python -m benchmarks.nulls`; `tests/test_metrics_nulls.py` measures some anew).
At most 5 %, which are 10, is promised. Below the usual metrics are those on demand, and those of
tables.
"""

SEEN = """## Which metric sees which fault

280 held-out examples, distorted at three levels from slight to strong, against 280 real ones. ●:
the value differs from the undistorted one's, towards worse (for metrics whose best value is the
honest one: either way). ▲: it differs towards *better*: the metric is flattered. ○: no difference.
Each mark is one draw: a lone one at a slight level may be the one in twenty.

What to take from it, at the strongest level: in every space copies are seen by `authenticity`,
`copying`, `fld` and `memorised`; the other metrics have next to nothing against them, and some of
a judge's are flattered. In principal components blur flatters `density`, and mixtures `precision`
too; in the features of a judge they do not. Few different examples are missed by `precision` and
`density`; `recall`, `coverage`, `vendi` and `birthday` see them.
"""


def digits() -> Material:
    """Return the embedded digits in three parts, in [-1, 1]."""
    from sklearn.datasets import load_digits

    found = load_digits()
    x = torch.from_numpy(found.images).float()[:, None] / 8 - 1
    return _parts(x, torch.from_numpy(found.target).long())


def vectors() -> Material:
    """Return a mixture of ten normal laws in eight dimensions, in three parts."""
    rng = generator("distortions", "vectors")
    centres = 1.5 * torch.randn(10, 8, generator=rng)
    classes = torch.randint(10, (1797,), generator=rng)
    return _parts(centres[classes] + 0.5 * torch.randn(1797, 8, generator=rng), classes)


def _parts(x: torch.Tensor, classes: torch.Tensor) -> Material:
    order = torch.randperm(len(x), generator=generator("distortions", "parts"))
    train, real, pool = order.split([TRAIN, REAL, len(x) - TRAIN - REAL])
    return Material(x[train], x[real], x[pool], classes[pool], N)


def digits_judge() -> Judge:
    """Return a judge of digits, trained on the training part."""
    from sklearn.datasets import load_digits

    order = torch.randperm(1797, generator=generator("distortions", "parts"))
    classes = torch.from_numpy(load_digits().target).long()[order[:TRAIN]]
    return judge(digits().train, classes, 10)


def spaces() -> dict[str, tuple[Material, Features, Judge | None]]:
    """Return what is measured: title -> (material, features, judge)."""
    on, judged = digits(), digits_judge()
    return {
        "digits, principal components": (on, pca(on.train), None),
        "digits, features of a judge": (on, judged, judged),
        "vectors, as they are": (vectors(), raw(), None),
    }


def page(found: dict[str, Any], kept: dict[str, list[int]]) -> str:
    """Return the page: a function of the figures alone."""
    parts = [HEAD, "## What there is\n", _about(), SEEN]
    for title, values in found.items():
        parts.append(f"### {title.capitalize()}\n\n{_seen(values)}")
    parts += [NULLS, nulls.lines(kept)]
    parts.append("## The values\n\nUndistorted, and at the three levels of each fault.\n")
    for title, values in found.items():
        parts.append(f"### {title.capitalize()}: values\n\n{_values(values)}")
    levels = ["| fault | what | levels |", "|---|---|---|"]
    for name, fault in DISTORTIONS.items():
        levels.append(f"| {name} | {fault.about} | {', '.join(f'{x:g}' for x in fault.levels)} |")
    return "\n".join([*parts, "## The faults\n", *levels]) + "\n"


def _about() -> str:
    lines = ["| metric | what it says | better | on demand |", "|---|---|---|---|"]
    lines += [f"| {name} | {about} | {BETTER[name]} | |" for name, about in USUAL.items()]
    lines += [f"| {name} | {m.about} | {m.better} | yes |" for name, m in FURTHER.items()]
    lines += [f"| {name} | {about} | | yes, of games |" for name, about in OF_GAMES.items()]
    return "\n".join(lines) + "\n"


def _seen(values: dict[str, Any]) -> str:
    faults = [name for name in values if name != "none"]
    lines = [f"| metric | {' | '.join(faults)} |", "|---" * (1 + len(faults)) + "|"]
    for metric, clean in values["none"].items():
        marks = [verdict(metric, clean, values[fault].get(metric, [])) or "–" for fault in faults]
        lines.append(f"| {metric} | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def _values(values: dict[str, Any]) -> str:
    faults = [name for name in values if name != "none"]
    lines = [f"| metric | none | {' | '.join(faults)} |", "|---" * (2 + len(faults)) + "|"]
    for metric, clean in values["none"].items():
        cells = [", ".join(f"{v:.3g}" for v in values[f].get(metric, [])[::3]) for f in faults]
        lines.append(f"| {metric} | {clean[0]:.3g} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, keep the figures, make the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--page", action="store_true", help="make the page alone")
    if not parser.parse_args().page:
        found = {
            title: measure(on, features, judge=judged)
            for title, (on, features, judged) in spaces().items()
        }
        FIGURES.write_text(json.dumps(found, default=float).replace("}, ", "},\n") + "\n")
    PAGE.write_text(page(json.loads(FIGURES.read_text()), json.loads(nulls.FIGURES.read_text())))


if __name__ == "__main__":
    main()
