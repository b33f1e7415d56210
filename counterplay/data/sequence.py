"""What one example of sound or of text is. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from counterplay.errors import UserError, nearest

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Sequence"]


@dataclass(frozen=True)
class Sequence:
    r"""Windows of sound or of text: every step is on one of K levels.

    Raw are the levels themselves, k in 0 … K - 1: uint8, or int16 where they are more than 256.
    Networks see :math:`2k / (K - 1) - 1`.

    Attributes:
        length: T, the steps of one example.
        levels: K.
        rate: samples a second of sound, on µ-law levels; 0 for text.
        symbols: the K characters of text; empty for sound.
        classes: names of the classes by label, empty where there are no labels.
    """

    length: int
    levels: int = 256
    rate: int = 0
    symbols: str = ""
    classes: tuple[str, ...] = ()
    kind: ClassVar[str] = "sequence"

    @property
    def shape(self) -> tuple[int]:
        """(T,) of one example."""
        return (self.length,)

    def encode(self, raw: Tensor) -> Tensor:
        """Map levels (N, T) to float32 in [-1, 1], on the device of ``raw``."""
        return raw.float().mul_(2 / (self.levels - 1)).sub_(1)

    def decode(self, x: Tensor) -> Tensor:
        """Map encoded sequences to the nearest levels."""
        top = self.levels - 1
        found = x.detach().float().add(1).mul_(top / 2).round_().clamp_(0, top)
        return found.byte() if top < 256 else found.short()

    def to_json(self) -> dict[str, Any]:
        """Return a dict that :meth:`from_json` reads back, equal after a trip through JSON."""
        return {"kind": self.kind, **asdict(self), "classes": list(self.classes)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Sequence:
        """Return the domain that ``to_json`` wrote.

        Raises:
            UserError: when a field is unknown, missing or of the wrong type.
        """
        known = [f.name for f in fields(cls)]
        values = {name: value for name, value in given.items() if name != "kind"}
        for name in values:
            if name not in known:
                raise UserError(f"{name!r} is no field of a domain: {nearest(name, known)}")
        for name, holds in _CHECKS.items():
            if name not in values or not holds(values[name]):
                raise UserError(f"a sequence needs {name}, seen {values.get(name)!r:.60}")
        found = cls(**{**values, "classes": tuple(values["classes"])})
        if found.symbols and len(found.symbols) != found.levels:
            held = f"{found.levels} levels and {len(found.symbols)} symbols"
            raise UserError(f"a text has a level for each symbol, seen {held}")
        return found


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_CHECKS = {
    "length": lambda v: _whole(v, 1),
    "levels": lambda v: _whole(v, 2),
    "rate": lambda v: _whole(v, 0),
    "symbols": lambda v: isinstance(v, str),
    "classes": lambda v: isinstance(v, list | tuple) and all(isinstance(e, str) for e in v),
}
