"""Train torchgan's DCGAN on MNIST for a given wall time and write its samples, to be judged.

    python -m benchmarks.torchgan_mnist --seconds 600 --out samples.npz [--fit pad]

The network works at 32×32, the pictures are 28×28. ``--fit resize`` enlarges the pictures when they
are read and shrinks the samples by antialiased bilinear resizing; ``--fit pad`` adds two black
pixels on each side and cuts them off again, which loses nothing. Writes 5,000 samples as
``images``, uint8 (5000, 1, 28, 28), and how they came about as ``about``. The seconds are those of
training: imports and reading the data are not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate, pad

from benchmarks import torchgan_peer as peer
from benchmarks.timing import MNIST
from counterplay.data import load

BATCH, SAMPLES, SIDE = 64, 5_000, 28
BORDER = (peer.SIZE - SIDE) // 2


def read(folder: Path, fit: str) -> Tensor:
    """Return the training pictures, uint8 (N, 1, 32, 32)."""
    source = load(folder, size=peer.SIZE if fit == "resize" else SIDE)
    pictures = source.domain.decode(source.examples("train").x)
    return pictures if fit == "resize" else pad(pictures, (BORDER,) * 4)


def back(samples: Tensor, fit: str) -> Tensor:
    """Return samples in [-1, 1] of 32×32 as uint8 (N, 1, 28, 28)."""
    if fit == "resize":
        samples = interpolate(samples, (SIDE, SIDE), mode="bilinear", antialias=True)
    else:
        samples = samples[..., BORDER:-BORDER, BORDER:-BORDER]
    return ((samples.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def train(made: Any, pictures: Tensor, seconds: float) -> tuple[int, float]:
    """Train until the time is over; return rounds played and the seconds they took."""
    portion = peer.Portion(peer.endless(pictures, BATCH), 10, BATCH)
    rounds, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        peer.epoch(made, portion)
        rounds += portion.steps
    return rounds, time.perf_counter() - begin


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fit", choices=("resize", "pad"), default="resize")
    parser.add_argument("--data", type=Path, default=MNIST)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> int:
    """Train, sample and write."""
    asked = options()
    if not peer.installed():
        print(peer.MISSING)
        return 0
    torch.manual_seed(asked.seed)
    pictures, made = read(asked.data, asked.fit), peer.trainer()
    rounds, took = train(made, pictures, asked.seconds)
    images = back(peer.samples(made, SAMPLES, asked.seed), asked.fit).numpy()
    about = {"rounds": rounds, "seconds": round(took, 1), "fit": asked.fit, "batch": BATCH}
    np.savez_compressed(asked.out, images=images, about=json.dumps(about))
    print(f"torchgan 0.1.0: {rounds} rounds in {took:.0f} s -> {asked.out} {images.shape}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
