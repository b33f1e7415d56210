"""A training whose state is known beforehand: made sick on purpose, or healthy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from counterplay.recipes.altered import applied
from counterplay.recipes.registry import named
from counterplay.recipes.schema import Recipe

__all__ = ["SEEDS", "Case", "Half", "of_condition", "recipe_of"]

Half = Literal["fitted", "seen", "held"]
"""By which thresholds are chosen; held once and looked at since; held."""

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
        proof: rounds to which the training goes on, unseen by the doctor, before it is measured:
            what is only slow is healthy, and what mends itself is not sick; 0: ``steps``.
        half: whether thresholds are chosen by it, or only tried on it.
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
    proof: int = 0
    half: Half = "fitted"

    @property
    def names(self) -> frozenset[str]:
        """Every finding that names this sickness; none for a healthy one."""
        return frozenset({self.condition, *self.also} - {""})


ALSO: Mapping[str, tuple[tuple[str, ...], str]] = {
    "mode-collapse": (
        ("mode-hopping",),
        "A collapse that moves from mode to mode is one all the same.",
    ),
    "partial-collapse": (
        ("mode-collapse", "mode-hopping", "crowded-modes"),
        "Modes that are lost, whatever becomes of the rest.",
    ),
    "mode-hopping": (
        ("oscillation", "mode-collapse"),
        "Where a hopping generator is looked at, it is in one mode.",
    ),
    "critic-overfitting": (("memorisation",), "Samples that are copies are what comes of it."),
    "critic-too-weak": (
        ("mode-collapse", "partial-collapse", "divergence", "mode-hopping"),
        "Whatever a generator does that nobody judges.",
    ),
    "rate-too-high": (
        (
            "divergence",
            "exploding-gradient",
            "non-finite",
            "oscillation",
            "mode-collapse",
            "mode-hopping",
            "posterior-collapse",
            "vanishing-gradient",
        ),
        "Large moves end in any of these ways.",
    ),
    "posterior-collapse": (("mode-collapse",), "One picture of all latents."),
    "over-regularised": (("posterior-collapse",), "The same pull, only stronger."),
    "overfitting": (("memorisation",), "Copies are what comes of it."),
    "memorisation": (("overfitting", "critic-overfitting"), "Learnt by heart, seen in costs."),
    "chain-not-mixing": (
        ("rate-too-high", "mode-collapse", "mode-hopping"),
        "The rate is what stops the chains.",
    ),
    "not-invertible": (
        ("non-finite", "rate-too-high", "divergence", "exploding-gradient"),
        "A likelihood of such a flow is soon none, and the rate is the cause.",
    ),
}
"""Condition -> findings that name it as well as its own does, and why they do."""


def of_condition(
    condition: str, *cases: Case, halves: tuple[Half, ...] = ("fitted", "seen")
) -> tuple[Case, ...]:
    """Return the causes of one condition, in turns of these halves.

    Args:
        condition: the finding, "" for healthy trainings.
        cases: the causes, in the order in which they were thought of.
        halves: of the first case, of the second, and so on from the start.
    """
    also, why = ALSO.get(condition, ((), ""))
    return tuple(
        replace(
            case,
            condition=condition,
            also=(*also, *case.also),
            why=" ".join(filter(None, (why, case.why))),
            half=halves[i % len(halves)],
        )
        for i, case in enumerate(cases)
    )


def recipe_of(case: Case, seed: int, late: bool = False, steps: int = 0) -> Recipe:
    """Return what is trained with ``seed``; ``late``: as it goes on after the first rounds.

    Args:
        case: the case.
        seed: of the training.
        late: whether what comes late has come.
        steps: rounds; those of the case when 0.

    Raises:
        UserError: when a change does not fit the recipe.
    """
    steps = steps or (case.steps if late or not case.after else case.after)
    changes = {**QUIET, **case.changes, **(case.late if late else {})}
    return applied(named(case.recipe), {**changes, "steps": steps, "seed": seed})
