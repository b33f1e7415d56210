"""What to try: for each condition changes of the recipe, the most promising first.

A remedy is data: fields by dotted path, with a ``*`` for any one name, and what to do with their
values. It is offered to a run whose recipe has the fields and where it changes something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from counterplay.doctor import plans
from counterplay.doctor.finding import Remedy
from counterplay.doctor.plans import Options, Plan

__all__ = ["REMEDIES", "offered"]

_DIVERSE = (
    *plans.CAUSES,
    plans.REGULARISED,
    plans.penalised(0.1),
    plans.PACKED,
    plans.WASSERSTEIN,
    plans.HELD,
    plans.KEPT_UP,
    *plans.SLOWER_MAKERS,
)
_ROOM = (plans.CODES, *plans.BURNT, *plans.WIDER, plans.LONGER)
"""What a model lacks that is no game against a critic."""

REMEDIES: Mapping[str, tuple[Plan, ...]] = {
    "mode-collapse": (
        *_DIVERSE,
        plans.WIDER_CRITIC,
        plans.WEAKER_PRIOR,
        *plans.BURNT,
        plans.SLOWER,
        *plans.WIDER,
    ),
    "partial-collapse": (*_DIVERSE, plans.WIDER_CRITIC, *_ROOM),
    "divergence": (
        *plans.CAUSES,
        plans.REGULARISED,
        plans.penalised(0.1),
        plans.HELD,
        plans.SLOWER,
        plans.WIDER_CRITIC,
    ),
    "crowded-modes": (
        *plans.CAUSES,
        plans.penalised(0.1),
        plans.PACKED,
        *plans.SLOWER_MAKERS,
        plans.REGULARISED,
        *_ROOM,
    ),
    "within-class-collapse": (plans.penalised(0.1), plans.PACKED, *plans.SLOWER_MAKERS, *_ROOM),
    "ignored-latent": (plans.penalised(0.1), *plans.SLOWER_MAKERS, plans.CONDITIONAL, *_ROOM),
    "ignored-condition": (
        plans.SHOWN,
        plans.CONDITIONAL,
        plans.OWN_NORMS,
        plans.SHOWN_TO_FLOW,
        plans.KEPT_UP,
        plans.FASTER_CRITIC,
        *plans.WIDER,
        plans.LONGER,
    ),
    "mode-hopping": (
        *plans.CAUSES,
        plans.REGULARISED,
        plans.penalised(0.1),
        *plans.SLOWER_MAKERS,
        plans.WASSERSTEIN,
        plans.KEPT_UP,
        plans.SLOWER,
    ),
    "vanishing-gradient": (
        plans.UNSATURATED,
        *plans.CAUSES,
        plans.WASSERSTEIN,
        plans.penalised(1.0),
        plans.HELD,
        plans.FEWER_STEPS,
        plans.SLOWER_CRITIC,
    ),
    "critic-overfitting": (
        plans.AUGMENTED,
        plans.penalised(1.0),
        plans.NOISE,
        plans.HELD,
        plans.FEWER_STEPS,
        plans.SLOWER_CRITIC,
    ),
    "critic-too-weak": (
        *plans.CAUSES,
        plans.WIDER_CRITIC,
        plans.DEEPER_CRITIC,
        plans.REGULARISED,
        plans.FASTER_CRITIC,
        plans.KEPT_UP,
        *plans.SLOWER_MAKERS,
    ),
    "exploding-gradient": (*plans.CAUSES, plans.penalised(1.0), plans.HELD, plans.SLOWER),
    "non-finite": (*plans.PACES, plans.SLOWER, plans.penalised(1.0), plans.FLOAT),
    "oscillation": (
        *plans.CAUSES,
        plans.REGULARISED,
        plans.penalised(0.1),
        plans.OPTIMISTIC,
        plans.SLOWER,
        plans.LANDING,
        plans.EMA,
    ),
    "plateau": (
        *plans.CAUSES,
        plans.penalised(0.1),
        plans.EMA,
        plans.LANDING,
        plans.SLOWER,
        *plans.WIDER,
    ),
    "checkerboard": (plans.RESIZED, plans.MIXED_CHANNELS, plans.SETTLED, plans.FADED),
    "batch-leakage": (plans.ALONE, plans.UNNORMED, plans.BIGGER_BATCH),
    "memorisation": (
        plans.AUGMENTED,
        plans.DROPPED,
        plans.DECAYED,
        *plans.SMALLER,
        plans.STOPPED,
        plans.NOISE,
    ),
    "posterior-collapse": (
        plans.WEAKER_PRIOR,
        plans.FREE,
        plans.WARMED,
        plans.FEWER_SAMPLES,
        plans.SLOWER,
    ),
    "over-regularised": (plans.WEAKER_PRIOR, plans.FEWER_SAMPLES, *plans.WIDER),
    "not-invertible": (*plans.PACES, plans.FLOAT, plans.SLOWER, *plans.FEWER_BLOCKS),
    "overfitting": (plans.STOPPED, plans.DROPPED, plans.DECAYED, *plans.SMALLER, plans.SLOWER),
    "chain-not-mixing": (*plans.PACES, plans.GIBBS, plans.SLOWER),
    "rate-too-high": (*plans.PACES, plans.SLOWER, plans.LANDING),
    "rate-too-low": (*plans.PACES, plans.FASTER),
    "data-few": (plans.AUGMENTED, plans.DROPPED, plans.DECAYED, plans.STOPPED, *plans.SMALLER),
}
"""Condition -> plans. What else is wrong with data is not mended by a recipe."""


def offered(name: str, options: Options) -> Iterator[Remedy]:
    """Yield the remedies of the condition ``name`` that change something of a recipe.

    Args:
        name: of the condition.
        options: the recipe's fields by dotted path.
    """
    seen = []
    for plan in REMEDIES.get(name, ()):
        changes = _met(plan, options)
        if changes and changes not in seen:
            seen.append(changes)
            yield Remedy(changes, plan.why)


def _met(plan: Plan, options: Options) -> dict[str, Any]:
    """Return path -> new value of what differs; {} where a field is missing or nothing differs."""
    found: dict[str, Any] = {}
    for pattern, change in plan.changes.items():
        paths = [path for path in options if fnmatchcase(path, pattern)]
        if not paths:
            return {}
        found |= {path: change(options[path]) for path in paths}
    found = found or dict(plan.beside(options))
    changed = {path: value for path, value in found.items() if value != options[path]}
    if not changed or not plan.when(options):
        return {}
    also = {p: change(options[p]) for p, change in plan.also.items() if p in options}
    more = {**also, **plan.beside(options)}
    return changed | {path: value for path, value in more.items() if value != options[path]}
