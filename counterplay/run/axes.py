"""A small plot drawn with Pillow: a frame with ticks, dots, bars and steps, smooth at the edges."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from counterplay.run.curves import ticks

__all__ = ["Axes", "font", "legible"]

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
BACK, INK, FAINT = (255, 255, 255), (51, 56, 64), (222, 225, 230)
REAL, GENERATED = (165, 171, 180), (214, 73, 51)
FINER = 2
"""Everything is drawn this many times larger and reduced: smooth edges."""


@cache
def font(size: int) -> Font:
    """Return Pillow's own font: nothing is looked for on the machine."""
    return ImageFont.load_default(size)


PLAINER = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "Ł": "L", "đ": "d"})


def legible(text: str) -> str:
    """Return ``text`` in letters that Pillow's font has, where there are such: others are boxes.

    >>> legible("Größe, façade, Łódź")
    'Grosse, facade, Lodz'
    """
    parts = unicodedata.normalize("NFKD", text.translate(PLAINER))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class Axes:
    """One panel. ``size`` is the image's (width, height), ``box`` the frame in its pixels."""

    def __init__(self, size: tuple[int, int], box: tuple[int, int, int, int]) -> None:
        self.size = size
        self.box = box
        self._image = Image.new("RGB", (size[0] * FINER, size[1] * FINER), BACK)
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.low, self.high = np.zeros(2), np.ones(2)

    def fit(self, low: np.ndarray, high: np.ndarray, equal: bool = False) -> None:
        """Show what lies between the corners; ``equal``: a unit is as long on both axes."""
        left, top, right, bottom = self.box
        if equal:
            pixels = np.array([right - left, bottom - top])
            unit = ((high - low) / pixels).max()
            middle, half = (low + high) / 2, unit * pixels / 2
            low, high = middle - half, middle + half
        self.low, self.high = low, high

    def frame(self, name_x: str = "", name_y: str = "", ticks_y: bool = True) -> None:
        """Draw the frame, its ticks and the axes' names."""
        left, top, right, bottom = self.box
        for value in ticks(self.low[0], self.high[0]):
            x, _ = self._pixel(np.array([[value, self.low[1]]]))[0] / FINER
            self._line([(x, top), (x, bottom)], FAINT)
            self.text((x, bottom + 4), f"{value:g}", "mt")
        for value in ticks(self.low[1], self.high[1]) if ticks_y else ():
            _, y = self._pixel(np.array([[self.low[0], value]]))[0] / FINER
            self._line([(left, y), (right, y)], FAINT)
            self.text((left - 5, y), f"{value:g}", "rm")
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        self._line(corners, INK)
        if name_x:
            self.text(((left + right) / 2, bottom + 20), name_x, "mt")
        if name_y:
            self._vertical(name_y)

    def dots(
        self, points: np.ndarray, colour: tuple[int, ...], radius: float, opacity: int = 170
    ) -> int:
        """Draw points (N, 2); return how many lie in the frame."""
        if not points.size:
            return 0
        inside = ((points >= self.low) & (points <= self.high)).all(axis=1)
        r = radius * FINER
        for x, y in self._pixel(points[inside]):
            self._draw.ellipse((x - r, y - r, x + r, y + r), fill=(*colour, opacity))
        return int(inside.sum())

    def bars(self, edges: np.ndarray, heights: np.ndarray, colour: tuple[int, ...]) -> None:
        """Draw filled bars between the edges."""
        base = np.zeros_like(heights)
        lower = self._pixel(np.stack([edges[:-1], base], axis=1))
        upper = self._pixel(np.stack([edges[1:], heights], axis=1))
        for (x0, y0), (x1, y1) in zip(lower, upper, strict=True):
            if y0 - y1 >= 1:
                self._draw.rectangle((x0, y1, x1, y0), fill=colour)

    def steps(self, edges: np.ndarray, heights: np.ndarray, colour: tuple[int, ...]) -> None:
        """Draw the outline of bars."""
        x = np.repeat(edges, 2)
        y = np.concatenate([[0.0], np.repeat(heights, 2), [0.0]])
        path = [tuple(p) for p in self._pixel(np.stack([x, y], axis=1))]
        self._draw.line(path, fill=colour, width=2 * FINER, joint="curve")

    def title(self, text: str) -> None:
        """Write above the frame."""
        left, top, right, _ = self.box
        self.text(((left + right) / 2, top - 7), text, "mb", 14)

    def legend(self, entries: list[tuple[tuple[int, ...], str]], y: float) -> None:
        """Write coloured names in one row, at height ``y`` of the image."""
        x = float(max(self.box[0], 16))
        for colour, text in entries:
            box = [(v * FINER) for v in (x, y + 4, x + 10, y + 14)]
            self._draw.ellipse(box, fill=colour)
            self.text((x + 16, y + 9), text, "lm", 14)
            x += 16 + font(14).getlength(text) + 28

    def text(self, at: tuple[float, float], text: str, anchor: str = "lt", size: int = 12) -> None:
        """Write ``text`` at a pixel of the image; ``anchor`` as Pillow names them."""
        letters = font(size * FINER)
        real = isinstance(letters, ImageFont.FreeTypeFont)
        place = (at[0] * FINER, at[1] * FINER)
        self._draw.text(
            place, legible(text), fill=INK, font=letters, anchor=anchor if real else None
        )

    def image(self) -> Image.Image:
        """Return the finished picture."""
        return self._image.resize(self.size, Image.Resampling.LANCZOS)

    def _vertical(self, text: str) -> None:
        text = legible(text)
        letters = font(12 * FINER)
        width, height = int(letters.getlength(text)) + 2, 16 * FINER
        patch = Image.new("RGB", (width, height), BACK)
        ImageDraw.Draw(patch).text((0, 0), text, fill=INK, font=letters)
        middle = (self.box[1] + self.box[3]) // 2 * FINER
        self._image.paste(patch.rotate(90, expand=True), (2, middle - width // 2))

    def _line(self, path: Sequence[tuple[float, float]], colour: tuple[int, ...]) -> None:
        self._draw.line([(x * FINER, y * FINER) for x, y in path], fill=colour, width=FINER)

    def _pixel(self, points: np.ndarray) -> np.ndarray:
        left, top, right, bottom = self.box
        share = (points - self.low) / np.where(self.high > self.low, self.high - self.low, 1.0)
        x = left + share[:, 0] * (right - left)
        y = bottom - share[:, 1] * (bottom - top)
        return np.stack([x, y], axis=1) * FINER
