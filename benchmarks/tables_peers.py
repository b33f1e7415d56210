"""CTGAN and TVAE against the games on columns, on one table and in equal time.

CTGAN and TVAE are the ``ctgan`` package's (Xu et al. 2019, arXiv 1907.00503), with its defaults.
Time is that of the processor, summed over threads, so that what else the machine does falls on
nobody. Everybody has the same of it, what the data are prepared by included: a peer ends at the
batch with which its time is over. Everybody learns from the training part, and is measured by
``counterplay.metrics.tabular_figures`` against the test part. In an environment that has ``ctgan``
beside torch:

    python benchmarks/tables_peers.py [DATA ...] --minutes 10 --out found.json [--systems ctgan ...]

``--rows FOLDER`` keeps what each made, for ``counterplay compare --peer-samples``; ``--sdmetrics``
times the distance of records of SDMetrics and of ours on 2,000 rows of the first table instead, and
adds that to the file.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = (
    SHARED / "adult" / "adult.data.gz",
    SHARED / "california-housing" / "housing.csv.gz",
)
"""The tables, by default."""

SHOWN = 3000
"""Rows that are measured."""


def main() -> None:
    """Train each, measure it, and write a row as soon as there is one."""
    given = _arguments()
    from counterplay.data import load

    found = json.loads(given.out.read_text()) if given.out.exists() else {}
    for path in given.data:
        source = load(path)
        if given.sdmetrics:
            found["records"] = nearest_records(source)
            given.out.write_text(json.dumps(found, indent=1))
            print(json.dumps(found["records"], indent=1))
            break
        for name, seed in itertools.product(given.systems, range(given.seeds)):
            title = f"{Path(path).parent.name}: {name}/{seed}"
            if title not in found:
                found[title] = _entry(source, name, seed, given, title)
                given.out.write_text(json.dumps(found, indent=1))
                print(f"{title}: {json.dumps(found[title])}", flush=True)


def _entry(
    source: Any, name: str, seed: int, given: argparse.Namespace, title: str
) -> dict[str, float]:
    """Train, keep the rows where asked, and measure."""
    from counterplay.data.cells import write_text

    begun = time.process_time()
    rows = SYSTEMS.get(name, ours(name))(source, given.minutes, seed)
    spent = time.process_time() - begun
    if given.rows:
        given.rows.mkdir(parents=True, exist_ok=True)
        file = given.rows / f"{title.replace(': ', '-').replace('/', '-')}.csv"
        file.write_bytes(write_text(source.domain, rows))
    return {"seconds": round(spent, 1)} | figures(source, rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="*", default=[str(path) for path in DATA])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("tables_peers.json"))
    usual = ["mixed", "flow-mixed", "vae-mixed", "gan-mixed", "tvae", "ctgan"]
    parser.add_argument("--systems", nargs="+", default=usual)
    parser.add_argument("--rows", type=Path, help="folder for what each made")
    parser.add_argument("--sdmetrics", action="store_true")
    return parser.parse_args()


def held(source: Any, split: str, n: int | None = None) -> np.ndarray:
    """Return raw rows of a part."""
    there = source.splits[split]
    return source.supply.held(split, min(n or there, there), 0)[0].numpy()


def figures(source: Any, rows: np.ndarray) -> dict[str, float]:
    """Return each figure and, beside it, that of training rows."""
    from counterplay.metrics.tabular_figures import tabular

    table = source.domain
    made = tabular(
        rows[:SHOWN],
        held(source, "train"),
        held(source, "test", SHOWN),
        table.nominal,
        target=table.names.index(table.target),
        split="test",
        ema=False,
    )
    sides = {name: (entry["value"], entry["reference"]) for name, entry in made.items()}
    return {
        f"{name}{which}": round(side[i], 4)
        for name, side in sides.items()
        for i, which in enumerate(("", " (real)"))
    }


def ours(name: str) -> Callable[[Any, float, int], np.ndarray]:
    """Return a recipe's training, its learning rate fallen when the minutes are over."""

    def play(source: Any, minutes: float, seed: int) -> np.ndarray:
        from dataclasses import replace

        from counterplay.recipes import build
        from counterplay.recipes.registry import named
        from counterplay.train import Ema, State, train

        begun = time.process_time()
        recipe = replace(named(name), seed=seed)
        game = build.game(recipe, source.domain)
        state = State(game, ema=Ema(recipe.ema), precision="float32")
        spent = [0.0]

        def pace(step: int) -> float:
            return min(1.0, 2 * max(0.0, 1 - spent[0]))

        batches = source.batches(recipe.data.batch, seed=seed)
        for _ in train(game, batches, steps=10**9, seed=seed, state=state, pace=pace):
            spent[0] = (time.process_time() - begun) / (60 * minutes)
            if spent[0] >= 1:
                break
        return source.domain.decode(state.best.sample(SHOWN, seed=seed + 1)).numpy()

    return play


