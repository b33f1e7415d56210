r"""Coloured shapes with known factors, drawn when they are asked for: nothing is downloaded.

A picture is one shape on black. Its *factors* are what it is (shape), its colour and on which side
it lies; every combination is as frequent as any other, and the label is the combination. Where it
lies within its side, how large and how bright it is vary besides and are named by nothing.

With :math:`d(p)` the distance from a pixel's centre :math:`p` to the shape's outline, negative
inside, a pixel holds the share :math:`\min(1, \max(0, 1/2 - d(p)))` of the colour: edges are
smooth at any size. :func:`tell` reads the factors off pictures again by rules, without a
classifier: whatever makes pictures can be asked what it has made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import numpy as np

from counterplay.data.examples import Asked, Examples, digest
from counterplay.data.sizes import check_size
from counterplay.data.store import CHUNK, settle
from counterplay.errors import UserError

__all__ = ["FACTORS", "classes", "codes", "draw", "read_shapes", "tell"]

COUNT = 20_000
"""Pictures, of which a seeded tenth each is validation and test."""

SIZE = 16
"""Their side when nobody asks for one."""

FACTORS: Mapping[str, tuple[str, ...]] = {
    "shape": ("disc", "square", "triangle", "cross"),
    "colour": ("red", "green", "blue", "yellow"),
    "side": ("left", "right"),
}
"""Name of a factor -> its values, in the order of their codes."""

_PALETTE = np.array([[1.0, 0.1, 0.1], [0.1, 1.0, 0.1], [0.15, 0.25, 1.0], [1.0, 1.0, 0.1]])
_RADII = (0.16, 0.22)
_CENTRES = (0.28, 0.72)
_WANDERS, _RISES = 0.05, 0.18

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(x, y), in radii, from the centre of mass -> distance to the outline, negative inside."""


