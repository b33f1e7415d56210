r"""Signals of samples: cheap comparisons with a fixed buffer of real examples, in features.

Notation: y are features of n samples, x those of the real buffer, d(a, b) their distance. Ratios
are over the same number for real examples, so that 1 is what a perfect generator has:

    diversity     E d(y, y') / E d(x, x')
    crowding      median distance of a sample to its third nearest other one, the same ratio
    coverage      share of x whose ball (to its fifth nearest x) holds a y
    precision     share of y that lie in such a ball
    missing       share of the data in cells that samples hardly reach
    moved         half of Σ |q_t − q_{t−1}|, q_t the shares of the cells at check-up t
    distance      sliced Wasserstein distance, over that of real examples
    authentic     share of y that are no copies (Alaa et al. 2022, arXiv 2102.08921)
    impartial     share of y that have a held-out example nearer than all training ones, over what
                  it is for who knows neither; blurred samples are not authentic and impartial

Each is also measured of held-out examples in the samples' place, several times: its normal range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.doctor.history import Normal
from counterplay.game import generator
from counterplay.metrics.checkerboard import checkerboard
from counterplay.metrics.wasserstein import wasserstein_line

__all__ = ["BUFFER", "Reference", "measured", "reference", "scrambled"]

BUFFER = 1024
"""Real examples that samples are compared with."""
KNOWN = 2048
"""Training examples among which copies are looked for."""
DRAWS = 8
"""Draws of real examples in the samples' place, from which the normal range comes."""
CELLS = 24
PROJECTIONS = 32
K, THIRD = 5, 3
LEAST = 16
"""Held-out examples without which copies cannot be told."""
RARE = 0.2
"""Share of its due below which a cell counts as missing."""

Features = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Reference:
    """The real side, prepared once. Its tensors are the doctor's largest buffers.

    Attributes:
        features: examples -> (N, F).
        real: features of the buffer, (R, F), R ≤ 1,024; the first of the known ones.
        radius: distance to the fifth nearest of them, (R,).
        centres: of the cells, (K, F).
        shares: of the data in each cell, (K,).
        directions: of the projections, (P, F).
        known: features of training examples, (T, F), T ≤ 2,048.
        own: distance of each to its nearest other one, (T,).
        strangers: features of held-out examples, (H, F), H ≤ 512.
        scale: signal -> what real examples have, for the ratios.
        normal: signal -> mean and deviation over draws of real examples.
        n: how many samples are compared.
        stride: the period of the upsampling that could leave a pattern; 0 for vectors.
    """

    features: Features
    real: Tensor
    radius: Tensor
    centres: Tensor
    shares: Tensor
    directions: Tensor
    known: Tensor
    own: Tensor
    strangers: Tensor
    scale: Mapping[str, float]
    normal: Mapping[str, Normal]
    n: int


def scrambled(x: Tensor, rng: torch.Generator) -> Tensor:
    """Return examples (N, …) each of whose numbers is that of an example chosen for it alone.

    How often each value is there stays as it is; what the numbers of one have to do with each
    other is lost.
    """
    flat = x.flatten(1)
    count, width = flat.shape
    # Each column goes round by a number of its own: as good as a shuffle of each, and no sort.
    turns = torch.randint(max(count, 1), (width,), generator=rng)
    rows = (torch.arange(count)[:, None] + turns) % max(count, 1)
    return flat.gather(0, rows.to(x.device)).reshape(x.shape)


