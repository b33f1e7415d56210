"""What to try: for each condition changes of the recipe, the most promising first.

A remedy is data: fields by dotted path, with a ``*`` for any one name, and what to do with their
values. It is offered to a run whose recipe has the fields and where it changes something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from counterplay.doctor.changing import Change, instead, least, more, times, to
from counterplay.doctor.finding import Remedy

__all__ = ["REMEDIES", "Plan", "offered"]

Options = Mapping[str, Any]


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


_UNCOUPLED = {"game.networks.critic_norm": instead(batch="none")}
"""A penalty of slopes refuses batch norm in the critic."""


def _penalised(weight: float) -> Plan:
    return Plan(
        {"game.r1": more(10.0, weight, 10.0)},
        "R1 keeps the critic's slope where the data are, so that it does not chase the samples",
        also=_UNCOUPLED,
    )


def _each(names: tuple[str, ...], change: Change, why: str) -> tuple[Plan, ...]:
    """Return one remedy by the name that a recipe has for the same thing."""
    return tuple(Plan({name: change}, why) for name in names)


# ---- the play of generator and critic

_REGULARISED = Plan(
    {"game.cost": to("relativistic"), "game.r1": least(0.1)},
    "each sample is held against a real one, which leaves no reward for dropping modes, and both "
    "penalties make the game converge (Huang et al., 2024)",
    also={
        **_UNCOUPLED,
        "game.r2": least(0.1),
        "game.clip": to(0.0),
        "game.penalties.gradient": to(0.0),
    },
)
_PACKED = Plan({"game.pack": least(2)}, "a critic of pairs sees that samples are alike")
_WASSERSTEIN = Plan(
    {"game.penalties.gradient": more(1.0, 0.1, 10.0), "game.cost": to("wasserstein")},
    "a Wasserstein critic goes on telling the way when it is sure",
    also=_UNCOUPLED,
)
_HELD = Plan(
    {"game.penalty": times(10, most=10.0)}, "a critic whose slopes are held to 1 tells the way"
)
_KEPT_UP = Plan(
    {"game.critic_steps": times(2, most=10)},
    "a critic of more rounds knows the samples before the generator goes on",
)
_SLOWER_CRITIC = Plan(
    {"game.critic.lr": times(0.25, least=1e-6)}, "the critic should not run ahead so far"
)
_FASTER_CRITIC = Plan(
    {"game.critic.lr": times(4, most=0.02)}, "the critic has to keep up with the generator"
)
_SLOWER_MAKERS = _each(
    ("game.generator.lr", "game.coder.lr", "game.decoder.lr"),
    times(0.25, least=1e-6),
    "a slower generator cannot run from mode to mode",
)
_UNSATURATED = Plan(
    {"game.cost": instead(saturating="non_saturating", gan="non_saturating")},
    "the non-saturating cost tells the generator most where the critic is surest",
)
_WIDER_CRITIC = Plan(
    {
        "game.networks.critic_width": lambda old: (
            old if (old or 0) >= 64 else max(64, 4 * (old or 0))
        )
    },
    "a wider critic sees more than this one",
    when=lambda options: bool(options.get("game.networks.critic_width")),
)
_DEEPER_CRITIC = Plan(
    {"game.networks.critic_depth": lambda old: max(2, old or 2)}, "a deeper critic sees more"
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
_OPTIMISTIC = Plan(
    {"dynamics.rule": to("extragradient")},
    "looking a step ahead takes the turning out of play",
    when=lambda options: "game.critic.lr" in options,
)
_SHOWN = Plan(
    {"game.networks.critic_condition": to("projection")},
    "a critic that is shown the class by projection minds it",
)
_OWN_NORMS = Plan(
    {"game.networks.condition": to("batch_norm")},
    "a generator with each class's own batch norm cannot overlook the class",
)
_CONDITIONAL = Plan(
    {"game.class_weight": more(4, 1.0, 16.0)}, "the class then weighs more in both costs"
)


def _outmatched(options: Options) -> bool:
    """Return whether the critic is less than half as wide as the generator, or less deep."""
    sizes = [
        (options.get(f"game.networks.critic_{size}"), options.get(f"game.networks.{size}"), share)
        for size, share in (("width", 0.5), ("depth", 1.0))
    ]
    return any(critic and own and critic < share * own for critic, own, share in sizes)


_LARGE = "a critic as large as the generator can tell what it does wrong"
_AS_LARGE = Plan(
    {"game.networks.critic_width": to(None), "game.networks.critic_depth": to(None)},
    _LARGE,
    also={"game.critic.lr": least(5e-4), "game.r1": least(0.1)},
    when=_outmatched,
)


def _as_wide(options: Options) -> bool:
    return _outmatched(options) and "game.networks.critic_depth" not in options


_AS_WIDE = Plan(
    {"game.networks.critic_width": lambda old: max(8, 4 * (old or 8))}, _LARGE, when=_as_wide
)
_LARGER_CRITIC = (_AS_LARGE, _AS_WIDE)

# ---- moves, numbers and sizes, of any game

_SLOWER = Plan(
    {"game.*.lr": times(0.1, least=1e-6)}, "smaller moves follow the gradient where it leads"
)
_FASTER = Plan({"game.*.lr": times(10, most=0.1)}, "larger moves get somewhere")
_LANDING = Plan(
    {"decay": least(0.5)}, "moves that become small in the end let the players come to rest"
)
_EMA = Plan({"ema": least(500.0)}, "an averaged generator stands still where the played one turns")
_FLOAT = Plan(
    {"precision": to("float32")}, "numbers of eight bits lose what numbers of 24 bits keep"
)
_SMALLER = _each(
    ("game.networks.width", "game.networks.features"),
    times(0.5, least=8),
    "a smaller model learns less by heart",
)
_WIDER = _each(
    ("game.networks.width", "game.networks.features"),
    times(2, most=1024),
    "a larger model has room for what is missing",
)
_LONGER = Plan({"steps": times(2)}, "what is rare, and what is fine, is learnt last")
_BIGGER_BATCH = Plan(
    {"data.batch": times(2, most=1024)}, "the statistics of a larger batch vary less"
)
_STOPPED = Plan(
    {"patience": least(5), "finish": to("best")}, "it ends where held-out examples cost least"
)

# ---- models with a likelihood

_WEAKER_PRIOR = Plan(
    {"game.beta": lambda beta: min(1.0, beta / 4)}, "the prior pulls less, and latents are used"
)
_FREE = Plan({"game.free_bits": least(0.1)}, "a latent that is closed saves nothing below that")
_WARMED = Plan({"game.warm_up": least(2000)}, "latents are used before the prior's pull begins")
_FEWER_SAMPLES = Plan(
    {"game.samples": times(0.5)},
    "the more samples in the bound, the less of its gradient tells the encoder (Rainforth et al., "
    "2018, arXiv:1802.04537)",
)
_DECAYED = Plan(
    {"game.weight_decay": more(10, 0.01, 10.0)}, "weights that decay keep what many examples ask"
)
_DROPPED = Plan(
    {"game.networks.dropout": least(0.2)}, "units that may be missing do not learn one example"
)
_FEWER_BLOCKS = _each(
    ("game.networks.blocks", "game.transforms"),
    times(0.5, least=2),
    "fewer transforms, one after the other, lose fewer digits",
)
_SHOWN_TO_FLOW = Plan(
    {"game.classes": instead(prior="networks")}, "couplings that are shown the class mind it"
)
_GIBBS = Plan(
    {"game.gibbs": times(5, most=100)}, "more Gibbs steps a round carry the chains further"
)
_BURNT = _each(
    ("game.burn", "game.links"),
    times(5, most=10_000),
    "chains that go on for longer forget where they began",
)
_CODES = Plan(
    {"game.sampler": instead(normal="mixture", mixture="flow")},
    "codes are drawn from a law that fits them better",
)

# ---- pictures and norms

_RESIZED = Plan(
    {"game.networks.upsample": to("resize")}, "resizing and convolving treats all pixels alike"
)
_MIXED_CHANNELS = Plan(
    {"game.networks.model": instead(**{"real-nvp": "glow"})},
    "Glow has no couplings by checkerboards",
    when=lambda options: "game.networks.scales" in options,
)
_SETTLED = Plan({"decay": least(0.5)}, "patterns of early rounds fade while moves become small")
_FADED = Plan({"steps": times(2)}, "a pattern that strides leave at first is unlearnt with time")
_ALONE = Plan(
    {"game.networks.generator_norm": to("pixel")}, "pixel norm looks at one sample at a time"
)
_UNNORMED = Plan(
    {"game.networks.batch_norm": to(False)}, "without batch norm samples know nothing of each other"
)

# ---- what is tried

_DIVERSE = (
    *_LARGER_CRITIC,
    _REGULARISED,
    _penalised(0.1),
    _PACKED,
    _WASSERSTEIN,
    _HELD,
    _KEPT_UP,
    *_SLOWER_MAKERS,
)
_ROOM = (_CODES, *_BURNT, *_WIDER, _LONGER)
"""What a model lacks that is no game against a critic."""

REMEDIES: Mapping[str, tuple[Plan, ...]] = {
    "mode-collapse": (*_DIVERSE, _WIDER_CRITIC, _WEAKER_PRIOR, *_BURNT, _SLOWER, *_WIDER),
    "partial-collapse": (*_DIVERSE, _WIDER_CRITIC, *_ROOM),
    "divergence": (*_LARGER_CRITIC, _REGULARISED, _penalised(0.1), _HELD, _SLOWER, _WIDER_CRITIC),
    "crowded-modes": (_penalised(0.1), _PACKED, *_SLOWER_MAKERS, _REGULARISED, *_ROOM),
    "within-class-collapse": (_penalised(0.1), _PACKED, *_SLOWER_MAKERS, *_ROOM),
    "ignored-latent": (_penalised(0.1), *_SLOWER_MAKERS, _CONDITIONAL, *_ROOM),
    "ignored-condition": (
        _SHOWN,
        _CONDITIONAL,
        _OWN_NORMS,
        _SHOWN_TO_FLOW,
        _KEPT_UP,
        _FASTER_CRITIC,
        *_WIDER,
        _LONGER,
    ),
    "mode-hopping": (
        *_LARGER_CRITIC,
        _REGULARISED,
        _penalised(0.1),
        *_SLOWER_MAKERS,
        _WASSERSTEIN,
        _KEPT_UP,
        _SLOWER,
    ),
    "vanishing-gradient": (
        _UNSATURATED,
        _WASSERSTEIN,
        _penalised(1.0),
        _HELD,
        _SLOWER_CRITIC,
    ),
    "critic-overfitting": (_AUGMENTED, _penalised(1.0), _NOISE, _HELD, _SLOWER_CRITIC),
    "critic-too-weak": (
        *_LARGER_CRITIC,
        _WIDER_CRITIC,
        _DEEPER_CRITIC,
        _REGULARISED,
        _FASTER_CRITIC,
        _KEPT_UP,
        *_SLOWER_MAKERS,
    ),
    "exploding-gradient": (_penalised(1.0), _HELD, _SLOWER),
    "non-finite": (_SLOWER, _penalised(1.0), _FLOAT),
    "oscillation": (_REGULARISED, _penalised(0.1), _OPTIMISTIC, _SLOWER, _LANDING, _EMA),
    "plateau": (_penalised(0.1), _EMA, _LANDING, _SLOWER, *_WIDER),
    "checkerboard": (_RESIZED, _MIXED_CHANNELS, _SETTLED, _FADED),
    "batch-leakage": (_ALONE, _UNNORMED, _BIGGER_BATCH),
    "memorisation": (_AUGMENTED, _DROPPED, _DECAYED, *_SMALLER, _STOPPED, _NOISE),
    "posterior-collapse": (_WEAKER_PRIOR, _FREE, _WARMED, _FEWER_SAMPLES, _SLOWER),
    "over-regularised": (_WEAKER_PRIOR, _FEWER_SAMPLES, *_WIDER),
    "not-invertible": (_FLOAT, _SLOWER, *_FEWER_BLOCKS),
    "overfitting": (_STOPPED, _DROPPED, _DECAYED, *_SMALLER, _SLOWER),
    "chain-not-mixing": (_GIBBS, _SLOWER),
    "rate-too-high": (_SLOWER, _LANDING),
    "rate-too-low": (_FASTER,),
    "data-few": (_AUGMENTED, _DROPPED, _DECAYED, _STOPPED, *_SMALLER),
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
    changed = {path: value for path, value in found.items() if value != options[path]}
    if not changed or not plan.when(options):
        return {}
    for path, change in plan.also.items():
        if path in options and (value := change(options[path])) != options[path]:
            changed[path] = value
    return changed
