"""What a promise is measured with: one real side for all its seeds, and a judge of its own.

The judge is trained anew, with a seed that no training has; nothing was chosen by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from counterplay.errors import UserError
from counterplay.recipes import (
    measures_autoencoders,
    measures_autoregressive,
    measures_boltzmann,
    measures_errors,
    measures_flows,
    measures_labels,
    measures_latents,
    measures_likelihood,
    measures_linear,
    measures_modes,
    measures_networks,
    measures_remedies,
    measures_sequences,
    measures_stacked,
    measures_typed,
)
from counterplay.recipes.sequence_looks import FEATURES, usual

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from counterplay.data import Domain, Source
    from counterplay.metrics.evaluate import Prepared
    from counterplay.metrics.judge import Judge
    from counterplay.recipes.session import Outcome

__all__ = [
    "JUDGE_SEED",
    "QUICK",
    "SAMPLES",
    "TRAIN",
    "Bench",
    "bench",
    "pca_log_prob",
    "peer_samples",
]

SAMPLES = 5_000
"""Samples that are measured, against as many real examples."""

QUICK = 100
"""The same for a quick look at whether everything works."""

JUDGE_SEED = 20_260_000
"""Far from the seeds of trainings, which are counted from 0."""

TRAIN = 60_000
"""Training examples, at most, that a judge learns from and copies are looked for among."""

_BOUNDS = 8


@dataclass(frozen=True)
class Bench:
    """The real side, prepared once.

    Attributes:
        source: the data.
        device: where samples are measured.
        prepared: the real side of ``evaluate``.
        train: training examples, as networks see them.
        test: the real examples that are held against.
    """

    source: Source
    device: torch.device
    prepared: Prepared
    train: Tensor
    test: Tensor

    def measure(self, outcome: Outcome, names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
        """Return the figures of a trained game by name, and the notes about them."""
        recipe = outcome.plan.recipe
        # Other samples than the ones on the run's pictures.
        x, _ = outcome.sampler.encoded(self.prepared.n, seed=recipe.seed + 1)
        figures, notes = self.score(x, recipe.ema > 0)
        more = {name: POWERS[name](outcome, self) for name in names if name in POWERS}
        untrained = [
            f"seed {recipe.seed}: {name} is {figure['untrained']:.4g} for the same game untrained"
            for name, figure in more.items()
            if "untrained" in figure
        ]
        return figures | more, [*notes, *untrained, *self._remarks(outcome)]

    def _remarks(self, outcome: Outcome) -> list[str]:
        """Return what the game itself says of the examples, in words, where it has the power."""
        remarks: Any = getattr(outcome.sampler.game, "remarks", None)
        said = [] if remarks is None else remarks(self.test)
        return [f"seed {outcome.plan.recipe.seed}: {sentence}" for sentence in said]

    def score(self, x: Tensor, ema: bool) -> tuple[dict[str, Any], list[str]]:
        """Return the figures of samples by name, and the notes about them."""
        from counterplay.metrics import score

        found = score(x.to(self.device), self.prepared, ema=ema)
        return found["metrics"], found["notes"]


def bench(source: Source, device: torch.device, quick: bool = False) -> Bench:
    """Train the judge where the data are labelled pictures, and prepare the real side.

    Args:
        source: the data.
        device: where to measure.
        quick: measure a few, by a judge that has hardly been trained.
    """
    from counterplay.metrics import prepare

    n = min(QUICK if quick else SAMPLES, source.splits["test"])
    labelled, real = source.examples("train", TRAIN), source.examples("test", n)
    train, test = labelled.x.to(device), real.x.to(device)
    found = _judge(source, train, labelled.y, (test, real.y), quick)
    prepared = prepare(
        train,
        test,
        FEATURES.get(source.domain.kind, usual)(source),
        law=source.law,
        decode=source.domain.decode,
        judge=found,
        split="test",
        samples=n,
    )
    return Bench(source, device, prepared, train, test)


def _judge(
    source: Source, x: Tensor, y: Tensor | None, held: tuple[Tensor, Tensor | None], quick: bool
) -> Judge | None:
    from counterplay.metrics import judge

    classes = len(source.domain.classes)
    # Of fewer than ten examples a class neither the judge's accuracy nor its counts say anything.
    few = len(held[0]) < 10 * classes
    if source.domain.kind != "image" or classes < 2 or few or y is None or held[1] is None:
        return None
    length = QUICK if quick else None
    test = (held[0], held[1])
    return judge(x, y, classes, seed=JUDGE_SEED, test=test, examples=length)


class _Bounded(Protocol):
    """The power to bound the log likelihood from below, in nats an example."""

    def bound(self, x: Tensor, seed: int = 0) -> Tensor: ...


def _bound_gain(outcome: Outcome, on: Bench) -> dict[str, float]:
    game: Any = outcome.sampler.game
    spec: Any = outcome.plan.recipe.game
    value = _bound(game, on.test) - pca_log_prob(on.train, on.test, spec.latent)
    return {"value": value / math.prod(on.source.domain.shape)}


def _bound(game: _Bounded, x: Tensor) -> float:
    """Return the mean bound in nats an example: an average over several noises."""
    return sum(float(game.bound(x, seed).double().mean()) for seed in range(_BOUNDS)) / _BOUNDS


def pca_log_prob(train: Tensor, x: Tensor, latent: int) -> float:
    """Return the mean log likelihood of ``x`` in nats under probabilistic PCA fitted to ``train``.

    The model is x = Wz + μ + σε with z in R^latent; its likelihood is the highest bound that a VAE
    with linear networks can reach. With eigenvalues λ of the covariance, of D dimensions, σ² is
    the mean of those after the first ``latent``, and the model's covariance has λ₁ … λ_latent and
    then σ² as its eigenvalues. Probabilistic principal component analysis (Tipping and Bishop,
    1999).

    Args:
        train: (N, …) with more examples than dimensions.
        x: (M, …).
        latent: fewer than the dimensions.
    """
    import torch

    fitted, seen = train.flatten(1).double(), x.flatten(1).double()
    mean = fitted.mean(0)
    values, vectors = torch.linalg.eigh(torch.cov((fitted - mean).T, correction=0))
    rest = values[: len(values) - latent]
    values = torch.cat([rest.mean().expand(len(rest)), values[len(rest) :]])
    squares = ((seen - mean) @ vectors).square() / values
    constant = values.log().sum() + len(values) * math.log(2 * math.pi)
    return float(-0.5 * (squares.sum(1).mean() + constant))


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "bound_gain": _bound_gain,
    **measures_errors.POWERS,
    **measures_flows.POWERS,
    **measures_labels.POWERS,
    **measures_modes.POWERS,
    **measures_networks.POWERS,
    **measures_remedies.POWERS,
    **measures_stacked.POWERS,
    **measures_sequences.POWERS,
    **measures_latents.POWERS,
    **measures_autoregressive.POWERS,
    **measures_autoencoders.POWERS,
    **measures_likelihood.POWERS,
    **measures_linear.POWERS,
    **measures_boltzmann.POWERS,
    **measures_typed.POWERS,
}
"""What is measured of the game itself, beside what is measured of its samples."""


def peer_samples(path: Path, domain: Domain) -> list[Tensor]:
    """Return another system's samples, as networks see them: one tensor for each training.

    Args:
        path: an ``.npz`` file with one array of pictures for each training, (N, C, H, W) or
            (N, H, W), uint8 or floats in [-1, 1].
        domain: of the data.

    Raises:
        UserError: when there are none, or they are not pictures like the data's.
    """
    import zipfile

    import numpy as np

    if not path.is_file():
        raise UserError(f"--peer-samples {path}: no such file")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in sorted(file.files)}
    except (OSError, ValueError, AttributeError, zipfile.BadZipFile):
        raise UserError(
            f"--peer-samples {path}: no .npz file of numbers; numpy.savez_compressed makes one"
        ) from None
    pictures = {name: array for name, array in arrays.items() if array.ndim > 2}
    if not pictures:
        raise UserError(f"--peer-samples {path}: no pictures (N, C, H, W) are in it")
    return [_encoded(array, domain, f"{path}: {name}") for name, array in pictures.items()]


def _encoded(array: Any, domain: Domain, where: str) -> Tensor:
    import torch

    pictures = array[:, None] if array.ndim == 3 else array
    if pictures.shape[1:] != domain.shape:
        wanted = "x".join(map(str, domain.shape))
        got = "x".join(map(str, pictures.shape[1:]))
        raise UserError(f"{where} has pictures of {got}, the data are {wanted}")
    if pictures.dtype == "uint8":
        return domain.encode(torch.from_numpy(pictures))
    x = torch.from_numpy(pictures.astype("float32"))
    # A picture of ink on paper has both ends of the scale in it: without the lower, it is [0, 1].
    if not torch.isfinite(x).all() or not -1.001 <= float(x.min()) < 0 or float(x.max()) > 1.001:
        raise UserError(
            f"{where} goes from {float(x.min()):.3g} to {float(x.max()):.3g}: "
            "give uint8, or floats in [-1, 1]"
        )
    return x
