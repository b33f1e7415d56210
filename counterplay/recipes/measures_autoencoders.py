"""What auto-encoders are measured by: principal components, twins, and what layers say.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.schema import Recipe
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "principal", "residual"]

SHOWN = 10
"""Pictures that are shown beside their reconstructions."""

TOLD = 2_000
"""Test examples by which layers are told."""


def principal(x: Tensor, keep: int) -> tuple[Tensor, Tensor]:
    """Return the mean (D,) and the ``keep`` leading axes (D, keep) of the rows, in float64."""
    import torch

    rows = x.flatten(1).double()
    mean = rows.mean(0)
    # The eigenvectors of the D × D covariance: examples may be many.
    _, axes = torch.linalg.eigh((rows - mean).T @ (rows - mean) / len(rows))
    return mean, axes[:, -keep:]


def residual(x: Tensor, fitted: Tensor, keep: int) -> Tensor:
    """Return what ``keep`` principal components of ``fitted`` make of the examples ``x``."""
    mean, axes = principal(fitted, keep)
    rows = x.flatten(1).double() - mean
    return (mean + rows @ axes @ axes.T).view(x.shape).to(x.dtype)


def _error(x: Tensor, other: Tensor) -> float:
    return float((x - other).double().square().mean())


def _reconstruction(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the mean squared error of a pixel of the test part, beside that of PCA."""
    game: Any = outcome.sampler.game
    spec: Any = outcome.plan.recipe.game
    ours, theirs = game.reconstruct(on.test), residual(on.test, on.train, spec.latent)
    if on.source.domain.kind == "image":
        _shown(outcome, on, ours, theirs)
    return {"value": _error(on.test, ours), "reference": _error(on.test, theirs)}


def _shown(outcome: Outcome, on: Bench, *rows: Tensor) -> None:
    """Write examples, their reconstructions and those of PCA, a row each, into the run folder."""
    import torch

    from counterplay.run.files import write
    from counterplay.run.pictures import picture, png

    three = torch.cat([each[:SHOWN] for each in (on.test, *rows)])
    labels = [row for row in range(1 + len(rows)) for _ in range(SHOWN)]
    names = ("example", "network", "principal components")
    decode: Any = on.source.domain.decode
    made = picture(decode(three.cpu()).numpy(), labels=labels, classes=names)
    write(outcome.run.path / "reconstructions.png", png(made))


def _pca_excess(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the squared error of a training example above that of PCA, the least there is."""
    game: Any = outcome.sampler.game
    spec: Any = outcome.plan.recipe.game
    best = residual(on.train, on.train, spec.latent)
    dims = on.train[0].numel()
    return {"value": dims * (_error(on.train, game.reconstruct(on.train)) - _error(on.train, best))}


def _pca_angle(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the sine of the largest angle between the decoder's span and the leading axes."""
    import torch

    game: Any = outcome.sampler.game
    spec: Any = outcome.plan.recipe.game
    ends = torch.cat([torch.zeros(1, spec.latent), torch.eye(spec.latent)]).to(on.device)
    at = game.render(ends).flatten(1).double()
    span = torch.linalg.qr((at[1:] - at[0]).T)[0]
    _, axes = principal(on.train, spec.latent)
    across = span - axes @ (axes.T @ span)
    return {"value": float(torch.linalg.matrix_norm(across, 2))}


def _rate(layers: slice) -> Callable[[Outcome, Bench], dict[str, float]]:
    """Return the KL of some layers together in nats, counted from 0 at the data."""

    def measure(outcome: Outcome, on: Bench) -> dict[str, float]:
        game: Any = outcome.sampler.game
        return {"value": sum(each.rate for each in game.uses(on.test[:TOLD])[layers])}

    return measure


def _active(outcome: Outcome, on: Bench) -> dict[str, float]:
    from counterplay.games.collapse import active_units

    game: Any = outcome.sampler.game
    return {"value": float(active_units(game.encode(on.test[:TOLD])).sum())}


def _seen_alike(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return how far reconstructions are from examples to the judge, over how far examples are.

    In the judge's features, which were trained on the labels and nothing was trained by: the mean
    squared distance to the reconstruction, over that between two examples.
    """
    game: Any = outcome.sampler.game
    judge = on.prepared.judge
    if judge is None:
        raise UserError(f"'{on.source.name}' has no labels that a judge could be trained by")
    real, made = judge(on.test), judge(game.reconstruct(on.test))
    apart = (real - real.flip(0)).square().sum(1).mean()
    return {"value": float((real - made).square().sum(1).mean() / apart)}


def _twin_gain(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return by how many nats the refined posterior beats a mean-field twin of the same recipe.

    The twin is trained here, by the same seed, data, networks, rounds and rates; its own figure is
    the reference.
    """
    from counterplay.metrics.likelihood import account
    from counterplay.recipes.measures_likelihood import EFFORT, FEW, SMALL, whole
    from counterplay.recipes.specs.vae import MeanField

    recipe = outcome.plan.recipe
    mean_field = replace(recipe.game, posterior=MeanField())  # pyright: ignore[reportCallIssue]
    game = _trained(replace(recipe, game=mean_field), outcome, on)
    quick = on.prepared.n <= FEW
    x = on.source.examples("test", FEW if quick else None).x.to(on.device)
    twin = account(game, x, budget=SMALL if quick else EFFORT)
    assert twin is not None, "a VAE has a likelihood"
    own = whole(outcome, on)
    return {"value": -own.minus(twin), "reference": twin.to("nats").value}


def _trained(recipe: Recipe, outcome: Outcome, on: Bench) -> Any:
    """Return the game of ``recipe``, trained as the outcome's was, without being watched."""
    from counterplay.recipes import build
    from counterplay.train import State, falling, train

    source = outcome.plan.source
    game = build.game(recipe, source.domain, outcome.plan.share).to(on.device)
    build.begin(game, recipe, source)
    state = State(game, precision=recipe.precision)
    batches = source.batches(recipe.data.batch, seed=recipe.seed, device=on.device)
    pace = falling(recipe.steps, recipe.decay) if recipe.decay else None
    rounds = train(game, batches, steps=recipe.steps, seed=recipe.seed, state=state, pace=pace)
    for _ in rounds:
        pass
    return game


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "reconstruction": _reconstruction,
    "pca_excess": _pca_excess,
    "pca_angle": _pca_angle,
    "rate_first": _rate(slice(1)),
    "rate_upper": _rate(slice(-2, None)),
    "active": _active,
    "seen_alike": _seen_alike,
    "twin_gain": _twin_gain,
}
"""Name -> what is measured of the game, or of its reconstructions."""
