"""What to try: for each condition changes of the recipe, the most promising first.

A remedy is data: fields by dotted path, with a ``*`` for any one name, and what to do with their
values. It is offered to a run whose recipe has the fields and where it changes something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from counterplay.doctor.finding import Remedy

__all__ = ["REMEDIES", "Plan", "offered"]

Options = Mapping[str, Any]
Change = Callable[[Any], Any]


def to(value: Any) -> Change:
    """Return the change to ``value``."""
    return lambda _: value


def times(factor: float) -> Change:
    """Return multiplication, of a number; whole numbers stay whole and at least one."""

    def change(value: Any) -> Any:
        if isinstance(value, int):
            return max(1, round(value * factor))
        return float(f"{value * factor:.6g}")

    return change


def least(value: float) -> Change:
    """Return the change to ``value`` where it was less."""
    return lambda old: max(old or 0, value)


def most(value: float) -> Change:
    """Return the change to ``value`` where it was more."""
    return lambda old: min(old, value)


def more(factor: float, start: float) -> Change:
    """Return multiplication, or ``start`` where there was none."""

    def change(old: Any) -> Any:
        return times(factor)(old) if old else start

    return change


@dataclass(frozen=True)
class Plan:
    """A remedy before it meets a recipe: path -> change, and why.

    Attributes:
        changes: each of them must find a field.
        why: one sentence.
        also: changes that are made where there is such a field.
        when: of which recipes it is a remedy, by their fields.
    """

    changes: Mapping[str, Change]
    why: str
    also: Mapping[str, Change] = field(default_factory=dict)
    when: Callable[[Options], bool] = bool


_UNCOUPLED = {
    "game.networks.critic_norm": lambda old: "none" if old == "batch" else old,
}
"""A penalty of slopes refuses batch norm in the critic."""


def _penalised(weight: float) -> Plan:
    return Plan(
        {"game.r1": more(10.0, weight)},
        "R1 keeps the critic's slope where the data are, so that it does not chase the samples",
        also=_UNCOUPLED,
    )


_REGULARISED = Plan(
    {"game.cost": to("relativistic"), "game.r1": least(0.1), "game.r2": least(0.1)},
    "each sample is held against a real one, which leaves no reward for dropping modes, and both "
    "penalties make the game converge (Huang et al., 2024)",
    also={**_UNCOUPLED, "game.clip": to(0.0), "game.penalties.gradient": to(0.0)},
)
_PACKED = Plan({"game.pack": least(2)}, "a critic of pairs sees that samples are alike")
_PENALTY = Plan(
    {"game.penalties.gradient": more(1.0, 0.1), "game.cost": to("wasserstein")},
    "a Wasserstein critic goes on telling the way when it is sure",
    also=_UNCOUPLED,
)
_SLOWER_CRITIC = Plan({"game.critic.lr": times(0.25)}, "the critic should not run ahead so far")
_FASTER_CRITIC = Plan({"game.critic.lr": times(4)}, "the critic has to keep up with the generator")
_SLOWER_GENERATOR = Plan(
    {"game.generator.lr": times(0.25)}, "a slower generator cannot run from mode to mode"
)
_SLOWER = Plan({"game.*.lr": times(0.1)}, "smaller moves follow the gradient where it leads")
_FASTER = Plan({"game.*.lr": times(10)}, "larger moves get somewhere")
_UNSATURATED = Plan(
    {"game.cost": lambda old: "non_saturating" if old in ("saturating", "gan") else old},
    "the non-saturating cost tells the generator most where the critic is surest",
)
_WIDER_CRITIC = Plan(
    {"game.networks.critic_width": lambda old: max(64, 4 * (old or 32))},
    "a wider critic sees more than this one",
)
_AUGMENTED = Plan(
    {
        "game.augment.translation": to(True),
        "game.augment.cutout": to(True),
        "game.augment.adaptive": to(True),
    },
    "augmented examples cannot be learnt by heart, and leave no trace in the samples",
)
_NOISE = Plan(
    {"game.tricks.instance_noise": least(0.1)}, "noise on what the critic sees blurs what it knows"
)
_EMA = Plan({"ema": least(500.0)}, "an averaged generator stands still where the played one turns")
_WEAKER_PRIOR = Plan(
    {"game.beta": lambda beta: min(1.0, beta / 4)}, "the prior pulls less, and latents are used"
)
_FREE = Plan({"game.free_bits": least(0.1)}, "a latent that is closed saves nothing below that")
_WARMED = Plan({"game.warm_up": least(2000)}, "latents are used before the prior's pull begins")
_STOPPED = Plan(
    {"patience": least(5), "finish": to("best")}, "it ends where held-out examples cost least"
)
_SMALLER = Plan({"game.networks.width": times(0.5)}, "a smaller model learns less by heart")
_RESIZED = Plan(
    {"game.networks.upsample": to("resize")}, "resizing and convolving treats all pixels alike"
)
_ALONE = Plan(
    {"game.networks.generator_norm": to("pixel")}, "pixel norm looks at one sample at a time"
)
_BIGGER_BATCH = Plan({"data.batch": times(2)}, "the statistics of a larger batch vary less")
_OPTIMISTIC = Plan(
    {"dynamics.rule": to("extragradient")}, "looking a step ahead takes the turning out of play"
)
_GIBBS = Plan({"game.gibbs": times(5)}, "more Gibbs steps a round carry the chains further")
_SHOWN = Plan(
    {"game.networks.critic_condition": to("projection")},
    "a critic that is shown the class by projection minds it",
)
_CONDITIONAL = Plan({"game.class_weight": more(4, 1.0)}, "the class then weighs more in both costs")

_DEEPER_CRITIC = Plan(
    {"game.networks.critic_depth": lambda old: max(2, old or 2)}, "a deeper critic sees more"
)


def _outmatched(options: Options) -> bool:
    """Return whether the critic is less than half as wide as the generator, or less deep."""
    sizes = [
        (options.get(f"game.networks.critic_{size}"), options.get(f"game.networks.{size}"), share)
        for size, share in (("width", 0.5), ("depth", 1.0))
    ]
    return any(critic and own and critic < share * own for critic, own, share in sizes)


_AS_LARGE = Plan(
    {"game.networks.critic_width": to(None), "game.networks.critic_depth": to(None)},
    "a critic as large as the generator can tell what it does wrong",
    also={"game.critic.lr": least(5e-4), "game.r1": least(0.1)},
    when=_outmatched,
)

_DIVERSE = (_AS_LARGE, _REGULARISED, _penalised(0.1), _PACKED, _PENALTY, _SLOWER_GENERATOR)

REMEDIES: Mapping[str, tuple[Plan, ...]] = {
    "mode-collapse": (*_DIVERSE, _WIDER_CRITIC, _WEAKER_PRIOR, _SLOWER),
    "partial-collapse": (*_DIVERSE, _WIDER_CRITIC),
    "divergence": (_AS_LARGE, _REGULARISED, _penalised(0.1), _SLOWER, _WIDER_CRITIC),
    "crowded-modes": (_penalised(0.1), _PACKED, _SLOWER_GENERATOR, _REGULARISED),
    "within-class-collapse": (_penalised(0.1), _PACKED, _SLOWER_GENERATOR),
    "ignored-latent": (_penalised(0.1), _SLOWER_GENERATOR, _CONDITIONAL),
    "ignored-condition": (_SHOWN, _CONDITIONAL),
    "mode-hopping": (_REGULARISED, _penalised(0.1), _SLOWER_GENERATOR, _PENALTY),
    "vanishing-gradient": (_UNSATURATED, _PENALTY, _penalised(1.0), _SLOWER_CRITIC),
    "critic-overfitting": (_AUGMENTED, _penalised(1.0), _NOISE, _SLOWER_CRITIC),
    "critic-too-weak": (
        _AS_LARGE,
        _WIDER_CRITIC,
        _DEEPER_CRITIC,
        _REGULARISED,
        _FASTER_CRITIC,
        _SLOWER_GENERATOR,
    ),
    "exploding-gradient": (_penalised(1.0), _SLOWER),
    "non-finite": (_SLOWER, _penalised(1.0)),
    "oscillation": (_REGULARISED, _penalised(0.1), _OPTIMISTIC, _SLOWER, _EMA),
    "plateau": (_penalised(0.1), _EMA, _SLOWER),
    "checkerboard": (_RESIZED,),
    "batch-leakage": (_ALONE, _BIGGER_BATCH),
    "memorisation": (_AUGMENTED, _SMALLER, _STOPPED, _NOISE),
    "posterior-collapse": (_WEAKER_PRIOR, _FREE, _WARMED),
    "over-regularised": (_WEAKER_PRIOR,),
    "not-invertible": (_SLOWER,),
    "overfitting": (_STOPPED, _SMALLER, _SLOWER),
    "chain-not-mixing": (_GIBBS, _SLOWER),
    "rate-too-high": (_SLOWER,),
    "rate-too-low": (_FASTER,),
}
"""Condition -> plans. What is wrong with data is not mended by a recipe."""


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
    changed = {path: value for path, value in found.items() if value != options[path]}
    if not changed or not plan.when(options):
        return {}
    for path, change in plan.also.items():
        if path in options and (value := change(options[path])) != options[path]:
            changed[path] = value
    return changed