@torch.no_grad()
def reference(train: Tensor, held: Tensor, features: Features, n: int, seed: int = 0) -> Reference:
    """Return the real side.

    Args:
        train: training examples, at most 4,096 of which are looked at.
        held: held-out examples, (H, …), H may be 0: then training examples take their place.
        features: examples -> (N, F).
        n: samples that will be compared; fewer where there are fewer real ones.
        seed: of the choice of examples.
    """
    rng = generator(seed, "doctor")
    order = torch.randperm(len(train), generator=rng)[:4096]
    half = min(BUFFER, max(len(order) // 2, min(len(order), 16)))
    buffer, others = train[order[:half]], train[order[half:]]
    pool = torch.cat([held, others]) if len(others) else (held if len(held) else buffer)
    n = max(min(n, len(pool) // 2), min(len(pool), 8))
    known = features(train[order[: max(KNOWN, half)]])
    x = known[:half]
    centres = _centres(x, rng)
    bare = Reference(
        features=features,
        real=x,
        radius=_nearest(x, K),
        centres=centres,
        shares=_shares(torch.cat([x, features(others)]) if len(others) else x, centres),
        directions=_directions(x.shape[1], seed).to(x),
        known=known,
        own=_nearest(known, 1),
        strangers=features(held) if len(held) else known[:0],
        scale={},
        normal={},
        n=n,
    )
    return _scaled(bare, pool, held, rng)


def _scaled(bare: Reference, pool: Tensor, held: Tensor, rng: torch.Generator) -> Reference:
    """Return the reference with what real examples have: the ratios' scales, and the ranges."""
    draws = [pool[torch.randperm(len(pool), generator=rng)[: bare.n]] for _ in range(DRAWS)]
    found = [_of(draw, bare) for draw in draws]
    raw = [values for values, _ in found]
    scale = {
        name: max(sum(values[name] for values in raw) / DRAWS, 1e-12)
        for name in ("diversity", "crowding", "distance")
    }
    whole = Reference(**{**bare.__dict__, "scale": scale})
    series = [measured(draw, whole)[0] for draw in draws]
    shares = [shares for _, shares in found]
    moved = [_moved(a, b) for a, b in zip(shares, shares[1:] + shares[:1], strict=True)]
    always = [name for name in series[0] if all(name in values for values in series)]
    normal = {name: _normal([values[name] for values in series]) for name in always}
    del normal["authentic"]
    normal.pop("impartial", None)
    if len(held) >= LEAST:
        normal["authentic"] = _fresh(held, whole)
    return Reference(**{**whole.__dict__, "normal": {**normal, "moved": _normal(moved)}})


def _fresh(held: Tensor, real: Reference) -> Normal:
    """Return how authentic examples are that nobody was trained on, and how sure that is."""
    share = _authentic(torch.cdist(real.features(held), real.known).min(1), real)
    smooth = (share * len(held) + 1) / (len(held) + 2)
    return Normal(share, (smooth * (1 - smooth) / min(len(held), real.n)) ** 0.5)


def _normal(values: list[float]) -> Normal:
    found = torch.tensor(values, dtype=torch.float64)
    return Normal(float(found.mean()), float(found.std()))


@torch.no_grad()
def measured(
    x: Tensor, real: Reference, before: Tensor | None = None
) -> tuple[dict[str, float], Tensor]:
    """Return the signals of samples and the shares of their cells, for the next time.

    Args:
        x: samples as networks see them, finite, (n, …).
        real: the real side.
        before: the shares of the cells at the last check-up.
    """
    values, shares = _of(x[: real.n], real)
    for name, one in real.scale.items():
        values[name] = values[name] / one
    if before is not None:
        values["moved"] = _moved(shares, before)
    return values, shares


def _of(x: Tensor, real: Reference) -> tuple[dict[str, float], Tensor]:
    y = real.features(x)
    inner, known = torch.cdist(y, y), torch.cdist(y, real.known)
    shares = _shares(y, real.centres)
    inside = known[:, : len(real.radius)] <= real.radius  # the buffer is the first of the known
    n, nearest = len(y), known.min(1)
    values = {
        "diversity": float(inner.sum()) / max(n * (n - 1), 1),
        "crowding": float(_kth(inner, THIRD).median()),
        "coverage": float(inside.any(0).double().mean()),
        "precision": float(inside.any(1).double().mean()),
        "missing": float(real.shares[shares < RARE * real.shares].sum()),
        "distance": _distance(y, real),
        "authentic": _authentic(nearest, real),
    }
    return values | _impartial(y, nearest.values, real) | _of_pictures(x), shares


def _of_pictures(x: Tensor) -> dict[str, float]:
    """Return the share of energy at the frequencies of a checkerboard, where there is any energy.

    Pictures of one colour each have none, whatever their colours.
    """
    if x.ndim != 4 or min(x.shape[2:]) < 4:
        return {}
    side = min(x.shape[2:]) // 2 * 2
    if float(x[:, :, :side, :side].flatten(2).var(2).max()) < 1e-8:
        return {}
    return {"checkerboard": checkerboard(x[:, :, :side, :side])}


def _distance(y: Tensor, real: Reference) -> float:
    lines = wasserstein_line(real.directions @ y.T, real.directions @ real.real[: len(y)].T)
    return float(lines.mean()) ** 0.5


def _authentic(nearest: Sequence[Tensor], real: Reference) -> float:
    """Return the share from the distance to the nearest known training example, and which it is."""
    distance, index = nearest
    return float((distance > real.own[index] * (1 + 1e-5)).double().mean())


def _impartial(y: Tensor, nearest: Tensor, real: Reference) -> dict[str, float]:
    """Return the signal, from the distance to the nearest known training example, (N,)."""
    strangers = real.strangers
    if len(strangers) < LEAST:
        return {}
    nearer = torch.cdist(y, strangers).min(1).values < nearest
    due = len(strangers) / (len(strangers) + len(real.known))
    return {"impartial": float(nearer.double().mean()) / due}


def _moved(now: Tensor, before: Tensor) -> float:
    return float((now - before).abs().sum()) / 2


def _nearest(x: Tensor, k: int) -> Tensor:
    """Return the distance of each row to its ``k``-th nearest other one, (N,)."""
    return _kth(torch.cdist(x, x), k)


def _kth(square: Tensor, k: int) -> Tensor:
    """Return the distance to the ``k``-th nearest other one, from all distances, (N, N)."""
    least = min(k + 1, len(square))
    return square.topk(least, 1, largest=False, sorted=True).values[:, -1]


def _shares(y: Tensor, centres: Tensor) -> Tensor:
    cell = torch.cdist(y, centres).argmin(1)
    return torch.bincount(cell, minlength=len(centres)).double() / max(len(y), 1)


def _centres(x: Tensor, rng: torch.Generator, rounds: int = 10) -> Tensor:
    """Return centres of cells by k-means, each begun far from those before it."""
    count = max(1, min(CELLS, len(x) // 8))
    first = int(torch.randint(len(x), (1,), generator=rng))
    chosen = [x[first]]
    nearest = (x - chosen[0]).norm(dim=1)
    for _ in range(count - 1):
        chosen.append(x[int(nearest.argmax())])
        nearest = torch.minimum(nearest, (x - chosen[-1]).norm(dim=1))
    centres = torch.stack(chosen)
    for _ in range(rounds):
        cell = torch.cdist(x, centres).argmin(1)
        sums = torch.zeros_like(centres).index_add_(0, cell, x)
        sizes = torch.bincount(cell, minlength=count)[:, None]
        centres = torch.where(sizes > 0, sums / sizes.clamp(min=1), centres)
    return centres


def _directions(width: int, seed: int) -> Tensor:
    if width == 1:
        return torch.ones(1, 1)
    found = torch.randn(PROJECTIONS, width, generator=generator(seed, "doctor's projections"))
    return found / found.norm(dim=1, keepdim=True)
