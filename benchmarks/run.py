"""All benchmarks in turn: ``docs/benchmarks.json``, and ``docs/benchmarks.md`` from it.

    python -m benchmarks.run [--only loop kill ...]

Each runs in a process of its own. What is not run again keeps the figures it had; with ``--only``
and no name the page alone is made anew. Ends with 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.timing import Row
from counterplay.run.environment import environment

ROOT = Path(__file__).resolve().parents[1]
FIGURES, PAGE = ROOT / "docs" / "benchmarks.json", ROOT / "docs" / "benchmarks.md"
STATED = ("machine", "python", "torch", "counterplay")

HEAD = """# Benchmarks

Made from `benchmarks.json` by `python -m benchmarks.run`. What is compared runs side by side, in
turns; figures are medians, ratios are medians over the turns. Seconds depend on the machine, ratios
much less.
"""


@dataclass(frozen=True)
class Benchmark:
    """A module, what it is about, the option that takes a file, and how its answer becomes rows."""

    title: str
    about: str
    option: str = "--json"
    rows: Callable[[Any], list[Row]] = lambda found: [Row(**row) for row in found]


def of_metrics(found: Any) -> list[Row]:
    """Return the rows of ``benchmarks.metrics``: how many times our seconds each peer takes."""
    promised = {
        ("frechet", "scipy sqrtm"): 5.0,
        ("frechet", "torch eigvals"): 2.0,
        ("frechet", "torchmetrics"): 2.0,
        ("neighbours", "prdc"): 3.0,
        ("kid", "100 subsets, float32"): 2.0,
        ("kid", "torchmetrics"): 2.0,
        ("sliced", "POT, numpy"): 4.0,
        ("sliced", "POT, torch"): 4.0,
    }
    times = [
        Row(
            f"{case}: {peer} over ours",
            figures["times_ours"],
            "×",
            at_least=promised.get((case, peer)),
            note=f"{contestants['ours']['seconds']:.3g} and {figures['seconds']:.3g} s, "
            f"{figures['turns']} turns; values {contestants['ours']['value']:.6g} and "
            f"{figures['value']:.6g}",
        )
        for case, contestants in found["results"].items()
        for peer, figures in contestants.items()
        if peer != "ours"
    ]
    return [*times, *_of_metrics_memory(found["results"].get("neighbours"))]


def _of_metrics_memory(found: Any) -> list[Row]:
    if not found:
        return []
    ours, prdc = found["ours"]["peak_mb"], found["prdc"]["peak_mb"]
    how = f"{prdc:.0f} and {ours:.0f} MB beside the samples, each in a process of its own"
    return [Row("neighbours: peak memory of prdc over ours", prdc / ours, "×", 4.0, note=how)]


def of_large(found: float) -> list[Row]:
    """Return the row of ``benchmarks.large``: MB beside the samples, which are 819 themselves."""
    what = "neighbours: peak memory of 50,000 against 50,000 in 2048 dimensions"
    return [Row(what, found, "MB", at_most=2000.0, note="beside the samples' 819 MB")]


def of_memory(text: str) -> list[Row]:
    """Return the row of ``benchmarks.memory``, which only prints."""
    apart = re.search(r"at its highest: (-?\d+) MB apart", text)
    if apart is None:
        raise RuntimeError(f"benchmarks.memory printed no figure:\n{text}")
    what = "anonymous memory, training from 100,000 pictures beyond training from 1,000"
    return [Row(what, float(apart[1]), "MB", at_most=300.0)]


TABULAR = {
    "utility": "rows predicted by a model that learnt from generated ones",
    "detection/boosting": "boosted trees tell generated rows from real ones, area",
    "detection/logistic": "a logistic regression does, area",
}
"""Figures of tables that are shown, and what they are."""


def of_tables(found: Any) -> list[Row]:
    """Return the rows of ``benchmarks.tables_peers``: ours by default is to be ahead of each peer.

    Args:
        found: "DATA: SYSTEM/SEED" -> figures, of which medians over seeds are taken; "records" ->
            what ``--sdmetrics`` found, where it was asked for.
    """
    systems: dict[tuple[str, str], list[Any]] = {}
    nearest = [_of_records(found["records"])] if "records" in found else []
    for title, figures in found.items():
        if title == "records":
            continue
        data, system = title.split("/")[0].split(": ")
        systems.setdefault((data, system), []).append(figures)
    return nearest + [
        _of_table(data, system, name, systems)
        for data in dict.fromkeys(data for data, _ in systems)
        for name in TABULAR
        for system in (own for at, own in systems if at == data)
    ]


def _of_records(found: Mapping[str, float]) -> Row:
    what = "the nearest of 2,000 records of adult for each of 2,000: SDMetrics over ours"
    note = f"{found['ours']:.3g} and {found['sdmetrics']:.3g} s"
    return Row(what, found["ratio"], "×", at_least=50.0, note=note)


def _of_table(data: str, system: str, name: str, systems: Mapping[Any, list[Any]]) -> Row:
    def middle(which: str, of: str) -> float:
        return median(each[of] for each in systems[data, which])

    peers = [middle(peer, name) for peer in PEERS if (data, peer) in systems]
    bound = {}
    if system == OURS and peers:
        bound = {"at_least": max(peers)} if name == "utility" else {"at_most": min(peers)}
    seconds = middle(system, "seconds")
    runs = systems[data, system]
    note = f"real rows {middle(system, f'{name} (real)'):.3f}; {seconds:.0f} s of a core"
    note += f", {len(runs)} seeds" if len(runs) > 1 else ", one seed"
    what = f"{data}, {system}: {TABULAR[name]}"
    return Row(what, middle(system, name), "", **bound, note=note)


OURS, PEERS = "mixed", ("ctgan", "tvae")
"""The recipe that is chosen for tables, and what it is to be ahead of."""

BENCHMARKS = {
    "loop": Benchmark(
        "Our loop against a hand-written one",
        "A DCGAN of 64 base channels at 32×32, batch 64, on MNIST, with fused Adam, channels-last "
        "and an averaged copy on both sides. Given the same noise both end with the same bits.",
    ),
    "torchgan_dcgan": Benchmark(
        "Our default against torchgan 0.1.0",
        "The same DCGAN on the same pictures. torchgan runs through its Trainer, without its "
        "pictures, checkpoints and record of gradient norms.",
    ),
    "semisupervised": Benchmark(
        "A round with few labels",
        "The semi-supervised GAN of MNIST at its published sizes, batch 100, against the loop that "
        "is usually written for it: three passes of the critic, weights normalised in each, and "
        "plain Adam. Without noise both compute the same gradients.",
    ),
    "boltzmann": Benchmark(
        "A Boltzmann machine against scikit-learn's",
        "500 hidden bits on binarised MNIST, batch 100, one Gibbs step a round from persistent "
        "chains: a chain for each example of a batch there, half as many here, which the recipe "
        "has, or as many. scikit-learn computes in the numbers it is given: "
        "float64, as pixels divided by 255 are, or float32, in which five products of matrices are "
        "all but all of a round and three times its speed is out of reach without coarser ones.",
    ),
    "autoregressive": Benchmark(
        "Drawing number by number",
        "Samplers that keep activations against a pass of the whole network for each number: 64 "
        "pictures of 28×28 on two levels, the same weights and luck on both sides.",
    ),
    "masked_flow": Benchmark(
        "Inverting a masked autoregressive flow",
        "One transform of two layers of 64 units: units that are kept once they are final, against "
        "a pass of the whole network for each number. The first is sampling, the second is what "
        "learning needs where the flow is turned round.",
    ),
    "wavenet": Benchmark(
        "A second of sound from a WaveNet",
        "The recipe's network, 18 blocks of 32 channels, at 8 kHz on one thread: the whole network "
        "on what was drawn so far, a loop of torch with rings of past activations, and ours. All "
        "three give the same logits.",
    ),
    "doctor": Benchmark(
        "The doctor's check-ups",
        "One check-up beside the rounds of training until the next, by the recipes' own sizes; "
        "without looks on either side.",
    ),
    "startup": Benchmark("Start-up and resume", "Fresh processes; torch's own import is in them."),
    "metrics": Benchmark(
        "Metrics against the packages in use",
        "The same inputs; ours computes authenticity besides what prdc does.",
        "--out",
        of_metrics,
    ),
    "large": Benchmark(
        "Metrics of many examples",
        "Precision, recall, density, coverage and authenticity of 50,000 examples, in a process of "
        "its own; a quarter of an hour of one core.",
        "--out",
        of_large,
    ),
    "tables_peers": Benchmark(
        "Tables against CTGAN and TVAE",
        "Everybody learns from the same rows for the same seconds of one core, the preparation "
        "included; 3,000 generated rows against as many held-out ones. The peers are the package "
        "ctgan's, at its defaults. What is promised of the recipe that is chosen for tables is to "
        "be ahead of both. For real rows an area is one half.",
        "--out",
        of_tables,
    ),
    "kill": Benchmark(
        "Killed and gone on with",
        "SIGKILL at uniformly random moments of a tiny training, then `--resume`, killed again, "
        "until one ends; tensors, records, figures and pictures against an undisturbed training.",
    ),
    "memory": Benchmark(
        "Memory", "64×64 colour pictures in a folder, each size in its own process.", "", of_memory
    ),
}


def run(name: str, found: Path | None = None) -> dict[str, Any]:
    """Run one benchmark in a process of its own, or take what one ``found``; return its section."""
    benchmark = BENCHMARKS[name]
    if found is not None:
        rows = benchmark.rows(json.loads(found.read_text()))
        return _section(rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        option = [benchmark.option, str(file)] if benchmark.option else []
        words = [sys.executable, "-m", f"benchmarks.{name}", *option]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        print(f"{benchmark.title} ...", flush=True)
        done = subprocess.run(
            words,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        print(done.stdout, flush=True)
        if done.returncode not in (0, 1) or (option and not file.exists()):
            raise RuntimeError(f"benchmarks.{name} ended with {done.returncode}")
        rows = benchmark.rows(json.loads(file.read_text()) if option else done.stdout)
    return _section(rows)


def _section(rows: list[Row]) -> dict[str, Any]:
    about = environment()
    return {"on": {k: about[k] for k in STATED}, "rows": [asdict(row) for row in rows]}


def page(sections: dict[str, Any]) -> str:
    """Return the page: a function of the figures alone."""
    parts = [HEAD]
    for name, benchmark in BENCHMARKS.items():
        section = sections.get(name)
        parts.append(f"## {benchmark.title}\n\n{benchmark.about}\n")
        if not section or not section["rows"]:
            missing = ": what it compares with was not installed" if section else " yet"
            parts.append(f"Not measured{missing}. `python -m benchmarks.{name}`\n")
            continue
        parts.append(table([Row(**row) for row in section["rows"]]))
        on = ", ".join(v if k == "machine" else f"{k} {v}" for k, v in section["on"].items())
        parts.append(f"{on}. `python -m benchmarks.{name}`\n")
    return "\n".join(parts)


def table(rows: list[Row]) -> str:
    """Return rows as Markdown."""
    lines = ["| what | measured | promised | met | how |", "|---|---|---|---|---|"]
    for row in rows:
        met = ("yes" if row.met else "**no**") if row.target else ""
        measured = f"{row.value:.4g} {row.unit}".strip()
        lines.append(f"| {row.what} | {measured} | {row.target} | {met} | {row.note} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run, keep the figures, and make the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=[*BENCHMARKS], default=[*BENCHMARKS])
    parser.add_argument("--found", type=Path, help="what the one of --only wrote on this machine")
    given = parser.parse_args()
    if given.found and len(given.only) != 1:
        parser.error("--found takes one name at --only")
    sections = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in given.only:
        sections[name] = run(name, given.found)
        FIGURES.write_text(json.dumps(sections, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(sections))
    rows = [Row(**row) for section in sections.values() for row in section["rows"]]
    return int(not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
