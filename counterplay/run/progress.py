"""What a person sees while it trains: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Progress", "duration"]


class Progress:
    """Progress of a training, on rank 0 alone.

    On a terminal it is a bar that stays in place; otherwise a plain line appears at most every
    ``seconds``. It draws only when it is updated: no thread of its own.

    Args:
        total: the round at which training ends.
        start: the round it begins from: that of the checkpoint when it is resumed.
        rank: this process's number; every other than 0 is silent.
        stream: where to; standard error by default, so that output can be piped.
        seconds: between plain lines.
        clock: seconds, monotonic.

    Example:
        with Progress(1000) as progress:
            progress.update(10, 3000.0, {"critic/adversarial": 1.3}, None)
    """

    def __init__(
        self,
        total: int,
        start: int = 0,
        rank: int = 0,
        stream: TextIO | None = None,
        seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total, self.start, self.step = total, start, start
        self._stream = stream or sys.stderr
        self._silent = rank != 0
        self._terminal = self._stream.isatty()
        self._seconds = 0.1 if self._terminal else seconds
        self._clock = clock
        self._began = self._shown = clock()
        self._told = start
        self._speed: float | None = None
        self._values: dict[str, float] = {}
        self._picture: Path | None = None
        self._health = ""
        self._live = None

    def __enter__(self) -> Progress:
        if self._terminal and not self._silent:
            from rich.console import Console
            from rich.live import Live

            console = Console(file=self._stream)
            self._live = Live(self._drawn(), console=console, auto_refresh=False)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.update(self._drawn(), refresh=True)
            self._live.stop()
            self._live = None
        elif self.step != self._told:
            self._print(self.line())

    def update(
        self,
        step: int,
        images_per_second: float | None = None,
        values: Mapping[str, float] | None = None,
        picture: Path | None = None,
        health: str | None = None,
    ) -> None:
        """Say how far it is. What is not given stays as it was."""
        self.step = step
        self._speed = images_per_second or self._speed
        self._values = dict(values) if values else self._values
        self._picture = picture or self._picture
        self._health = health or self._health
        now = self._clock()
        if now - self._shown >= self._seconds:
            self._shown, self._told = now, step
            self._show()

    def say(self, text: str) -> None:
        """Print a line that stays, above the live one."""
        if self._live is not None:
            self._live.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._print(text)

    def line(self) -> str:
        """Return everything in one plain line."""
        share = f"{self.step / max(self.total, 1):.0%}"
        parts = [f"step {self.step:,} of {self.total:,} ({share})", *self._figures()]
        return " · ".join([*parts, *([str(self._picture)] if self._picture else [])])

    def left(self) -> float | None:
        """Return the seconds left at the pace since the start, pictures and metrics included."""
        done, elapsed = self.step - self.start, self._clock() - self._began
        return elapsed / done * max(self.total - self.step, 0) if done > 0 else None

    def _figures(self) -> list[str]:
        left = self.left()
        speed = [f"{self._speed:,.0f} images/s"] if self._speed else []
        rest = [f"{duration(left)} left"] if left is not None else []
        health = [self._health] if self._health and self._live is None else []
        terms = [f"{name} {value:.4g}" for name, value in self._values.items()]
        return speed + rest + health + terms

    def _show(self) -> None:
        if self._live is not None:
            self._live.update(self._drawn(), refresh=True)
        else:
            self._print(self.line())

    def _print(self, text: str) -> None:
        if not self._silent:
            print(text, file=self._stream, flush=True)

    def _drawn(self) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        row = Table.grid(padding=(0, 2))
        figures = self._figures()
        count = len(figures) - len(self._values)
        row.add_row(
            ProgressBar(max(self.total, 1), self.step, width=28),
            Text(f"{self.step:,}/{self.total:,}"),
            Text(" · ".join(figures[:count])),
        )
        rows: list[RenderableType] = [row]
        if self._values:
            rows.append(Text("  ".join(figures[count:]), style="dim"))
        if self._health:
            rows.append(Text(self._health))
        if self._picture:
            rows.append(Text(str(self._picture), style="dim"))
        return Group(*rows)


def duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> duration(42), duration(130), duration(7260)
    ('42 s', '2 min 10 s', '2 h 1 min')
    """
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
