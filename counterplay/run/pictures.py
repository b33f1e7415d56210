"""Samples as a person looks at them: grids of images, scatter plots and histograms of vectors.

Everything comes in the units of the data: images uint8 (N, C, H, W), vectors float (N, D).
Arrays and CPU tensors are both welcome. Real examples are grey, generated ones coloured.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageDraw, ImageFont

from counterplay.run.axes import BACK, GENERATED, INK, REAL, Axes, Font, font, legible

__all__ = ["grid", "histograms", "picture", "png", "scatter"]

CELL = 64
"""Images smaller than this many pixels are enlarged by whole factors up to it."""
GAP = 2


def picture(
    generated: ArrayLike,
    real: ArrayLike | None = None,
    *,
    labels: Sequence[int] | None = None,
    classes: Sequence[str] = (),
    names: Sequence[str] = (),
) -> Image.Image:
    """Draw samples the way that suits them.

    Args:
        generated: images uint8 (N, C, H, W), or vectors float (N, D).
        real: vectors of the data (M, D) to draw behind; images need none.
        labels: class of each image: one row of the grid a class.
        classes: the classes' names, written at their rows.
        names: the vectors' columns.

    Raises:
        ValueError: for any other shape.
    """
    generated = np.asarray(generated)
    if generated.ndim == 4:
        return grid(generated, labels=labels, classes=classes)
    if generated.ndim != 2:
        raise ValueError(f"no picture for shape {generated.shape}; (N, C, H, W) or (N, D)")
    draw = scatter if generated.shape[1] == 2 else histograms
    return draw(generated, real, names)


def grid(
    images: ArrayLike,
    *,
    columns: int | None = None,
    labels: Sequence[int] | None = None,
    classes: Sequence[str] = (),
) -> Image.Image:
    """Lay images (N, C, H, W), uint8, out in rows; small ones enlarged by a whole factor.

    Two channels show as red and green; of more than three, the first three.

    Args:
        images: uint8 (N, C, H, W).
        columns: images in a row; the square root of N, rounded up, by default.
        labels: class of each image; then each row is a class, in the order of the classes.
        classes: names of the classes, written at the left.
    """
    images = _colour(np.asarray(images))
    if labels is None:
        columns = columns or math.ceil(math.sqrt(len(images)))
        order = list(range(len(images)))
        rows = [order[i : i + columns] for i in order[::columns]]
        return _tiled(images, rows, [])
    of = np.asarray(labels)
    present = sorted(set(of.tolist()))
    rows = [np.flatnonzero(of == label).tolist() for label in present]
    texts = [str(classes[k]) if 0 <= k < len(classes) else str(k) for k in present]
    return _tiled(images, [row[:columns] for row in rows], texts)


def scatter(
    generated: ArrayLike, real: ArrayLike | None = None, names: Sequence[str] = ()
) -> Image.Image:
    """Draw generated points (N, 2) over real ones (M, 2) on equal axes.

    The frame follows the real points. Generated ones that fly far off are counted below it.
    """
    points, behind = _points(generated), _points(real)
    side = 640
    axes = Axes((side, side + 40), (60, 16, side - 16, side - 44))
    axes.fit(*_frame(points, behind), equal=True)
    name_x, name_y = _named(names, 2)
    axes.frame(name_x, name_y)
    outside = _cloud(axes, points, behind, 1.7, 170)
    missed = f" · {outside:,} outside the frame" if outside else ""
    texts = [(REAL, f"real ({len(behind):,})")] if len(behind) else []
    axes.legend([*texts, (GENERATED, f"generated ({len(points):,}){missed}")], side + 4)
    return axes.image()


def histograms(
    generated: ArrayLike, real: ArrayLike | None = None, names: Sequence[str] = (), most: int = 9
) -> Image.Image:
    """Draw a histogram of each of the first ``most`` columns, and pairs of columns below.

    Args:
        generated: vectors (N, D).
        real: vectors (M, D) of the data.
        names: the columns' names.
        most: how many columns to draw.
    """
    points, behind = _points(generated), _points(real)
    shown = min(points.shape[1], most)
    named = _named(names, points.shape[1])
    panels = [_histogram(points[:, i], _column(behind, i), named[i]) for i in range(shown)]
    pairs = list(itertools.combinations(range(min(shown, 3)), 2))
    panels += [_pair(points, behind, i, j, named) for i, j in pairs]
    width, height = panels[0].size
    rows = math.ceil(len(panels) / 3)
    sheet = Image.new("RGB", (3 * width, rows * height + 36), BACK)
    for i, panel in enumerate(panels):
        sheet.paste(panel, (i % 3 * width, i // 3 * height))
    _sheet_legend(sheet, len(points), len(behind), points.shape[1] - shown)
    return sheet


def png(image: Image.Image) -> bytes:
    """Return the image as the bytes of a PNG."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _colour(images: np.ndarray) -> np.ndarray:
    """Return uint8 (N, H, W, 3)."""
    if images.ndim != 4 or images.dtype != np.uint8:
        raise ValueError(f"a grid needs uint8 (N, C, H, W), got {images.dtype} {images.shape}")
    channels = images.shape[1]
    if channels == 1:
        images = images.repeat(3, axis=1)
    elif channels == 2:
        images = np.concatenate([images, np.zeros_like(images[:, :1])], axis=1)
    return images[:, :3].transpose(0, 2, 3, 1)


