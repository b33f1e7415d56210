"""Our metrics beside the formulas and packages in use, in one run, interleaved, medians.

Usage: python benchmarks/metrics.py [--out metrics.json] [--repeats 7] [--only frechet kid ...]

Every library uses its own default number of threads. Seconds depend on the machine and on who else
uses it; the ratios, taken from turns that alternate, much less. What takes over ten seconds a turn
(the matrix root) has three turns. Peak memory is of a process that does nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import io
import json
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from counterplay.game import generator
from counterplay.metrics import (
    frechet,
    kid,
    moments,
    neighbours,
    reference,
    sliced_wasserstein,
)
from counterplay.metrics.transport import wasserstein

if TYPE_CHECKING:
    from counterplay.metrics.frechet import Moments

Case = dict[str, Callable[[], float]]
"""Contestants, ours first: each returns the value it computes."""


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    """Correlated normal features of order one."""
    mix = torch.eye(d) + 0.3 * torch.randn(d, d, generator=generator("mix")) / d**0.5
    return torch.randn(n, d, generator=generator("benchmark", *words)) @ mix


def frechet_full() -> Case:
    """D = 2048, full rank: the moments and our reference are cached, as they are in use."""
    import scipy.linalg

    first, second = moments(normal(5000, 2048, "x")), moments(1.1 * normal(5000, 2048, "y"))
    cached = reference(first)
    gap = float((first.mean - second.mean).square().sum() + first.trace + second.trace)
    a, b = first.spread.numpy(), second.spread.numpy()
    return {
        "ours": lambda: frechet(cached, second),
        "torch eigvals": lambda: gap - 2 * _roots(first.spread, second.spread),
        "scipy sqrtm": lambda: gap - 2 * float(scipy.linalg.sqrtm(a @ b).real.trace()),
        **_torchmetrics_frechet(first, second),
    }


def _torchmetrics_frechet(first: Moments, second: Moments) -> Case:
    """The package's own function of moments, where it is installed."""
    try:
        from torchmetrics.image.fid import _compute_fid
    except ImportError:
        return {}
    pair = (first.mean, first.spread, second.mean, second.spread)
    return {"torchmetrics": lambda: float(_compute_fid(*pair))}


def frechet_singular() -> Case:
    """D = 2048, 500 examples: singular covariances, the factors' product against eigenvalues."""
    first, second = moments(normal(500, 2048, "x")), moments(1.1 * normal(500, 2048, "y"))
    cached = reference(first)
    gap = float((first.mean - second.mean).square().sum() + first.trace + second.trace)
    a, b = first.spread.T @ first.spread, second.spread.T @ second.spread
    return {
        "ours": lambda: frechet(cached, second),
        "torch eigvals": lambda: gap - 2 * _roots(a, b),
    }