def _disc(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.hypot(x, y) - 1


def _square(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(abs(x), abs(y)) - 0.88


def _triangle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    # Three lines at the inner radius; y grows downwards, the tip is above.
    slanted = 0.5 * np.sqrt(3.0) * abs(x) - 0.5 * y
    return np.maximum(slanted, y) - 0.66


def _cross(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    bars = [np.maximum(abs(a) - 1.1, abs(b) - 0.36) for a, b in ((x, y), (y, x))]
    return np.minimum(*bars)


_OUTLINES: tuple[Distance, ...] = (_disc, _square, _triangle, _cross)


def classes() -> tuple[str, ...]:
    """Return the names of the labels: every combination of the factors, the last turning first.

    >>> classes()[:2]
    ('disc red left', 'disc red right')
    """
    return tuple(" ".join(words) for words in product(*FACTORS.values()))


def codes(labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return each factor's codes, int64 (N,), of labels (N,)."""
    sizes = [len(values) for values in FACTORS.values()]
    return dict(zip(FACTORS, np.unravel_index(np.asarray(labels), sizes), strict=True))


def _label(found: Mapping[str, np.ndarray]) -> np.ndarray:
    sizes = [len(values) for values in FACTORS.values()]
    return np.ravel_multi_index(tuple(found[name] for name in FACTORS), sizes).astype(np.int64)


def _share(kinds: np.ndarray, centres: np.ndarray, radii: np.ndarray, size: int) -> np.ndarray:
    """Return which share of each pixel lies within the shape, float32 (N, size, size).

    Args:
        kinds: codes of the shapes, (N,).
        centres: x and y in shares of the side, (N, 2).
        radii: likewise, (N,).
        size: the side in pixels.
    """
    ticks = (np.arange(size) + 0.5) / size
    x = (ticks - centres[:, :1])[:, None, :] / radii[:, None, None]
    y = (ticks - centres[:, 1:])[:, :, None] / radii[:, None, None]
    away = np.empty((len(kinds), size, size))
    for kind, outline in enumerate(_OUTLINES):
        where = kinds == kind
        away[where] = outline(x[where], y[where])
    return np.clip(0.5 - away * radii[:, None, None] * size, 0, 1).astype(np.float32)


def draw(labels: np.ndarray, size: int, seed: int = 0) -> np.ndarray:
    """Return pictures of the labels (N,): uint8 (N, 3, ``size``, ``size``).

    Place, size and brightness are uniform, a function of ``seed`` and of the place in ``labels``.
    """
    found = codes(labels)
    u = np.random.default_rng((seed, 0x5A)).random((len(labels), 4))
    across = np.array(_CENTRES)[found["side"]] + _WANDERS * (2 * u[:, 0] - 1)
    down = 0.5 + _RISES * (2 * u[:, 1] - 1)
    radii = _RADII[0] + (_RADII[1] - _RADII[0]) * u[:, 2]
    share = _share(found["shape"], np.stack([across, down], 1), radii, size)
    colour = _PALETTE[found["colour"]] * (0.8 + 0.2 * u[:, 3:])
    return np.round(255 * share[:, None] * colour[:, :, None, None]).astype(np.uint8)


def read_shapes(asked: Asked) -> Examples:
    """Return 20,000 shapes, as many of each combination as of any other.

    Raises:
        UserError: when columns are to be dropped, or labels to be replaced.
    """
    if asked.drop or asked.labels not in (None, True, False):
        raise UserError(
            "'shapes' are pictures with labels of their own: drop= and labels= "
            "name columns; labels=False leaves the labels out"
        )
    size = SIZE if asked.size is None else check_size(asked.size)
    labels = np.arange(COUNT) % len(classes())
    labels = np.random.default_rng(0x5A).permutation(labels)
    key = digest("shapes", 1, size, asked.labels is False)
    known = asked.labels is not False

    def chunks() -> Iterator[np.ndarray]:
        for at in range(0, COUNT, CHUNK):
            yield draw(labels[at : at + CHUNK], size, seed=at)

    return settle(
        key,
        COUNT * 3 * size * size,
        asked.cache,
        lambda keep: Examples(
            keep(chunks(), COUNT, (3, size, size), np.dtype(np.uint8)),
            key,
            labels=labels if known else None,
            classes=classes() if known else (),
        ),
    )


_GUESSES = np.linspace(_RADII[0] - 0.03, _RADII[1] + 0.03, 6)


def tell(pictures: np.ndarray) -> dict[str, np.ndarray]:
    """Read the factors off pictures of shapes, uint8 (N, 3, S, S), by rules.

    The side is that of the centre of mass of the brightest channel; the colour is the palette's
    with the smallest angle to the sum of the pixels; the shape is the one whose drawing at that
    centre, of the radius that fits best, is nearest in least squares.

    Returns:
        Each factor's codes, int64 (N,); ``"label"``, those of the combination; and ``"error"``,
        the squares left over the squares there were, (N,): about .01 for a shape well drawn, 1
        for a picture that is none.
    """
    parts = [_told(pictures[at : at + CHUNK]) for at in range(0, len(pictures), CHUNK)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _told(pictures: np.ndarray) -> dict[str, np.ndarray]:
    x = pictures.astype(np.float64) / 255
    size = x.shape[-1]
    ink = x.max(1)
    ink = np.where(ink > 0.15, ink, 0) + 1e-9  # a generator's black is not quite black
    mass, ticks = ink.sum((1, 2)), (np.arange(size) + 0.5) / size
    centres = np.stack([(ink.sum(1) @ ticks) / mass, (ink.sum(2) @ ticks) / mass], 1)
    light = (x * (ink > 0.15)[:, None]).sum((2, 3)) + 1e-9
    unit = _PALETTE / np.linalg.norm(_PALETTE, axis=1, keepdims=True)
    shape, error = _fitted(ink, centres, size)
    found = {
        "shape": shape,
        "colour": ((light / np.linalg.norm(light, axis=1, keepdims=True)) @ unit.T).argmax(1),
        "side": (centres[:, 0] > 0.5).astype(np.int64),
    }
    return {**found, "label": _label(found), "error": error}


def _fitted(ink: np.ndarray, centres: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the shape that is nearest to each drawing, and the share of squares left over."""
    n, whole = len(ink), np.square(ink).sum((1, 2))
    errors = np.empty((len(_OUTLINES), n))
    for kind in range(len(_OUTLINES)):
        fits = []
        for radius in _GUESSES:
            drawn = _share(np.full(n, kind), centres, np.full(n, radius), size)
            along = (drawn * ink).sum((1, 2))
            fits.append(1 - along**2 / (np.square(drawn).sum((1, 2)) * whole))
        errors[kind] = np.min(fits, axis=0)
    return errors.argmin(0), errors.min(0)
