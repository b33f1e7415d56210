"""Memory of training from a folder of 100,000 pictures against one of 1,000.

Makes two folders of 64x64 colour pictures (PNG and JPEG by turns), opens each in a process of its
own, plays some hundred batches with a small network, and compares the anonymous memory of the two
(RssAnon in /proc: what belongs to the process and to no file) at its highest.

    python benchmarks/memory.py [--few 1000] [--many 100000] [--rounds 300]

Promised: less than 300 MB apart.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

ALLOWED_MB = 300
A_FOLDER = 1000


def make(folder: Path, part: int) -> None:
    """Write pictures number ``part`` · 1000 and on: noise smoothed, so that no two are equal."""
    import numpy as np
    from PIL import Image

    inner = folder / f"class{part % 4}" / f"{part:03}"
    inner.mkdir(parents=True)
    coarse = np.random.default_rng(part).integers(0, 256, (A_FOLDER, 8, 8, 3), dtype=np.uint8)
    for i, pixels in enumerate(coarse):
        kind = ("png", "jpeg")[i % 2]
        picture = Image.fromarray(pixels).resize((64, 64), Image.Resampling.BILINEAR)
        buffer = io.BytesIO()
        picture.save(buffer, kind)
        (inner / f"{i:03}.{kind}").write_bytes(buffer.getvalue())


def make_all(folder: Path, count: int) -> Path:
    """Write ``count`` pictures, rounded down to thousands."""
    with multiprocessing.Pool() as pool:
        pool.map(partial(make, folder), range(count // A_FOLDER))
    return folder


def memory(kind: str) -> float:
    """Return memory of this process in MB: RssAnon, RssFile, VmHWM and others."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind + ":")) / 1024


class Watch(threading.Thread):
    """Keeps the highest anonymous memory, looked at every 20 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.highest = 0.0
        self.start()

    def run(self) -> None:
        """Look until the process ends."""
        while True:
            self.highest = max(self.highest, memory("RssAnon"))
            time.sleep(0.02)


def train(folder: str, rounds: int, cache: str) -> dict[str, float]:
    """Open a folder, play some rounds, and return what it took."""
    import torch

    from counterplay.data import load

    watch, begin = Watch(), time.perf_counter()
    source = load(folder, cache=cache)
    opened, after_load = time.perf_counter(), watch.highest
    channels, height, _ = source.domain.shape
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(channels * height**2, 16))
    descent = torch.optim.SGD(network.parameters(), lr=1e-4)
    waited, batches = 0.0, source.batches(64)
    for _ in range(rounds):
        asked = time.perf_counter()
        x = next(batches).x
        waited += time.perf_counter() - asked
        descent.zero_grad()
        network(x).square().mean().backward()
        descent.step()
    return {
        "pictures": sum(source.splits.values()),
        "open_s": opened - begin,
        "batch_ms": 1000 * waited / rounds,
        "highest_while_opening_mb": after_load,
        "highest_mb": watch.highest,
        "at_the_end_mb": memory("RssAnon"),
        "of_files_mb": memory("RssFile"),
    }


def child(folder: Path, rounds: int, cache: Path) -> dict[str, float]:
    """Run :func:`train` in a process of its own."""
    words = [sys.executable, __file__, "--child", str(folder), str(rounds), str(cache)]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def main() -> int:
    """Compare, print, and fail when the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root, rows = Path(name), {}
        for label, count in (("few", asked.few), ("many", asked.many)):
            rows[label] = child(make_all(root / label, count), asked.rounds, root / "cache")
        rows["many, cached"] = child(root / "many", asked.rounds, root / "cache")
    for label, row in rows.items():
        print(f"{label:14}", "  ".join(f"{k} {v:,.1f}" for k, v in row.items()))
    apart = max(rows[k]["highest_mb"] for k in rows) - rows["few"]["highest_mb"]
    print(f"anonymous memory at its highest: {apart:.0f} MB apart (promised: under {ALLOWED_MB})")
    return int(apart >= ALLOWED_MB)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(train(sys.argv[2], int(sys.argv[3]), sys.argv[4])))
    else:
        sys.exit(main())