def _roots(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(torch.linalg.eigvals(a @ b).real.clamp(min=0).sqrt().sum())


def prdc_samples() -> tuple[torch.Tensor, torch.Tensor]:
    """10,000 against 10,000 in 64 dimensions."""
    return normal(10_000, 64, "real"), normal(10_000, 64, "made")


def prdc_package(real: torch.Tensor, made: torch.Tensor) -> float:
    """The package's coverage; it computes the four, without authenticity."""
    import prdc

    with contextlib.redirect_stdout(io.StringIO()):
        return float(prdc.compute_prdc(real.numpy(), made.numpy(), 5)["coverage"])


def neighbours_case() -> Case:
    """K = 5; ours has authenticity besides."""
    real, made = prdc_samples()
    return {
        "ours": lambda: neighbours(real, made, 5).values()["coverage"],
        "prdc": lambda: prdc_package(real, made),
    }


def kid_case() -> Case:
    """5,000 against 5,000 in 512 dimensions: all of them at once, or 100 subsets of 1,000."""
    real, made = normal(5000, 512, "real"), 1.1 * normal(5000, 512, "made")
    x, y = real.numpy(), made.numpy()
    return {
        "ours": lambda: kid(real, made).value,
        "100 subsets, float32": lambda: _subsets(x, y),
        "100 subsets, float64": lambda: _subsets(x.astype(np.float64), y.astype(np.float64)),
        **_torchmetrics_kid(real, made),
    }


def _torchmetrics_kid(real: torch.Tensor, made: torch.Tensor) -> Case:
    """100 subsets of 1,000 by the package's own function, where it is installed."""
    try:
        from torchmetrics.image.kid import poly_mmd
    except ImportError:
        return {}

    def subsets() -> float:
        rng, found = generator("subsets"), []
        for _ in range(100):
            x, y = (f[torch.randperm(len(f), generator=rng)[:1000]] for f in (real, made))
            found.append(float(poly_mmd(x, y)))
        return float(np.mean(found))

    return {"torchmetrics": subsets}


def _subsets(x: np.ndarray, y: np.ndarray, subsets: int = 100, size: int = 1000) -> float:
    """The usual estimate: the mean over random subsets of the unbiased discrepancy."""
    rng, found = np.random.default_rng(0), []
    for _ in range(subsets):
        a = x[rng.choice(len(x), size, replace=False)]
        b = y[rng.choice(len(y), size, replace=False)]
        aa, bb, ab = ((u @ v.T / x.shape[1] + 1) ** 3 for u, v in ((a, a), (b, b), (a, b)))
        inner = aa.sum() - np.trace(aa) + bb.sum() - np.trace(bb)
        found.append(inner / (size * (size - 1)) - 2 * ab.mean())
    return float(np.mean(found))


def sliced_case() -> Case:
    """10,000 against 10,000 in 64 dimensions, 256 projections, p = 2."""
    import ot

    real, made = normal(10_000, 64, "real"), normal(10_000, 64, "made") + 0.5
    x, y = real.numpy(), made.numpy()

    def pot(a: object, b: object) -> float:
        return float(ot.sliced.sliced_wasserstein_distance(a, b, n_projections=256, p=2, seed=0))

    return {
        "ours": lambda: sliced_wasserstein(real, made, projections=256),
        "POT, numpy": lambda: pot(x, y),
        "POT, torch": lambda: pot(real, made),
    }


def transport_case() -> Case:
    """1,000 against 1,000 in 64 dimensions: POT's simplex with a certificate, and SciPy alone."""
    from scipy.optimize import linear_sum_assignment

    real, made = normal(1000, 64, "real"), normal(1000, 64, "made") + 0.5

    def scipy_alone() -> float:
        cost = torch.cdist(real.double(), made.double()).square().numpy()
        return float(cost[linear_sum_assignment(cost)].mean() ** 0.5)

    return {
        "ours": lambda: wasserstein(real, made).value,
        "scipy assignment": scipy_alone,
    }


CASES: dict[str, Callable[[], Case]] = {
    "frechet": frechet_full,
    "frechet singular": frechet_singular,
    "neighbours": neighbours_case,
    "kid": kid_case,
    "sliced": sliced_case,
    "transport": transport_case,
}


def measure(case: Case, repeats: int) -> dict[str, dict[str, float]]:
    """Time the contestants in turns: median seconds, how many turns, and the value found."""
    seconds: dict[str, list[float]] = {name: [] for name in case}
    values = {name: contestant() for name, contestant in case.items() if name != "scipy sqrtm"}
    for turn in range(repeats):
        for name, contestant in case.items():
            if turn >= 3 and statistics.median(seconds[name]) > 10:
                continue
            start = time.perf_counter()
            values[name] = contestant()
            seconds[name].append(time.perf_counter() - start)
    ours = statistics.median(seconds["ours"])
    return {
        name: {
            "seconds": statistics.median(taken),
            "times_ours": statistics.median(taken) / ours,
            "turns": len(taken),
            "value": values[name],
        }
        for name, taken in seconds.items()
    }


def memory(who: str) -> float:
    """Peak memory in MB above the samples, of a process of its own."""
    command = [sys.executable, __file__, "--memory", who]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def peak(who: str) -> float:
    """Run one contestant and return by how many MB the process grew at its peak.

    ``who`` is "ours", "prdc", or a number of examples a side in 2048 dimensions for ours.
    """
    if who.isdigit():
        real, made = normal(int(who), 2048, "real"), normal(int(who), 2048, "made")
    else:
        real, made = prdc_samples()
    small = real[:100], made[:100]
    contestant = prdc_package if who == "prdc" else neighbours
    contestant(*small)
    # Making the samples took more for a moment: that is given back, and the peak counted anew.
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    before = _kept("VmRSS")
    contestant(real, made)
    return _kept("VmHWM") - before


def _kept(which: str) -> float:
    """The process's memory, now or at its peak, in MB (getrusage would tell the parent's peak)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{which}:\s+(\d+)", status).group(1)) / 1024


def main() -> None:
    """Run the cases, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--only", nargs="*", choices=list(CASES), default=list(CASES))
    parser.add_argument("--memory", help="ours, prdc, or examples a side of 2048 features")
    given = parser.parse_args()
    if given.memory:
        print(peak(given.memory))
        return
    results: dict[str, dict] = {}
    print(f"{'case':18}{'contestant':24}{'seconds':>10}{'× ours':>9}{'turns':>7}  value")
    for name in given.only:
        results[name] = measure(CASES[name](), given.repeats)
        if name == "neighbours":
            for who in ("ours", "prdc"):
                results[name][who]["peak_mb"] = memory(who)
        for who, row in results[name].items():
            extra = f"  peak +{row['peak_mb']:.0f} MB" if "peak_mb" in row else ""
            print(
                f"{name:18}{who:24}{row['seconds']:10.3f}{row['times_ours']:9.2f}"
                f"{row['turns']:7.0f}  {row['value']:.6g}{extra}",
                flush=True,
            )
        if given.out:
            write(Path(given.out), results)


def write(path: Path, results: dict) -> None:
    """Write what there is so far: an interrupted run keeps its finished cases."""
    machine = {"threads": torch.get_num_threads(), "machine": platform.machine()}
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    path.write_text(json.dumps({"machine": machine | versions, "results": results}, indent=1))


if __name__ == "__main__":
    main()
