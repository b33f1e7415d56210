"""Quality, coverage and speed in one drawing."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from counterplay.recipes.comparing.rows import Row, axis

__all__ = ["trilemma"]

_WIDTH, _HEIGHT, _PAD = 560, 420, 56
_SMALL, _LARGE = 6.0, 26.0


def trilemma(rows: Sequence[Row]) -> str:
    """Return an SVG drawing: coverage across, precision up, area by samples a second (log).

    Both are shares of what real examples have: the corner at the upper right is as good as real.
    """
    points = [p for i, r in enumerate(rows) if (p := _point(r, i)) is not None]
    if not points:
        return ""
    speeds = [math.log10(speed) for *_, speed, _ in points]
    low, high = min(speeds), max(speeds)
    discs, taken = [], []
    for (name, x, y, speed, number), log in zip(points, speeds, strict=True):
        size = (log - low) / (high - low) if high > low else 0.5
        r = _SMALL + size * (_LARGE - _SMALL)
        at = _free(_x(x), _y(y) - r - 5, taken)
        discs.append(_disc(name, x, y, r, speed, number, at))
    return (
        f'<figure style="max-width: 640px"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="precision against coverage">{_axes()}{"".join(discs)}</svg>'
        "<figcaption>Across: coverage, up: precision, both as shares of what real examples have. "
        "The larger a disc, the more samples a second (log scale).</figcaption></figure>"
    )


def _point(row: Row, number: int) -> tuple[str, float, float, float, int] | None:
    quality, coverage, speed = (axis(row, name) for name in ("quality", "coverage", "speed"))
    if quality is None or coverage is None or speed is None:
        return None
    if not quality.reference or not coverage.reference:
        return None
    x, y = coverage.value / coverage.reference, quality.value / quality.reference
    return row.name, min(x, 1.1), min(y, 1.1), max(speed.value, 1e-6), number


def _x(share: float) -> float:
    return _PAD + share / 1.1 * (_WIDTH - 2 * _PAD)


def _y(share: float) -> float:
    return _HEIGHT - _PAD - share / 1.1 * (_HEIGHT - 2 * _PAD)


def _free(x: float, y: float, taken: list[tuple[float, float]]) -> float:
    """Return a height for a name at ``x`` that lies on no other name, ``y`` or above it."""
    while any(abs(x - a) < 90 and abs(y - b) < 13 for a, b in taken):
        y -= 13
    taken.append((x, y))
    return y


def _disc(name: str, x: float, y: float, r: float, speed: float, number: int, label: float) -> str:
    words = f"{name}: {speed:,.0f} samples a second"
    return (
        f'<g class="c{number % 8}"><circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{r:.1f}" '
        'fill="var(--c)" fill-opacity=".45" stroke="var(--c)">'
        f"<title>{html.escape(words)}</title></circle>"
        f'<text x="{_x(x):.1f}" y="{label:.1f}">{html.escape(name)}</text></g>'
    )


def _axes() -> str:
    lines, words = [], []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _x(share), _y(share)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0):.1f}" y2="{_y(1.1):.1f}"/>')
        lines.append(f'<line x1="{_x(0):.1f}" x2="{_x(1.1):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        words.append(f'<text x="{x:.1f}" y="{_y(0) + 18:.1f}">{share:.0%}</text>')
        words.append(f'<text class="y" x="{_x(0) - 8:.1f}" y="{y + 4:.1f}">{share:.0%}</text>')
    words.append(f'<text x="{_x(0.55):.1f}" y="{_HEIGHT - 12}">coverage</text>')
    words.append(f'<text class="y" x="{_x(0) + 8:.1f}" y="{_y(1.1) - 22:.1f}">precision</text>')
    return f'<g class="grid">{"".join(lines)}</g>{"".join(words)}'
