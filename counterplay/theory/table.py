r"""The table that sets variational autoencoders against GANs, computed on one data set.

Both learn the ring of Gaussians, whose density is known, with networks of the same size, on the
same batches, for as many rounds. What the table compares:

    sharpness     the share of samples within three deviations of a mode; of the law itself
                  1 − e^(−9/2)
    coverage      modes that are reached, and KL(modes' shares ‖ uniform)
    distance      sliced W₂ to the data, beside that of the data to itself
    likelihood    the VAE's bound, below the true law's E log p (Gibbs); a GAN has none
    encoder       the VAE reconstructs; a GAN cannot
    steadiness    how much the sharpness still moves in the last third of training

Auto-Encoding Variational Bayes (Kingma, Welling 2013, arXiv 1312.6114); Generative Adversarial Nets
(Goodfellow et al. 2014, arXiv 1406.2661).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from counterplay.theory.figures import BLUE, GREEN, RED
from counterplay.theory.item import Check, Item, Value, inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from counterplay.game import Game
    from counterplay.laws import Mixture

__all__ = ["ITEMS", "Learned", "Table", "learn"]

Array = NDArray[np.float64]

COUNT = 2500
LOOKS = 12


@dataclass(frozen=True)
class Table:
    """A VAE and a GAN on the ring of Gaussians."""

    modes: int = 8
    """Modes of the ring, whose radius is 2."""
    std: float = 0.15
    """Standard deviation of each mode."""
    rounds: int = 1500
    """Rounds of training."""
    width: int = 64
    """Units of each of the two hidden layers of every network."""
    latent: int = 2
    """Dimensions of the latent."""
    seed: int = 0
    """Of the weights and of all noise."""


class Learned(NamedTuple):
    """A trained game: its samples (2500, 2), and the sharpness at each of twelve looks."""

    game: Game
    samples: Array
    sharpness: Array


def law(p: Table) -> Mixture:
    """Return the data's law."""
    from counterplay.laws import ring

    return ring(p.modes, 2.0, p.std)


def _points(p: Table, tag: str, n: int = COUNT) -> Array:
    from counterplay.game import generator

    return law(p).sample(n, generator(p.seed, tag)).numpy().astype(np.float64)


def _game(p: Table, name: str) -> Game:
    from counterplay.game import adam, seeded
    from counterplay.games.gan import GAN
    from counterplay.games.vae import VAE
    from counterplay.laws import Normal
    from counterplay.networks.mlp import MLP

    w = p.width
    with seeded(p.seed, name):
        if name == "VAE":
            return VAE(MLP([2, w, w, 2 * p.latent]), MLP([p.latent, w, w, 2]), p.latent)
        moves = (adam(1e-3, (0.5, 0.99)), adam(1e-3, (0.5, 0.99)))
        return GAN(MLP([p.latent, w, w, 2]), MLP([2, w, w, 1]), Normal(p.latent), moves=moves)


def learn(p: Table, name: str) -> Learned:
    """Return the game of that name, "VAE" or "GAN", trained by the project's own loop."""
    from counterplay.game import Batch, generator
    from counterplay.train import falling, train

    rule, game = law(p), _game(p, name)
    batches = (Batch(rule.sample(256, generator(p.seed, t))) for t in range(p.rounds))
    looks = set(np.linspace(p.rounds / LOOKS, p.rounds, LOOKS).astype(int).tolist())
    sharp = [
        _sharpness(_drawn(game, p.seed), p)
        for step, _ in train(game, batches, seed=p.seed, pace=falling(p.rounds, 0.5))
        if step in looks
    ]
    return Learned(game, _drawn(game, p.seed), np.array(sharp))


def _drawn(game: Game, seed: int) -> Array:
    return game.sample(COUNT, seed=seed).numpy().astype(np.float64)


def _centres(p: Table) -> Array:
    angles = 2 * np.pi * np.arange(p.modes) / p.modes
    return 2.0 * np.stack([np.cos(angles), np.sin(angles)], 1)


def _sharpness(x: Array, p: Table) -> float:
    """Return the share of points within three deviations of a mode, by its definition."""
    nearest = np.linalg.norm(x[:, None] - _centres(p), axis=2).min(1)
    return float((nearest <= 3 * p.std).mean())


def _measured(x: Array, p: Table) -> tuple[float, float, float, float]:
    """Return (sharpness, modes covered, KL of the modes' shares, sliced W₂) by the metrics."""
    import torch

    from counterplay.metrics.modes import count_modes
    from counterplay.metrics.wasserstein import sliced_wasserstein

    found = count_modes(torch.tensor(x), torch.tensor(_centres(p)), p.std)
    distance = sliced_wasserstein(torch.tensor(_points(p, "reference")), torch.tensor(x))
    return found.high_quality, float(found.covered), found.kl, distance


@lru_cache(maxsize=2)
def _trained(p: Table) -> dict[str, Learned]:
    inside("modes", p.modes, 2, 32)
    inside("std", p.std, 0.01, 1)
    inside("rounds", p.rounds, LOOKS, 100_000)
    inside("width", p.width, 1, 1024)
    inside("latent", p.latent, 1, 64)
    return {name: learn(p, name) for name in ("VAE", "GAN")}


