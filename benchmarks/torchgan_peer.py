"""torchgan 0.1.0's DCGAN, driven through its own Trainer as its documentation shows.

    pip install --no-deps torchgan

It imports torchvision for grids and Inception, which nothing here needs: an empty module stands in
where torchvision is absent. Its own work in a step stays; pictures, checkpoints, printing and its
record of gradient norms (a host sync for each parameter) are taken away, which favours it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from itertools import islice
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

__all__ = [
    "LATENT",
    "MISSING",
    "SIZE",
    "WIDTH",
    "Portion",
    "endless",
    "epoch",
    "installed",
    "samples",
    "trainer",
]

LATENT, SIZE, WIDTH = 100, 32, 64
LR, BETAS = 2e-4, (0.5, 0.999)
MISSING = "skipped: torchgan is not installed (pip install --no-deps torchgan)"


def installed() -> bool:
    """Return whether torchgan can be imported."""
    return importlib.util.find_spec("torchgan") is not None


def trainer(folder: str | None = None) -> Any:
    """Return its Trainer of a DCGAN on one-channel 32×32 pictures, of 64 base channels."""
    losses, models, training = (_imported(f"torchgan.{n}") for n in ("losses", "models", "trainer"))
    adam = {"name": torch.optim.Adam, "args": {"lr": LR, "betas": BETAS}}
    pair = {
        "generator": {
            "name": models.DCGANGenerator,
            "args": {
                "encoding_dims": LATENT,
                "out_size": SIZE,
                "out_channels": 1,
                "step_channels": WIDTH,
                "nonlinearity": nn.LeakyReLU(0.2),
                "last_nonlinearity": nn.Tanh(),
            },
            "optimizer": adam,
        },
        "discriminator": {
            "name": models.DCGANDiscriminator,
            "args": {
                "in_size": SIZE,
                "in_channels": 1,
                "step_channels": WIDTH,
                "nonlinearity": nn.LeakyReLU(0.2),
                "last_nonlinearity": nn.LeakyReLU(0.2),
            },
            "optimizer": adam,
        },
    }
    folder = folder or tempfile.mkdtemp(prefix="torchgan-")
    with contextlib.redirect_stdout(io.StringIO()):
        made = training.Trainer(
            pair,
            [losses.MinimaxGeneratorLoss(), losses.MinimaxDiscriminatorLoss()],
            device=torch.device("cpu"),
            epochs=1,
            sample_size=8,
            checkpoints=f"{folder}/model/gan",
            recon=f"{folder}/images",
        )
    return _bare(made)


def endless(pictures: Tensor, batch: int) -> Iterator[Any]:
    """Yield batches of uint8 pictures as torchgan takes them, in a new order each epoch."""
    labels = torch.zeros(len(pictures), dtype=torch.int64)
    examples = TensorDataset(pictures.float() / 127.5 - 1, labels)
    loader = DataLoader(examples, batch_size=batch, shuffle=True, drop_last=True)
    while True:
        yield from loader


class Portion:
    """The next ``steps`` batches of an endless loader: an epoch, as its Trainer sees it."""

    def __init__(self, batches: Iterator[Any], steps: int, batch: int) -> None:
        self.batches, self.steps, self.batch_size = batches, steps, batch

    def __iter__(self) -> Iterator[Any]:
        """Yield this epoch's batches."""
        return islice(self.batches, self.steps)


def epoch(made: Any, portion: Portion) -> None:
    """Train on the portion, without a word."""
    with contextlib.redirect_stdout(io.StringIO()):
        made(portion)


def _bare(made: Any) -> Any:
    """Return the trainer without pictures, checkpoints, printing and gradient norms."""
    made.save_model = _nothing
    made.logger.run_end_epoch = _nothing
    made.logger.get_grad_viz().update_grads = _nothing
    return made


def _nothing(*_: object, **__: object) -> None:
    return None


def _imported(name: str) -> ModuleType:
    for tracker in ("TENSORBOARD_LOGGING", "VISDOM_LOGGING"):
        os.environ.setdefault(tracker, "0")
    if importlib.util.find_spec("torchvision") is None:
        empty = ModuleType("torchvision")
        empty.__spec__ = ModuleSpec("torchvision", None)  # or others that look for it stumble
        sys.modules["torchvision"] = empty
    return importlib.import_module(name)


def samples(made: Any, n: int, seed: int = 0) -> Tensor:
    """Return ``n`` pictures of its generator in evaluation mode, (n, 1, 32, 32) in [-1, 1]."""
    rng = torch.Generator().manual_seed(seed)
    made.generator.eval()
    with torch.no_grad():
        latents = torch.randn(n, LATENT, generator=rng).split(250)
        return torch.cat([made.generator(z) for z in latents])
