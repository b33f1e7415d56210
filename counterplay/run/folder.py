"""The run folder: enough to know what happened, to go on, to sample and to share.

::

    recipe.yaml  domain.json  environment.json    whole before step one
    metrics.jsonl                                 appended and flushed
    samples/00001000.png                          grids from fixed latents; real.png beside them
    checkpoints/00001000/                         the last few and the best
    report.html                                   one file, made anew at each look

One process writes (rank 0, held by a lock that dies with it); any number read meanwhile.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.run import checkpoint, log
from counterplay.run.checkpoint import Checkpoint, Score, Stateful
from counterplay.run.files import telling, write
from counterplay.run.log import Journal, NonFinite, Record, Window
from counterplay.run.place import RECIPE, appear, vacant
from counterplay.run.trackers import Trackers
from counterplay.run.writer import Writer, clear, fingerprint, lock, moment

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

__all__ = ["Restored", "Run"]

DOMAIN, ENVIRONMENT = "domain.json", "environment.json"
REPORT = "report.html"


@dataclass(frozen=True)
class Restored:
    """Where a run goes on from: rounds finished, and what a person should hear about it."""

    step: int
    notes: tuple[str, ...] = ()


class Run:
    """A run folder. Made by :meth:`create` or :meth:`open`; reading it changes nothing.

    To write into it, call :meth:`begin` first, and :meth:`finish` in the end::

        run = Run.create(path, recipe, domain, environment())     # or Run.open(path)
        restored = run.restore(state)                             # every rank
        run.begin(restored.step, log_every=50, batch=64, rank=rank)
        for step, report in train(...):
            values = run.log(step, report)          # None between records
            ...                                     # run.look(...), run.save(state)
        run.finish(step)

    Every rank may call all of it: ranks other than 0 check their reports and write nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._window = Window()
        self._writer: Writer | None = None
        self._log_every, self._keep = 1, 1

    @classmethod
    def create(
        cls,
        path: Path | str,
        recipe_yaml: str,
        domain: Mapping[str, Any],
        environment: Mapping[str, Any],
    ) -> Run:
        """Make a new run folder, with what it is to be in it, whole or not at all.

        Raises:
            UserError: when something is there already, or it cannot be written.
        """
        path = vacant(path)
        files = {
            DOMAIN: _pretty(domain),
            ENVIRONMENT: _pretty(environment),
            log.NAME: "",
            RECIPE: recipe_yaml,  # last: it is what makes a folder a run
        }
        appear(path, files)
        return cls(path)

    @classmethod
    def open(cls, path: Path | str) -> Run:
        """Open a run folder that is there.

        Raises:
            UserError: when it is not there, or is no run folder.
        """
        path = Path(path)
        if not path.exists():
            raise UserError(f"no run at {path}: nothing is there; give the folder of a run")
        missing = [n for n in (RECIPE, DOMAIN, ENVIRONMENT) if not (path / n).is_file()]
        if missing:
            raise UserError(
                f"{path} is not a run folder: it has no {' and no '.join(missing)}; "
                "give the folder that `counterplay train` printed"
            )
        return cls(path)

    @property
    def recipe_yaml(self) -> str:
        """The recipe, complete and resolved."""
        with telling(self.path / RECIPE, "read"):
            return (self.path / RECIPE).read_text(encoding="utf-8")

    @property
    def recipe(self) -> dict[str, Any]:
        """The recipe as plain data."""
        return _parsed(self.recipe_yaml)

    @property
    def domain(self) -> dict[str, Any]:
        """What the data are made of."""
        return self._json(DOMAIN)

    @property
    def environment(self) -> dict[str, Any]:
        """On what it was made."""
        return self._json(ENVIRONMENT)

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints."""
        return self.path / "checkpoints"

    def records(self) -> list[Record]:
        """Return the records that hold, in order; what a resume has superseded is left out."""
        return log.records(self.path / log.NAME)

    def pictures(self) -> dict[int, Path]:
        """Return the sample grids by step."""
        found = {int(p.stem): p for p in self._samples.glob("*.png") if p.stem.isdigit()}
        return dict(sorted(found.items()))

    def latest_good(self) -> tuple[Checkpoint | None, tuple[str, ...]]:
        """Return the newest whole checkpoint of this run, or ``None``, and notes about others.

        Raises:
            UserError: when there are some and none is whole, or it is another recipe's.
        """
        found, notes = checkpoint.latest(self.checkpoints)
        return found and self._own(found), notes

    def best(self) -> Checkpoint | None:
        """Return the best checkpoint by the score it was saved with, if any was."""
        path = checkpoint.best(self.checkpoints)
        return None if path is None else self._own(checkpoint.read(path))

    def restore(self, state: Stateful) -> Restored:
        """Put ``state`` back to the newest whole checkpoint. Writes nothing: for every rank.

        Raises:
            UserError: as :meth:`latest_good` does, and when the checkpoint does not fit.
        """
        found, notes = self.latest_good()
        if found is None:
            return Restored(0, notes)
        state.load(found.tensors, found.scalars)
        return Restored(found.step, notes)

    def amend(self, recipe_yaml: str, changes: Mapping[str, Any]) -> None:
        """Take over harmless changes of the recipe, and write down what they were.

        Raises:
            UserError: when another process writes into this run, or it cannot be written.
        """
        held = lock(self.path)
        path = self.path / log.NAME
        log.mend(path)
        journal = Journal(path)
        previous = fingerprint(self.recipe_yaml)
        event = {"event": "amend", "step": 0, "at": moment()}
        journal.write({**event, "changes": changes, "previous": previous})
        journal.sync()
        journal.close()
        write(self.path / RECIPE, recipe_yaml)
        os.close(held)

    def begin(
        self,
        step: int = 0,
        *,
        log_every: int = 50,
        batch: int = 0,
        keep: int = 3,
        rank: int = 0,
        trackers: Trackers | None = None,
        facts: Mapping[str, Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to write after ``step`` finished rounds; more than 0 is a resume.

        A resume cuts a torn line, clears what a killed writer left, removes checkpoints later
        than ``step`` and supersedes later records.

        Args:
            step: rounds finished.
            log_every: rounds between records.
            batch: examples in a round, over all processes; to count images.
            keep: how many of the last checkpoints stay.
            rank: this process's number; others than 0 only check their reports.
            trackers: where else the numbers go.
            facts: what the report should say about the data: ``name``, ``splits``, ``notes``...
            clock: seconds, monotonic.

        Raises:
            UserError: when another process writes into this run, ``step`` is not that of a
                checkpoint, or it cannot be written.
        """
        if log_every < 1 or keep < 1:
            raise UserError(f"log_every={log_every} and keep={keep} must be 1 or more")
        self._log_every, self._keep = log_every, keep
        if rank:
            return
        writer = Writer(
            self.path, step, batch, fingerprint(self.recipe_yaml), trackers or Trackers(), clock
        )
        try:
            clear(self.checkpoints, step)
        except UserError:
            writer.close()
            raise
        writer.begin(step, self.environment, facts or {})
        for later in (path for at, path in self.pictures().items() if at > step):
            later.unlink(missing_ok=True)
        writer.follow(self.recipe)
        self._writer = writer

    def log(self, step: int, report: Mapping[str, Tensor]) -> Record | None:
        """Take in a round's report; at each ``log_every``-th round write and return the record.

        Between records nothing is asked of the device.

        Raises:
            NonFinite: when a term was NaN or infinite in a round since the last record.
        """
        self._window.add(step, report)
        return None if step % self._log_every else self._record(step)

    def save(self, state: Stateful, score: Score | None = None) -> Path | None:
        """Save a checkpoint, after checking that nothing in it or before it went astray.

        Raises:
            NonFinite: when a term since the last record, or a number of the state, is not one.
            UserError: when it cannot be written; earlier checkpoints stay.
        """
        if not self._window.empty:  # or the window's record would depend on whether one resumes
            self._record(int(state.scalars()["step"]))
        if self._writer is None:
            return None
        self._checked(lambda: _no_nan(state))
        self._writer.journal.sync()
        path = checkpoint.save(self.checkpoints, state, self._writer.recipe, score)
        checkpoint.trim(self.checkpoints, self._keep)
        return path

    def look(
        self,
        step: int,
        picture: Image.Image | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> Path | None:
        """Write down a look at the samples: their picture, their metrics; renew the report.

        Args:
            step: rounds finished.
            picture: samples from fixed latents, drawn.
            metrics: as ``evaluate`` answers: ``{"metrics": {NAME: {"value", ...}}, ...}``.
        """
        if self._writer is None:
            return None
        path = None if picture is None else self._picture(f"{step:08d}.png", picture)
        self._writer.look(step, path, metrics or {})
        self.report()
        return path

    def evaluated(self, step: int, metrics: Mapping[str, Any]) -> None:
        """Write down metrics measured apart from training, and renew the report.

        Raises:
            UserError: when the folder cannot be written.
        """
        journal = Journal(self.path / log.NAME)
        journal.write({**metrics, "event": "evaluate", "step": step, "at": moment()})
        journal.close()
        self.report()

    def show_real(self, picture: Image.Image) -> Path | None:
        """Keep a picture of real examples, for the report to show beside the samples."""
        return None if self._writer is None else self._picture("real.png", picture)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Leave what is done inside, such as a look, out of the images per second."""
        writer, before = self._writer, self._writer.now() if self._writer else 0.0
        yield
        if writer is not None:
            writer.skip(writer.now() - before)

    def report(self) -> Path:
        """Make ``report.html`` anew and return its path."""
        from counterplay.run.report import report

        return write(self.path / REPORT, report(self))

    def finish(self, step: int, reason: str = "finished") -> None:
        """Write down the end, renew the report and close what is open."""
        if not self._window.empty:
            self._record(step)
        if self._writer is not None:
            self._writer.end(step, reason)
            self.report()
            self.close()

    def close(self) -> None:
        """Stop writing. Nothing is lost by not calling it."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _record(self, step: int) -> Record | None:
        means, last = self._checked(self._window.close)
        return None if self._writer is None else self._writer.record(step, means, last)

    @property
    def _samples(self) -> Path:
        return self.path / "samples"

    def _json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        try:
            with telling(path, "read"):
                return json.loads(path.read_bytes())
        except json.JSONDecodeError as error:
            raise UserError(f"{path} is not JSON ({error}); was it changed by hand?") from error

    def _picture(self, name: str, picture: Image.Image) -> Path:
        from counterplay.run.pictures import png

        with telling(self._samples):
            self._samples.mkdir(exist_ok=True)
        return write(self._samples / name, png(picture))

    def _own(self, found: Checkpoint) -> Checkpoint:
        earlier = [r["previous"] for r in log.history(self.path / log.NAME) if "previous" in r]
        if found.recipe not in (fingerprint(self.recipe_yaml), *earlier):
            raise UserError(
                f"checkpoint {found.path} was saved under another recipe than "
                f"{self.path / RECIPE}; undo the change there and give it as an option to --resume"
            )
        return found

    def _checked(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except NonFinite as error:
            steps = checkpoint.steps(self.checkpoints)
            good = f"the last good checkpoint, of step {max(steps)}, is kept" if steps else ""
            advice = f"{good or 'no checkpoint was saved yet'}; try a lower learning rate"
            if self._writer is not None:
                with suppress(UserError):  # the error itself comes first
                    self._writer.astray(error)
                    self.report()
            raise error.advise(advice) from None


def _no_nan(state: Stateful) -> None:
    step = int(state.scalars()["step"])
    for name, value in state.tensors().items():
        if value.is_floating_point() and bool(value.isnan().any()):
            raise NonFinite("", name, step, float("nan"))


def _parsed(recipe_yaml: str) -> dict[str, Any]:
    import yaml

    try:
        return dict(yaml.safe_load(recipe_yaml) or {})
    except (yaml.YAMLError, ValueError):
        return {"recipe": recipe_yaml}


def _pretty(content: Mapping[str, Any]) -> str:
    return json.dumps(log.strict(content), indent=1, ensure_ascii=False) + "\n"
