"""When a training ends before its last step: Ctrl-C, SIGTERM, or its minutes are over.

A first signal lets the round finish; a second one acts as it always does.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

__all__ = ["Stop"]

SIGNALS = {"Ctrl-C": signal.SIGINT, "SIGTERM": signal.SIGTERM}
ECHO = 2.0
"""Seconds in which a second signal is the first one's echo: a terminal sends Ctrl-C to torchrun and
to its processes, and torchrun passes it on to them once more."""


class Stop:
    """Watches for reasons to stop, while it is entered.

    Args:
        minutes: after which to stop, or ``None``.
        already: minutes that were spent before, by the run that is gone on with.

    Attributes:
        reason: ``""``, ``"Ctrl-C"``, ``"SIGTERM"`` or ``"budget"``.
    """

    def __init__(self, minutes: float | None = None, already: float = 0.0) -> None:
        self.reason = ""
        left = None if minutes is None else (minutes - already) * 60
        self._until = None if left is None else time.monotonic() + left
        self._before: dict[signal.Signals, object] = {}
        self._first = 0.0

    def __enter__(self) -> Stop:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._heard) for each in SIGNALS.values()}
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()

    def now(self) -> bool:
        """Return whether to stop."""
        if not self.reason and self._until is not None and time.monotonic() >= self._until:
            self.reason = "budget"
        return bool(self.reason)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if not self._first:
            self._first = time.monotonic()
            self.reason = next(name for name, each in SIGNALS.items() if each == number)
        elif time.monotonic() - self._first > ECHO:
            self._give_back()
            signal.raise_signal(number)

    def _give_back(self) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)  # type: ignore[arg-type]
        self._before = {}