def _tiled(images: np.ndarray, rows: list[list[int]], named: list[str]) -> Image.Image:
    height, width = images.shape[1:3]
    factor = max(1, CELL // max(height, width, 1))
    step_y, step_x = height * factor + GAP, width * factor + GAP
    letters, named = font(14), [legible(name) for name in named]
    margin = max((int(letters.getlength(name)) + 16 for name in named), default=0)
    longest = max((len(row) for row in rows), default=0)
    size = (margin + longest * step_x + GAP, len(rows) * step_y + GAP)
    sheet = Image.new("RGB", size, BACK)
    draw = ImageDraw.Draw(sheet)
    for r, row in enumerate(rows):
        top = GAP + r * step_y
        if named:
            middle = (margin - 8, top + step_y // 2)
            draw.text(middle, named[r], fill=INK, font=letters, anchor=_anchor(letters, "rm"))
        for c, index in enumerate(row):
            tile = Image.fromarray(np.ascontiguousarray(images[index]))
            tile = tile.resize((width * factor, height * factor), Image.Resampling.NEAREST)
            sheet.paste(tile, (margin + GAP + c * step_x, top))
    return sheet


def _anchor(letters: Font, anchor: str) -> str | None:
    # Pillow built without FreeType has one bitmap font, which knows no anchors.
    return anchor if isinstance(letters, ImageFont.FreeTypeFont) else None


def _points(values: ArrayLike | None) -> np.ndarray:
    if values is None:
        return np.empty((0, 0))
    return np.asarray(values, dtype=np.float64)


def _column(values: np.ndarray, i: int) -> np.ndarray:
    return values[:, i] if values.size else np.empty(0)


def _named(names: Sequence[str], count: int) -> list[str]:
    return [names[i] if i < len(names) else f"x{i + 1}" for i in range(count)]


def _frame(points: np.ndarray, behind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lower and upper corner: all that is real, and what is generated not far from it."""
    basis = behind if behind.size else points
    basis = basis[np.isfinite(basis).all(axis=1)]
    if not len(basis):
        return -np.ones(2), np.ones(2)
    low, high = basis.min(axis=0), basis.max(axis=0)
    spread = np.maximum(high - low, 1e-9 * np.maximum(np.abs(high), 1))
    near = points[((points >= low - spread / 2) & (points <= high + spread / 2)).all(axis=1)]
    every = np.concatenate([basis, near])
    low, high = every.min(axis=0), every.max(axis=0)
    return low - spread * 0.06, high + spread * 0.06


def _cloud(axes: Axes, points: np.ndarray, behind: np.ndarray, radius: float, opacity: int) -> int:
    """Draw both clouds; return how many generated points are not in sight."""
    axes.dots(behind, REAL, radius, opacity)
    return len(points) - axes.dots(points, GENERATED, radius, opacity)


def _histogram(values: np.ndarray, behind: np.ndarray, name: str) -> Image.Image:
    axes = Axes((300, 220), (14, 34, 286, 186))
    low, high = _frame(values[:, None], behind[:, None])
    edges = np.linspace(low[0], high[0], 41)
    heights = [_share(v, edges) for v in (behind, values)]
    axes.fit(np.array([low[0], 0.0]), np.array([high[0], 1.08 * max(h.max() for h in heights)]))
    axes.frame(ticks_y=False)
    axes.bars(edges, heights[0], REAL)
    axes.steps(edges, heights[1], GENERATED)
    axes.title(name)
    return axes.image()


def _share(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    counts = np.histogram(values[np.isfinite(values)], bins=edges)[0]
    return counts / max(len(values), 1) + 1e-12


def _pair(points: np.ndarray, behind: np.ndarray, i: int, j: int, named: list[str]) -> Image.Image:
    axes = Axes((300, 220), (46, 34, 286, 186))
    mine = points[:, [i, j]]
    theirs = behind[:, [i, j]] if behind.size else behind
    axes.fit(*_frame(mine, theirs))
    axes.frame()
    _cloud(axes, mine, theirs, 1.0, 120)
    axes.title(f"{named[j]} over {named[i]}")
    return axes.image()


def _sheet_legend(sheet: Image.Image, generated: int, real: int, hidden: int) -> None:
    axes = Axes((sheet.width, 36), (0, 0, sheet.width, 36))
    more = f" · {hidden} more columns not drawn" if hidden else ""
    texts = [(REAL, f"real ({real:,})")] if real else []
    axes.legend([*texts, (GENERATED, f"generated ({generated:,}){more}")], 4)
    sheet.paste(axes.image(), (0, sheet.height - 36))
