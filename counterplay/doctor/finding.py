"""What the doctor says: a condition by its name, since when, on what evidence, and what to try."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["ORDER", "Figure", "Finding", "Remedy", "Severity", "from_json"]

Severity = Literal["sick", "warning", "note", "healthy"]

ORDER: tuple[Severity, ...] = ("sick", "warning", "note", "healthy")
"""From what stops a training to what does not."""


@dataclass(frozen=True)
class Figure:
    """A signal as evidence, with its normal range in this run.

    Attributes:
        signal: its name.
        value: what was measured; infinite or NaN only where that is the finding.
        low: the least that would be normal here, or ``None`` where there is no such bound.
        high: the most, likewise.
        basis: where the range comes from, in a few words.
    """

    signal: str
    value: float
    low: float | None = None
    high: float | None = None
    basis: str = ""

    def __str__(self) -> str:
        low, high = (None if v is None else f"{v:.3g}" for v in (self.low, self.high))
        match low, high:
            case None, None:
                bounds = ""
            case None, _:
                bounds = f" (normal: up to {high})"
            case _, None:
                bounds = f" (normal: from {low})"
            case _:
                bounds = f" (normal: {low} to {high})"
        return f"{self.signal} {self.value:.3g}{bounds}"


@dataclass(frozen=True)
class Remedy:
    """A change of the recipe, and why it should help.

    Attributes:
        changes: dotted path of a field -> its new value.
        why: one sentence.
    """

    changes: Mapping[str, Any]
    why: str

    @property
    def options(self) -> str:
        """The change as it is given on the command line.

        >>> Remedy({"game.critic.lr": 1e-4, "game.conditional": False}, "").options
        '--game.critic.lr 0.0001 --game.no-conditional'
        """
        return " ".join(_option(path, value) for path, value in self.changes.items())


def _option(path: str, value: Any) -> str:
    head, _, tail = path.replace("_", "-").rpartition(".")
    prefix = f"--{head}." if head else "--"
    if isinstance(value, bool):
        return f"{prefix}{'' if value else 'no-'}{tail}"
    words = " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return f"{prefix}{tail} {words}"


@dataclass(frozen=True)
class Finding:
    """One condition that holds.

    Attributes:
        name: of the condition.
        severity: "sick" (samples are or will be bad), "warning", "note", or "healthy".
        since: the first round of the check-up from which on it has held.
        step: the round of the last check-up.
        confidence: 1 − 2^(−k) for k check-ups in a row that show it; 1 for what is certain.
        meaning: one plain sentence.
        figures: the evidence.
        remedies: what to change, the most promising first.
        picture: path of the picture that shows it, relative to the run folder, or "".
    """

    name: str
    severity: Severity
    since: int
    step: int
    confidence: float
    meaning: str
    figures: tuple[Figure, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    picture: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain data, whose remedies also have their ``options``."""
        told = [{**asdict(r), "options": r.options} for r in self.remedies]
        plain = {**asdict(self), "remedies": told}
        return {**plain, "figures": [_finite(asdict(f)) for f in self.figures]}


def _finite(figure: dict[str, Any]) -> dict[str, Any]:
    value = figure["value"]
    return figure if math.isfinite(value) else {**figure, "value": str(value)}


def from_json(plain: Mapping[str, Any]) -> Finding:
    """Return the finding that :meth:`Finding.to_json` wrote; what it does not know is left out."""
    known: dict[str, Any] = {k: plain[k] for k in Finding.__dataclass_fields__ if k in plain}
    figures = [{**f, "value": float(f["value"])} for f in _list(plain, "figures")]
    remedies = [Remedy(r["changes"], r["why"]) for r in _list(plain, "remedies")]
    made = tuple(Figure(**f) for f in figures)
    return Finding(**{**known, "figures": made, "remedies": tuple(remedies)})


def _list(plain: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return plain.get(name) or ()
