"""A training whose state is known beforehand: made sick on purpose, or healthy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from counterplay.recipes.doctoring import applied
from counterplay.recipes.registry import named
from counterplay.recipes.schema import Recipe

__all__ = ["SEEDS", "Case", "Half", "of_condition", "recipe_of"]

Half = Literal["fitted", "held"]

SEEDS = 3
"""Trainings of each case, with seeds 0, 1, 2."""

QUIET = {
    "look_every": 1_000_000,
    "checkpoint_every": 1_000_000,
    "precision": "float32",
    "decay": 0.0,
    "finish": "last",
    "patience": 0,
    "budget": None,
}
"""What a look shows is not needed here, and a training should end where its case says."""


@dataclass(frozen=True)
class Case:
    """One cause, or one healthy training; it is run with several seeds.

    Attributes:
        name: unique.
        condition: the finding that it should lead to; "" for a healthy one.
        cause: in words.
        recipe: by which it is trained, a known name.
        changes: dotted path -> value, as options of ``train``.
        also: findings that name the same sickness as well as ``condition`` does.
        why: why they do, where there are any.
        data: the name of a maker of data, see :mod:`.made`; "" for the recipe's own.
        steps: rounds.
        every: rounds between check-ups.
        after: the round after which ``late`` holds, and before which the training is healthy.
        late: changes from then on.
        half: whether thresholds may be chosen by it, or only tried on it.
    """

    name: str
    condition: str
    cause: str
    recipe: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    why: str = ""
    data: str = ""
    steps: int = 500
    every: int = 25
    after: int = 0
    late: Mapping[str, Any] = field(default_factory=dict)
    half: Half = "fitted"

    @property
    def names(self) -> frozenset[str]:
        """Every finding that names this sickness; none for a healthy one."""
        return frozenset({self.condition, *self.also} - {""})


def of_condition(
    condition: str, *cases: Case, also: tuple[str, ...] = (), why: str = ""
) -> tuple[Case, ...]:
    """Return the causes of one condition, of which every second one is held.

    Args:
        condition: the finding, "" for healthy trainings.
        cases: the causes, in the order in which they were thought of.
        also: findings that name it as well.
        why: why they do.
    """
    halves: tuple[Half, Half] = ("fitted", "held")
    return tuple(
        replace(
            case,
            condition=condition,
            also=(*also, *case.also),
            why=" ".join(filter(None, (why, case.why))),
            half=halves[i % 2],
        )
        for i, case in enumerate(cases)
    )


def recipe_of(case: Case, seed: int, late: bool = False) -> Recipe:
    """Return what is trained with ``seed``; ``late``: as it goes on after the first rounds.

    Raises:
        UserError: when a change does not fit the recipe.
    """
    steps = case.steps if late or not case.after else case.after
    changes = {**QUIET, **case.changes, **(case.late if late else {})}
    return applied(named(case.recipe), {**changes, "steps": steps, "seed": seed})