def peer(kind: str) -> Callable[[Any, float, int], np.ndarray]:
    """Return the training of the package's class ``kind``."""

    def play(source: Any, minutes: float, seed: int) -> np.ndarray:
        import ctgan
        import torch

        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002 -- the peer draws from it
        frame, discrete = _frame(source)
        model = getattr(ctgan, kind)(epochs=100_000, enable_gpu=False)
        _stop_after(model, minutes)
        with suppress(_TimeUp):
            model.fit(frame, discrete)
        return _rows(source, model.sample(SHOWN))

    return play


class _TimeUp(Exception):
    """The minutes are over."""


def _stop_after(model: Any, minutes: float) -> None:
    """Let the training end when its time is over: as soon as the peer would make its next move."""
    import torch

    begun, real = time.process_time(), torch.optim.Adam.step

    def step(self: Any, *args: Any, **more: Any) -> Any:
        if time.process_time() - begun > 60 * minutes:
            torch.optim.Adam.step = real  # type: ignore
            raise _TimeUp
        return real(self, *args, **more)

    torch.optim.Adam.step = step  # type: ignore


def _frame(source: Any) -> tuple[Any, list[str]]:
    """Return the training rows as the peers take them: numbers filled, categories as text."""
    import pandas

    table, rows = source.domain, held(source, "train")
    discrete = [c.name for c in table.columns if c.nominal]
    columns = {}
    for i, column in enumerate(table.columns):
        values = rows[:, i]
        if column.nominal:
            columns[column.name] = ["missing" if np.isnan(v) else f"c{int(v)}" for v in values]
        else:
            columns[column.name] = np.where(np.isnan(values), np.nanmedian(values), values)
    return pandas.DataFrame(columns), discrete


def _rows(source: Any, frame: Any) -> np.ndarray:
    """Return what a peer made, with its numbers brought to the data's decimals and ranges."""
    import torch

    table, found = source.domain, []
    for column in table.columns:
        cells = frame[column.name].tolist()
        if column.nominal:
            found.append([np.nan if c == "missing" else float(c[1:]) for c in cells])
        else:
            found.append(np.asarray(cells, float))
    raw = torch.from_numpy(np.stack([np.asarray(f, float) for f in found], 1))
    return table.decode(table.encode(raw)).numpy()


def nearest_records(source: Any, n: int = 2000) -> dict[str, float]:
    """Return seconds of the nearest of ``n`` rows among ``n``, by SDMetrics and by ours."""
    from sdmetrics.single_table.privacy.dcr_utils import calculate_dcr

    from counterplay.metrics.tabular_nearest import records

    table = source.domain
    rows = held(source, "train", 2 * n)
    frame, discrete = _frame(source)
    sdtypes = {
        name: {"sdtype": "categorical" if name in discrete else "numerical"} for name in frame
    }
    ours_, theirs = [], []
    for _ in range(3):
        begun = time.perf_counter()
        records(rows[:n], rows[n:], table.nominal)
        ours_.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    calculate_dcr(frame[:n], frame[n : 2 * n], {"columns": sdtypes})
    theirs.append(time.perf_counter() - begun)
    return {"sdmetrics": theirs[0], "ours": min(ours_), "ratio": theirs[0] / min(ours_)}


SYSTEMS: dict[str, Callable[[Any, float, int], np.ndarray]] = {
    "ctgan": peer("CTGAN"),
    "tvae": peer("TVAE"),
}

if __name__ == "__main__":
    main()
