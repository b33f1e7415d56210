"""Sequences as a person looks at them, listens to them and reads them.

Sound: a row for each, its waveform and its spectrogram (dark is loud, the lowest frequency at the
bottom). Text: its lines. Everything comes as levels (N, T), as ``Sequence.decode`` gives them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from counterplay.data.audio import expanded, to_wav
from counterplay.data.sequence import Sequence as Domain
from counterplay.data.text import to_text
from counterplay.run.axes import BACK, FAINT, GENERATED, INK, font, legible

__all__ = ["file_of", "picture", "texts"]

WIDTH, HEIGHT, SIDE, GAP = 320, 64, 56, 6
FRAME, HOP = 256, 64
FLOOR = 60.0
"""Decibels below the loudest place that are drawn white."""
COLUMNS = 72
LINE = 15
PAUSE = 0.25
"""Seconds between sounds in one file."""


def picture(levels: np.ndarray, domain: Domain, labels: Sequence[int] | None = None) -> Image.Image:
    """Draw sounds or texts, (N, T); with ``labels``, the class is written beside a sound."""
    if domain.symbols:
        return _written(texts(levels, domain))
    names = [""] * len(levels) if labels is None else [domain.classes[k] for k in labels]
    sheet = Image.new("RGB", (SIDE + 2 * WIDTH + 3 * GAP, GAP + len(levels) * (HEIGHT + GAP)), BACK)
    write = ImageDraw.Draw(sheet)
    for i, (row, name) in enumerate(zip(levels, names, strict=True)):
        sound, top = expanded(row), GAP + i * (HEIGHT + GAP)
        write.text((GAP, top + HEIGHT // 2), legible(name)[:8], INK, font(14), "lm")
        sheet.paste(_waveform(sound), (SIDE + GAP, top))
        sheet.paste(_spectrogram(sound), (SIDE + 2 * GAP + WIDTH, top))
    return sheet


def texts(levels: np.ndarray, domain: Domain) -> list[str]:
    """Return the texts of levels (N, T)."""
    return [to_text(row, domain.symbols) for row in levels]


def file_of(levels: np.ndarray, domain: Domain) -> tuple[str, bytes]:
    """Return the ending and the content of one file that holds all of (N, T).

    Sounds stand one after the other with pauses, texts with a line between them.
    """
    if domain.symbols:
        rule = "\n" + "-" * COLUMNS + "\n"
        return ".txt", (rule.join(texts(levels, domain)) + "\n").encode()
    silence = np.full(int(PAUSE * domain.rate), domain.levels // 2, np.uint8)
    pieces = [piece for row in levels for piece in (row, silence)]
    return ".wav", to_wav(np.concatenate(pieces[:-1]), domain.rate)


def _waveform(sound: np.ndarray) -> Image.Image:
    """Draw the least and the greatest sample of each column."""
    panel = Image.new("RGB", (WIDTH, HEIGHT), BACK)
    draw = ImageDraw.Draw(panel)
    draw.line([(0, HEIGHT // 2), (WIDTH, HEIGHT // 2)], FAINT)
    loudest = max(float(np.abs(sound).max()), 1e-3)
    for x, part in enumerate(np.array_split(sound / loudest, WIDTH)):
        if len(part):
            low, high = (HEIGHT / 2 * (1 - 0.95 * v) for v in (part.min(), part.max()))
            draw.line([(x, low), (x, high)], GENERATED)
    return panel


def _spectrogram(sound: np.ndarray) -> Image.Image:
    """Draw the power of short frames in decibels below the loudest."""
    sound = np.pad(sound, (0, max(0, FRAME - len(sound))))
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP] * np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames)) ** 2 + 1e-12
    decibels = 10 * np.log10(power / power.max())
    dark = np.clip(1 + decibels / FLOOR, 0, 1)
    pixels = np.round(255 * (1 - dark.T[::-1])).astype(np.uint8)
    return Image.fromarray(pixels).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR).convert("RGB")


def _written(found: Sequence[str]) -> Image.Image:
    lines: list[str] = []
    for text in found:
        for line in text.split("\n"):
            lines += textwrap.wrap(line, COLUMNS, drop_whitespace=False) or [""]
        lines.append("-" * 12)
    size = (COLUMNS * 9 + 2 * GAP, (len(lines) - 1) * LINE + 2 * GAP)
    sheet = Image.new("RGB", size, BACK)
    draw = ImageDraw.Draw(sheet)
    for i, line in enumerate(lines[:-1]):
        draw.text((GAP, GAP + i * LINE), legible(line), INK, font(13))
    return sheet
