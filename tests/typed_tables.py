"""A small table with a column of every kind, for tests."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

ROWS = 400
SHARED = Path(__file__).parents[2] / "shared" / "data"
JOBS = ("nurse", "baker", "pilot, retired", "?")


def content(count: int = ROWS) -> str:
    """Return the table as text: jobs and scores are missing now and then, pay follows age."""
    rng = np.random.default_rng(7)
    lines = ["age,pay,job,paid,hired,left,zip,no,score,rate"]
    for i in range(count):
        age, job = int(rng.integers(18, 80)), JOBS[int(rng.choice(4, p=[0.5, 0.3, 0.1, 0.1]))]
        hired = date(2001, 1, 1) + timedelta(days=int(rng.integers(0, 3000)))
        left = hired + timedelta(days=int(rng.integers(0, 900)))
        score = "NA" if rng.random() < 0.25 else f"{rng.normal():.3f}".rstrip("0").rstrip(".")
        cells = [
            str(age),
            f"{age * 10 + rng.normal():.2f}",
            f'"{job}"' if "," in job else job,
            ("true", "false")[age > 40],
            hired.isoformat(),
            left.isoformat(),
            f"0{rng.integers(10, 15)}",
            f"C{i:04d}",
            score.replace("-0", "0") if score == "-0" else score,
            repr(float(np.exp(rng.normal()))),
        ]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def rows(domain, count: int) -> np.ndarray:
    """Return raw rows of ``domain`` decoded from noise."""
    import torch

    noise = torch.randn(count, domain.dim, generator=torch.Generator().manual_seed(1))
    return domain.decode(noise).numpy()
