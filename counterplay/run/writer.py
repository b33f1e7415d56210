"""The one process that writes into a run folder, and what it holds open."""

from __future__ import annotations

import hashlib
import json
import os
import weakref
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from counterplay.errors import UserError
from counterplay.run import checkpoint, log
from counterplay.run.environment import environment
from counterplay.run.files import telling
from counterplay.run.log import Journal, NonFinite, Record
from counterplay.run.trackers import Trackers

__all__ = ["Writer", "fingerprint", "lock"]

Clock = Callable[[], float]


class Writer:
    """Appends to the records of the run at ``path``, from ``step`` finished rounds on.

    ``batch`` is the number of examples in a round, ``recipe`` the recipe's fingerprint.
    """

    def __init__(
        self, path: Path, step: int, batch: int, recipe: str, trackers: Trackers, clock: Clock
    ) -> None:
        self.recipe = recipe
        self._path, self._batch = path, batch
        self._trackers = trackers
        self._clock = clock
        self._unlock = weakref.finalize(self, os.close, lock(path))
        log.mend(path / log.NAME)
        earlier = log.records(path / log.NAME)
        times = [r["time"] for r in earlier if r.get("step", 0) <= step and "time" in r]
        self._origin = clock() - max(times, default=0.0)
        self._last = (step, clock())
        self._fresh = not any(r.get("event") == "start" for r in earlier)
        self.journal = Journal(path / log.NAME)

    def begin(self, step: int, before: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Write down the start; or the resume, what it supersedes and what has changed since."""
        if self._fresh:
            self._event("start", step, facts)
        else:
            now = environment()
            changed = {k: v for k, v in now.items() if before.get(k) != v and k != "command"}
            self._event(
                "resume", step, {**facts, "command": now["command"], "environment": changed}
            )
        self.journal.sync()

    def follow(self, config: Mapping[str, Any]) -> None:
        """Open the trackers."""
        self._trackers.begin(self._path, config)

    def record(self, step: int, means: dict[str, float], last: dict[str, float]) -> Record:
        """Write the record of the window that ends with ``step``."""
        before, then = self._last
        now = self._clock()
        self._last = (step, now)
        record: Record = {"step": step, "time": self._time(now), "images": step * self._batch}
        if self._batch and now > then:
            record["images_per_second"] = round((step - before) * self._batch / (now - then), 1)
        self.journal.write({**record, **means, "last": last})
        self._trackers.log(step, {**record, **means})
        return {**record, **means, "last": last}

    def look(self, step: int, picture: Path | None, metrics: Mapping[str, Any]) -> None:
        """Write down a look."""
        named = {"picture": str(picture.relative_to(self._path))} if picture else {}
        self._event("look", step, {**named, **metrics})
        values = {k: m.get("value") for k, m in metrics.get("metrics", {}).items()}
        self._trackers.log(step, {k: v for k, v in values.items() if v is not None})
        if picture:
            self._trackers.picture(step, picture)

    def astray(self, error: NonFinite) -> None:
        """Write down what became non-finite."""
        found = {"player": error.player, "term": error.term, "value": error.value}
        self._event("nonfinite", error.step, found)

    def end(self, step: int, reason: str) -> None:
        """Write down the end."""
        self._event("end", step, {"reason": reason})

    def now(self) -> float:
        """Return the clock's seconds."""
        return self._clock()

    def skip(self, seconds: float) -> None:
        """Leave these seconds out of the images per second."""
        step, then = self._last
        self._last = (step, then + seconds)

    def close(self) -> None:
        """Close the trackers and the journal, and let go of the lock."""
        self._trackers.finish()
        self.journal.close()
        self._unlock()

    def _event(self, event: str, step: int, more: Mapping[str, Any]) -> None:
        now = self._time(self._clock())
        stamp = {"event": event, "step": step, "time": now, "images": step * self._batch}
        self.journal.write({**stamp, "at": moment(), **more, **stamp})

    def _time(self, now: float) -> float:
        return round(now - self._origin, 3)


def moment() -> str:
    """Return the date and time, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def fingerprint(recipe_yaml: str) -> str:
    """Return the recipe's fingerprint: of what it says, whatever its layout and comments."""
    import yaml

    try:
        said = json.dumps(yaml.safe_load(recipe_yaml), sort_keys=True, default=str)
    except yaml.YAMLError:
        said = recipe_yaml
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def clear(folder: Path, step: int) -> None:
    """Clear what a killed writer left in the folder of checkpoints, and all later than ``step``.

    Raises:
        UserError: when there are checkpoints and none is of ``step``: nothing was removed.
    """
    checkpoint.tidy(folder)
    found = checkpoint.steps(folder)
    if found and step not in found:
        raise UserError(
            f"{folder} has checkpoints of steps {', '.join(map(str, found))} and none of {step}; "
            "go on from one of them"
        )
    for later in (path for at, path in found.items() if at > step):
        checkpoint.remove(later)


def lock(path: Path) -> int:
    """Return a descriptor that holds the run's lock until it is closed or the process dies.

    A record lock: unlike flock's, no forked data worker inherits it, so none outlives a kill.

    Raises:
        UserError: when another process holds it.
    """
    with telling(path):
        descriptor = os.open(path / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        import fcntl

        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        os.close(descriptor)
        raise UserError(
            f"another process is training into {path}; wait for it, stop it, "
            "or choose another --out"
        ) from None
    except (ImportError, OSError):  # Windows, or a file system without locks: nothing to hold
        pass
    return descriptor
