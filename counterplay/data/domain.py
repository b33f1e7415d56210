r"""What one example is, for people and for networks.

*Raw* is what people see: pictures as uint8 (N, C, H, W) in 0 … 255, vectors as float32 (N, D) in
their own units. *Encoded* is what networks see: pictures :math:`x = u / 127.5 - 1` in [-1, 1],
vectors :math:`x = (v - \mu) / \sigma` by column. ``decode`` is the inverse of ``encode``: exact
on all 256 levels of a picture, to rounding on vectors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from counterplay.data.sequence import Sequence
from counterplay.data.typed import Table
from counterplay.errors import UserError, nearest

if TYPE_CHECKING:
    import numpy as np
    import torch
    from torch import Tensor

__all__ = ["Domain", "Image", "Sequence", "Table", "Vector", "from_json"]


@dataclass(frozen=True)
class Image:
    """Square pictures.

    Attributes:
        channels: 1 (grey) or 3 (red, green, blue).
        size: height and width in pixels.
        classes: names of the classes by label, empty where there are no labels.
        levels: how many evenly spaced values a number has, from 0 to 255; 256 are all bytes.
    """

    channels: int
    size: int
    classes: tuple[str, ...] = ()
    levels: int = 256
    kind: ClassVar[str] = "image"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one example."""
        return (self.channels, self.size, self.size)

    @property
    def stretch(self) -> float:
        """log|det ∂v/∂x| of an example, v in 0 … 255 and x encoded: C H W log 127.5."""
        return math.prod(self.shape) * math.log(127.5)

    def encode(self, raw: Tensor) -> Tensor:
        """Map uint8 (N, C, H, W) to float32 in [-1, 1], on the device of ``raw``."""
        return raw.float().div_(127.5).sub_(1)

    def decode(self, x: Tensor) -> Tensor:
        """Map encoded pictures to uint8: rounded to the nearest level, clamped to 0 … 255."""
        return x.detach().float().add(1).mul_(127.5).round_().clamp_(0, 255).byte()

    def to_json(self) -> dict[str, Any]:
        """Return a dict that :func:`from_json` reads back, equal after a trip through JSON."""
        return {"kind": self.kind, **_plain(self)}


@dataclass(frozen=True)
class Vector:
    """Vectors of numbers: points, or the rows of a table.

    Attributes:
        dim: D, the number of columns.
        names: D names of columns.
        mean: D means of the training part, in the columns' own units.
        std: D standard deviations of the training part, > 0.
        classes: names of the classes by label, empty where there are no labels.
        levels: 2 where every number is 0 or 1, which networks see as -1 and 1; 0: continuous.
        low: the least of each column in the training rows of a table; empty for points.
        high: the greatest likewise.
        label: the name of a table's column of classes; empty where it has none.
        label_at: how many columns stand before it.
    """

    dim: int
    names: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...] = ()
    levels: int = 0
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    label: str = ""
    label_at: int = 0
    kind: ClassVar[str] = "vector"

    @property
    def shape(self) -> tuple[int]:
        """(D,) of one example."""
        return (self.dim,)

    @property
    def stretch(self) -> float:
        """log|det ∂v/∂x| of an example, v in the columns' own units and x encoded: Σ log σ."""
        return math.fsum(map(math.log, self.std))

    def encode(self, raw: Tensor) -> Tensor:
        """Map raw vectors (N, D) to float32 of mean 0 and deviation 1, on the device of ``raw``."""
        mean, std = _scaling(self.mean, self.std, raw.device)
        return raw.float().sub(mean).div_(std)

    def decode(self, x: Tensor) -> Tensor:
        """Map encoded vectors (N, D) to float32 in the columns' own units."""
        mean, std = _scaling(self.mean, self.std, x.device)
        return x.detach().float().mul(std).add_(mean)

    def settle(self, values: np.ndarray) -> np.ndarray:
        """Return samples (N, D) kept to the range that a table's training rows have."""
        return values.clip(*_range(self.low, self.high)) if self.low else values

    def to_json(self) -> dict[str, Any]:
        """Return a dict that :func:`from_json` reads back, equal after a trip through JSON."""
        return {"kind": self.kind, **_plain(self)}