def _bounds(p: Table) -> tuple[Array, Array, float]:
    """Return the VAE's bound and the true log density, (n,), and its reconstruction error."""
    import torch

    from counterplay.games.vae import VAE

    game, x = _trained(p)["VAE"].game, torch.tensor(_points(p, "test"), dtype=torch.float32)
    assert isinstance(game, VAE)
    error = float((game.reconstruct(x) - x).norm(dim=1).mean())
    return game.bound(x).numpy().astype(float), law(p).log_prob(x).numpy().astype(float), error


def compute(p: Table) -> dict[str, Value]:
    """Return the table's numbers: each game's, beside the data's own."""
    learned, found = _trained(p), {}
    points = {n: t.samples for n, t in learned.items()} | {"data": _points(p, "again")}
    for name, x in points.items():
        sharp, covered, kl, distance = _measured(x, p)
        half = 1.96 * math.sqrt(sharp * (1 - sharp) / COUNT)
        found[f"{name}: sharpness"] = Value(sharp, half, f"{COUNT} samples")
        found[f"{name}: modes covered"] = Value(covered, 0, f"of {p.modes}")
        found[f"{name}: KL of the modes' shares"] = Value(kl, 0, f"{COUNT} samples")
        found[f"{name}: sliced W₂ to the data"] = Value(distance, 0, f"{COUNT} samples each")
    bound, truth, error = _bounds(p)
    half = 1.96 * float(bound.std()) / math.sqrt(len(bound))
    found["VAE: bound of log p, nats"] = Value(float(bound.mean()), half, "held-out points")
    found["data: log p, nats"] = Value(float(truth.mean()), 0, "the true law, held-out points")
    found["VAE: distance of x̂ from x"] = Value(error, 0, "held-out points")
    for name, t in learned.items():
        moves = float(t.sharpness[-LOOKS // 3 :].std())
        found[f"{name}: late change of sharpness"] = Value(moves, 0, "deviation over late looks")
    return found


def checks(p: Table) -> list[Check]:
    """Return the metrics against definitions, the bound against Gibbs, and the usual order."""
    learned = _trained(p)
    real = _points(p, "again")
    exact = 1 - math.exp(-4.5)
    five = 5 * math.sqrt(exact * (1 - exact) / COUNT)
    bound, truth, _ = _bounds(p)
    slack = 5 * float((bound - truth).std()) / math.sqrt(len(bound))
    sharp = {name: _measured(t.samples, p)[0] for name, t in learned.items()}
    found = [
        Check(f"{n}: sharpness", sharp[n], _sharpness(t.samples, p), 0, "metric against definition")
        for n, t in learned.items()
    ]
    gibbs = "mean over held-out points, E log q ≤ E log p"
    order = "shares of samples near a mode"
    return [
        *found,
        Check(
            "data: sharpness", _measured(real, p)[0], exact, five, "samples against 1 − e^(−9/2)"
        ),
        Check("VAE: bound", float(bound.mean()), float(truth.mean()), slack, gibbs, "at most"),
        Check("sharpness, GAN over VAE", sharp["GAN"], sharp["VAE"], 0, order, "at least"),
    ]


def figure(p: Table, blank: Figure) -> None:
    """Draw the samples of both beside the data, and the table."""
    upper, lower = np.ravel(blank.subfigures(2, 1, height_ratios=[1.35, 1]))  # type: ignore[call-overload]
    learned = _trained(p)
    shown = {"data": (_points(p, "again"), BLUE)} | {
        name: (t.samples, colour)
        for (name, t), colour in zip(learned.items(), (GREEN, RED), strict=True)
    }
    for axes, (name, (x, colour)) in zip(upper.subplots(1, 3), shown.items(), strict=True):
        axes.plot(*x[:1500].T, ".", color=colour, markersize=1.5)
        axes.set(xlim=(-2.8, 2.8), ylim=(-2.8, 2.8), aspect="equal", xticks=[], yticks=[])
        axes.set_title(name)
    axes = lower.subplots()
    axes.axis("off")
    values = compute(p)
    rows = [
        ("samples near a mode", "sharpness", "{:.3f}"),
        (f"modes covered, of {p.modes}", "modes covered", "{:.0f}"),
        ("sliced W₂ to the data", "sliced W₂ to the data", "{:.3f}"),
        ("held-out log p, nats", "bound of log p, nats", "≥ {:.2f}"),
        ("distance of x̂ from x", "distance of x̂ from x", "{:.3f}"),
        ("late change of sharpness", "late change of sharpness", "{:.3f}"),
    ]
    cells = [[_cell(values, name, key, form) for name in shown] for _, key, form in rows]
    cells[3][0] = f"{float(values['data: log p, nats'].value):.2f}"
    table = axes.table(
        cellText=cells,
        rowLabels=[label for label, *_ in rows],
        colLabels=list(shown),
        loc="center",
        cellLoc="center",
        edges="horizontal",
        bbox=(0.3, 0, 0.7, 1),
    )
    table.auto_set_font_size(False)
    table.set_fontsize(10)


def _cell(values: dict[str, Value], name: str, key: str, form: str) -> str:
    found = values.get(f"{name}: {key}")
    if found is None:
        return "–" if name == "data" else "none"
    return form.format(float(found.value))


ITEMS: dict[str, Item] = {
    "vae-gan-table": Item(
        name="vae-gan-table",
        title="Variational autoencoder against GAN: the table, computed on one data set",
        derivation="VAE: max E_q log p(x | z) − KL(q ‖ p(z)) ≤ log p(x); GAN: min max V, no log p",
        parameters=Table,
        compute=compute,
        checks=checks,
        figure=figure,
        size=(8.6, 5.6),
    )
}
