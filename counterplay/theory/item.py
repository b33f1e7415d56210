"""What a topic of the theory is: numbers, checks against an independent computation, a picture.

Imports neither torch nor matplotlib: topics import them inside the functions that need them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from counterplay.errors import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

__all__ = ["Check", "Item", "Side", "Value", "inside"]

Side = Literal["equal", "at most", "at least"]
"""How a value must stand to the independent one."""


@dataclass(frozen=True)
class Value:
    """A computed number.

    Attributes:
        value: the number, or a small array of numbers.
        error: its stated bound or half-width; 0 where it is exact up to rounding.
        method: how it was computed, in a few words: "closed form", "quadrature", "Monte Carlo".
    """

    value: float | NDArray[Any]
    error: float = 0.0
    method: str = "closed form"


@dataclass(frozen=True)
class Check:
    """A value against the same thing computed another way: one line of ``theory --check``.

    >>> Check("ln 2", 0.6931, math.log(2), 1e-3, "table against log").passes
    True
    >>> Check("KL", math.inf, math.inf, 0, "two ways").difference
    0.0
    >>> Check("a bound", 1.5, 2.0, 0, "ELBO against log p", side="at most").passes
    True

    Attributes:
        what: what is compared.
        value: as the topic computes it.
        independent: the same by the other method.
        bound: largest difference with which the check passes.
        how: both methods, the value's first: "linear program against CDF sum".
        side: "equal", or that the value is "at most" or "at least" the independent one; the
            difference is then by how much it is not.
    """

    what: str
    value: float
    independent: float
    bound: float
    how: str
    side: Side = "equal"

    @property
    def difference(self) -> float:
        """Return how far the two are apart; not a number where one of them is none."""
        if self.value == self.independent:
            return 0.0
        signed = float(self.value) - float(self.independent)
        return {"equal": abs(signed), "at most": _over(signed), "at least": _over(-signed)}[
            self.side
        ]

    @property
    def passes(self) -> bool:
        """Return whether the difference is within the bound; what is not a number never is."""
        return self.difference <= self.bound


@dataclass(frozen=True)
class Item:
    """One result of the theory, computed: a row of a topic file's table ``ITEMS``.

    Attributes:
        name: as it is typed: ``counterplay theory NAME``.
        title: one line, as in a list of contents.
        derivation: one line of mathematics that says why the number is what it is.
        parameters: a frozen dataclass with a default and a help string for each field; its fields
            are the options of the command line.
        compute: parameters -> named values.
        checks: parameters -> the values against independent computations.
        figure: (parameters, an empty figure) -> None; draws the slide's picture.
        frames: parameters -> the frames of an animation, each of which draws itself on an empty
            figure; ``None`` where nothing moves.
        size: the figure's (width, height) in inches.
    """

    name: str
    title: str
    derivation: str
    parameters: type
    compute: Callable[[Any], dict[str, Value]]
    checks: Callable[[Any], list[Check]]
    figure: Callable[[Any, Figure], None]
    frames: Callable[[Any], Sequence[Callable[[Figure], None]]] | None = None
    size: tuple[float, float] = (6.4, 4.0)


def inside(what: str, value: float, low: float, high: float) -> None:
    """Refuse a parameter outside [low, high].

    Raises:
        UserError: naming the parameter and its range.
    """
    if not low <= value <= high:
        raise UserError(f"{what}: expected a number from {low:g} to {high:g}, got {value:g}")


def _over(signed: float) -> float:
    # Written so that what is not a number stays so: max(0, nan) is 0.
    return signed if math.isnan(signed) or signed > 0 else 0.0
