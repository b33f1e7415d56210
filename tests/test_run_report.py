"""The report is one file that loads nothing, says everything, and escapes what it was told."""

from __future__ import annotations

import base64
import io
import json
import math
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from PIL import Image

from counterplay.run import Run, environment
from counterplay.run.curves import POINTS, chart
from counterplay.run.pictures import picture

EVIL = "<script>alert('x')</script><img src=http://evil.example/x.png>&\""
VOID = {"meta", "img", "i", "br"}


class Page(HTMLParser):
    """Reads the page strictly: every tag closed by its own, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.loads, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [v for k, v in attributes if k in ("src", "href", "srcset", "action", "data")]
        assert not [k for k, _ in attributes if k.startswith("on")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def metric(value, **more):
    return {
        "value": value, "reference": 1.625, "interval": [0.5, 2.5], "n_real": 720,
        "n_generated": 5000, "features": "judge", "split": "test", "ema": True, **more,
    }  # fmt: skip


@pytest.fixture
def run(tmp_path):
    run = Run.create(
        tmp_path / "runs" / "my run",
        f"name: tiny\nsteps: 100\nnote: {json.dumps(EVIL)}\n",
        {"kind": "image", "size": 8, "classes": [EVIL, "b"]},
        {**environment(), "command": f"counterplay train {EVIL}"},
    )
    run.begin(0, log_every=5, batch=16, facts={"name": EVIL, "notes": ["3 files skipped: " + EVIL]})
    rng = np.random.default_rng(0)
    run.show_real(picture(np.zeros((4, 1, 8, 8), np.uint8)))
    for step in range(1, 101):
        run.log(step, {"critic/penalty": torch.rand(()), f"critic/{EVIL}": torch.rand(())})
        if step % 10 == 0:
            images = rng.integers(0, 256, (4, 1, 8, 8), np.uint8)
            found = {"frechet/judge": metric(100 / step), EVIL: metric(math.nan, interval=None)}
            run.look(step, picture(images), {"metrics": found, "notes": [EVIL]})
    run.finish(100)
    return run


@pytest.fixture
def page(run):
    return Page((run.path / "report.html").read_text(encoding="utf-8"))


def test_it_loads_nothing_and_runs_nothing(page):
    assert page.open == []
    assert all(load.startswith("data:image/png;base64,") for load in page.loads)
    assert {"script", "link", "iframe", "object", "base"}.isdisjoint(page.tags)
    assert page.tags.count("style") == 1


def test_the_style_loads_nothing(run):
    text = (run.path / "report.html").read_text()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_everything_told_is_shown_as_it_was_told(page):
    # recipe, metric's name, metrics' note, data's note and name, class, command, term's name
    assert page.words.count("<script>alert(") >= 8


def test_grids_are_in_it_whole_the_first_and_the_last_among_them(run, page):
    seen = [Image.open(io.BytesIO(base64.b64decode(u.split(",")[1]))).tobytes() for u in page.loads]
    kept = [Image.open(path).tobytes() for path in run.pictures().values()]
    assert seen[0] == kept[-1]
    assert kept[0] in seen
    assert 3 < len(seen) <= 6


def test_numbers_stand_beside_real_against_real_with_their_counts(page):
    row = page.words[page.words.index("frechet/judge") :]
    assert row.startswith("frechet/judge 1 1.625 0.5 – 2.5 5,000 720 judge test")


def test_it_says_how_to_go_on(run, page):
    quoted = f"'{run.path}'"
    for command in (
        f"counterplay train --resume {quoted}",
        f"counterplay sample {quoted} -n 64",
        f"counterplay train --config '{run.path}/recipe.yaml' --out '{run.path}-again'",
    ):
        assert command in page.words
    assert "100 of 100" in page.words
    assert "Finished at round 100" in page.words


def test_each_player_has_its_curves_and_each_metric_its_level(page):
    # The critic, the player of the odd name, and frechet: the other metric was never a number.
    assert page.tags.count("svg") == 3
    assert "real against real" in page.words


def test_a_run_that_has_not_begun_has_a_report_too(tmp_path):
    run = Run.create(tmp_path / "run", "", {}, environment())
    page = Page(run.report().read_text())
    assert "Not begun" in page.words
    assert page.open == []


@pytest.mark.parametrize("points", [
    [], [(1, 2.0)], [(1, None)], [(1, 1.0), (2, None), (3, 1.0)], [(0, 5.0), (1, 5.0)],
    [(i, math.sin(i)) for i in range(10_000)], [(0, 1e300), (1, -1e300)],
])  # fmt: skip
def test_any_curve_draws_with_finite_numbers(points):
    svg = chart("t", {"a": points}, "cost", level=0.0)
    assert "nan" not in svg
    assert "inf" not in svg
    assert svg.count("L") < 3 * POINTS


def test_a_curve_breaks_where_there_was_no_number():
    raw = re.search(r'class="raw c0" d="([^"]*)"', chart("t", {"a": [
        (1, 1.0), (2, 2.0), (3, None), (4, 1.0), (5, 2.0)]}, "cost"))[1]  # fmt: skip
    assert raw.count("M") == 2


def test_the_smoothed_course_does_not_lag_behind():
    svg = chart("t", {"a": [(i, float(i)) for i in range(200)]}, "cost")
    path = re.search(r'class="curve c0" d="([^"]*)"', svg)[1]
    points = [tuple(map(float, p.split())) for p in re.split("[ML]", path)[1:]]
    slopes = {
        round((y1 - y0) / (x1 - x0), 1)
        for (x0, y0), (x1, y1) in zip(points[60:130], points[70:140], strict=True)
    }
    assert len(slopes) == 1
    assert points[100][1] == pytest.approx((points[60][1] + points[140][1]) / 2, abs=0.2)
    raw = re.search(r'class="raw c0" d="([^"]*)"', svg)[1]
    assert points[100][1] == pytest.approx(float(raw.split("L")[100].split()[1]), abs=1.0)


def test_points_lie_where_their_values_say():
    svg = chart("t", {"a": [(0, 0.0), (10, 1.0), (20, 0.5)]}, "cost")
    path = re.search(r'class="raw c0" d="([^"]*)"', svg)[1]
    (x0, y0), (x1, y1), (x2, y2) = [map(float, p.split()) for p in re.split("[ML]", path)[1:]]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)
    assert y2 == pytest.approx((y0 + y1) / 2, abs=0.11)
    assert y1 < y0