Domain = Image | Vector | Table | Sequence


def from_json(fields_: Mapping[str, Any]) -> Domain:
    """Return the domain that ``to_json`` wrote.

    >>> from_json(Image(1, 28, ("0", "1")).to_json())
    Image(channels=1, size=28, classes=('0', '1'), levels=256)

    Raises:
        UserError: when the kind or a field is unknown, missing or of the wrong type.
    """
    own = _OWN.get(fields_.get("kind", "")) if isinstance(fields_, Mapping) else None
    if own is not None:
        return own(fields_)
    if not isinstance(fields_, Mapping) or fields_.get("kind") not in _KINDS:
        kinds = " or ".join((*_KINDS, *_OWN))
        raise UserError(f"a domain is of kind {kinds}, not {fields_!r:.80}")
    cls, given = _KINDS[fields_["kind"]], {k: v for k, v in fields_.items() if k != "kind"}
    known = [f.name for f in fields(cls)]
    for name in given:
        if name not in known:
            raise UserError(f"{name!r} is no field of a domain: {nearest(name, known)}")
    for name in known:
        if name not in {**_ADDED, **given} or not _CHECKS[name]({**_ADDED, **given}[name]):
            raise UserError(f"a domain of kind {cls.kind} needs {name}, seen {given.get(name)!r}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    domain = cls(**values)
    if isinstance(domain, Vector):
        _check_lengths(domain)
    return domain


def _plain(domain: Image | Vector) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(domain).items()}


def _check_lengths(domain: Vector) -> None:
    for name in ("names", "mean", "std", "low", "high"):
        found = len(getattr(domain, name))
        if found != domain.dim and (found or name not in _ADDED):
            raise UserError(f"a domain of {domain.dim} columns needs as many {name}, seen {found}")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are(kind: type | tuple[type, ...]) -> Callable[[object], bool]:
    return lambda v: isinstance(v, list | tuple) and all(isinstance(e, kind) for e in v)


_KINDS: dict[str, type[Image] | type[Vector]] = {"image": Image, "vector": Vector}
_OWN: dict[str, Callable[[Mapping[str, Any]], Domain]] = {
    Table.kind: Table.from_json,
    Sequence.kind: Sequence.from_json,
}
"""Kinds that read themselves."""
_ADDED = {"levels": 0, "low": (), "high": (), "label": "", "label_at": 0}
"""Fields that older run folders have not: the class's own default holds."""
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "channels": _is_count,
    "size": _is_count,
    "dim": _is_count,
    "names": _are(str),
    "classes": _are(str),
    "mean": _are((int, float)),
    "std": _are((int, float)),
    "low": _are((int, float)),
    "high": _are((int, float)),
    "levels": lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
    "label": lambda v: isinstance(v, str),
    "label_at": lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
}


SHORT = 6
"""Digits of a decimal that float32 gives back as it was."""


@lru_cache(maxsize=16)
def _range(low: tuple[float, ...], high: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds as float32, no further out when their shortest decimals are read again."""
    import numpy as np

    def inner(bound: float, towards: float) -> np.float32:
        # A long decimal was rounded when it was read, perhaps outwards: one step inwards is safe.
        near = np.float32(bound)
        digits = str(near).partition("e")[0].replace(".", "").strip("-0")
        return near if len(digits) <= SHORT else np.nextafter(near, np.float32(towards))

    least = np.array([inner(bound, math.inf) for bound in low], np.float32)
    most = np.array([inner(bound, -math.inf) for bound in high], np.float32)
    return np.minimum(least, most), most


@lru_cache(maxsize=16)
def _scaling(
    mean: tuple[float, ...], std: tuple[float, ...], device: torch.device
) -> tuple[Tensor, Tensor]:
    # Kept, so that a training loop on an accelerator does not copy them over in every round.
    import torch

    def constant(values: tuple[float, ...]) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=device)

    return constant(mean), constant(std)
