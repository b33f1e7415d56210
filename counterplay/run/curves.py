"""Curves as inline SVG: the records faint, their smoothed course bold, axes with round numbers."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence

__all__ = ["Series", "chart"]

Series = Sequence[tuple[float, float | None]]
"""(step, value) in order; ``None`` where the value was not finite."""

WIDTH, HEIGHT = 560, 250
LEFT, TOP, RIGHT, BOTTOM = 58, 14, WIDTH - 14, HEIGHT - 38
POINTS = 300
"""More points than this are averaged in blocks: a page stays small however long the run."""


def chart(title: str, series: Mapping[str, Series], name_y: str, level: float | None = None) -> str:
    """Return a figure with one curve for each series; ``level`` draws a dashed line at a value."""
    thin = {name: _thinned(points) for name, points in series.items()}
    smooth = {name: _smoothed(points) for name, points in thin.items()}
    frame = _frame([*thin.values()], [*smooth.values()], level)
    lines = [
        f'<path class="raw c{i % 8}" d="{_path(thin[name], frame)}"/>'
        f'<path class="curve c{i % 8}" d="{_path(smooth[name], frame)}"/>'
        for i, name in enumerate(series)
    ]
    dashed = "" if level is None else _dashed(level, frame)
    label = f'<text class="name" transform="translate(13 {(TOP + BOTTOM) / 2}) rotate(-90)">'
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">'
        f"{_grid(frame)}{dashed}{''.join(lines)}"
        f'<text class="name" x="{(LEFT + RIGHT) / 2}" y="{HEIGHT - 4}">rounds</text>'
        f"{label}{html.escape(name_y)}</text></svg>"
    )
    legend = "".join(
        f'<span><i class="c{i % 8}"></i>{html.escape(name)}</span>' for i, name in enumerate(series)
    )
    keys = f'<p class="keys">{legend}</p>' if len(series) > 1 else ""
    return f"<figure><figcaption>{html.escape(title)}</figcaption>{svg}{keys}</figure>"


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers between ``low`` and ``high``.

    >>> ticks(-1.1, 1.1)
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return [low]
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Rounded, so that 3 × 0.1 reads 0.3; plus zero, so that no tick reads -0.
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(i * step, digits) + 0.0 for i in range(first, last + 1)]


Frame = tuple[float, float, float, float]


def _thinned(points: Series) -> Series:
    if len(points) <= POINTS:
        return points
    size = math.ceil(len(points) / POINTS)
    blocks = [points[i : i + size] for i in range(0, len(points), size)]
    return [(block[-1][0], _mean([v for _, v in block if v is not None])) for block in blocks]


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _smoothed(points: Series) -> Series:
    """Return the mean of the exponential means from the left and from the right: no lag."""
    left, right = _trailing(points), _trailing(points[::-1])[::-1]
    return [
        (step, None if value is None else (before + after) / 2)
        for (step, value), before, after in zip(points, left, right, strict=True)
    ]


def _trailing(points: Series) -> list[float]:
    """Return the exponential mean up to each point; a thirtieth of the points halves a weight."""
    decay = 2 ** (-30 / max(len(points), 1)) if len(points) > 10 else 0.0
    mean, weight, means = 0.0, 0.0, []
    for _, value in points:
        if value is not None:
            mean = decay * mean + (1 - decay) * value
            weight = decay * weight + (1 - decay)
        means.append(mean / weight if weight else 0.0)
    return means


def _frame(raw: Sequence[Series], smooth: Sequence[Series], level: float | None) -> Frame:
    """Return left, right, low, high: all of the smooth course, and all but raw's rare spikes."""
    steps = [s for points in raw for s, _ in points] or [0.0]
    values = sorted(v for points in raw for _, v in points if v is not None)
    rare = len(values) // 100
    seen = values[rare : len(values) - rare] + [v for p in smooth for _, v in p if v is not None]
    seen += [] if level is None else [level]
    low, high = (min(seen), max(seen)) if seen else (0.0, 1.0)
    pad = 0.1 * (high - low) or 0.1 * abs(high) or 1.0
    # A point alone still needs a width to stand in.
    right = max(steps) if max(steps) > min(steps) else min(steps) + 1
    return min(steps), right, low - pad, high + pad


def _x(value: float, frame: Frame) -> float:
    return LEFT + (value - frame[0]) / (frame[1] - frame[0]) * (RIGHT - LEFT)


def _y(value: float, frame: Frame) -> float:
    share = (value - frame[2]) / (frame[3] - frame[2])
    return BOTTOM - min(max(share, 0.0), 1.0) * (BOTTOM - TOP)


def _path(points: Series, frame: Frame) -> str:
    parts, pen = [], "M"
    for step, value in points:
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_x(step, frame):.1f} {_y(value, frame):.1f}")
        pen = "L"
    # A path of one point draws nothing: a line of no length and a round cap draw a dot.
    return "".join(parts) + ("h0" if len(parts) == 1 else "")


def _grid(frame: Frame) -> str:
    across = "".join(
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{_y(v, frame):.1f}" y2="{_y(v, frame):.1f}"/>'
        f'<text class="y" x="{LEFT - 6}" y="{_y(v, frame) + 4:.1f}">{v:g}</text>'
        for v in ticks(frame[2], frame[3])
    )
    down = "".join(
        f'<text class="x" x="{_x(v, frame):.1f}" y="{BOTTOM + 15}">{v:,.0f}</text>'
        for v in ticks(frame[0], frame[1], 6)
        if v == int(v)
    )
    return f'<g class="grid">{across}{down}</g>'


def _dashed(level: float, frame: Frame) -> str:
    y = _y(level, frame)
    return (
        f'<line class="level" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="level" x="{RIGHT}" y="{y - 5:.1f}">real against real</text>'
    )
