"""Every remedy as data, before it meets a recipe: what is changed, where, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from counterplay.doctor.changing import Change, instead, least, more, times, to

__all__ = ["Options", "Plan"]

Options = Mapping[str, Any]


def nothing(_: Options) -> Options:
    """Return no changes."""
    return {}


@dataclass(frozen=True)
class Plan:
    """A remedy before it meets a recipe: path -> change, and why.

    Attributes:
        changes: each of them must find a field.
        why: one sentence.
        also: changes that are made where there is such a field.
        when: of which recipes it is a remedy, by their fields.
        beside: what else is set, as a function of all fields.
    """

    changes: Mapping[str, Change]
    why: str
    also: Mapping[str, Change] = field(default_factory=dict)
    when: Callable[[Options], bool] = bool
    beside: Callable[[Options], Options] = nothing


UNCOUPLED = {"game.networks.critic_norm": instead(batch="none")}
"""A penalty of slopes refuses batch norm in the critic."""


def penalised(weight: float) -> Plan:
    return Plan(
        {"game.r1": more(10.0, weight, 10.0)},
        "R1 keeps the critic's slope where the data are, so that it does not chase the samples",
        also=UNCOUPLED,
    )


def each(names: tuple[str, ...], change: Change, why: str) -> tuple[Plan, ...]:
    """Return one remedy by the name that a recipe has for the same thing."""
    return tuple(Plan({name: change}, why) for name in names)


# ---- what stands out of a recipe by itself: a cause, and not only a cure

USUAL = {"adam": 1e-3, "rmsprop": 1e-3, "sgd": 2e-2}
"""Learning rates that are neither large nor small, by the rule that they are for."""


def _rates(options: Options) -> dict[str, tuple[float, float]]:
    """Return each player's path -> its learning rate, and the usual one of its rule."""
    paths = [p for p in options if fnmatchcase(p, "game.*.lr")]
    return {p: (options[p], USUAL[options.get(f"{p[:-2]}rule", "adam")]) for p in paths}


def _sane(options: Options) -> Options:
    return {p: usual for p, (rate, usual) in _rates(options).items() if rate > 50 * usual}


def _awake(options: Options) -> Options:
    found = _rates(options)
    crawl = found and all(rate < 0.05 * usual for rate, usual in found.values())
    return {p: usual / 2 for p, (_, usual) in found.items()} if crawl else {}


def _even(options: Options) -> Options:
    """Bring the player whose rate is farther from the usual to the other's, where they differ."""
    found = {p: v for p, v in _rates(options).items() if p != "game.encoder.lr"}
    if len(found) != 2 or "game.critic.lr" not in found:
        return {}
    far = sorted(found, key=lambda p: abs(math.log(found[p][0] / found[p][1])))
    (near, _), (odd, _) = found[far[0]], found[far[1]]
    return {far[1]: near} if not 0.2 <= near / odd <= 5 else {}


def _calm(options: Options) -> Options:
    """Take most of the inertia from the players of a game of several."""
    betas = [p for p in options if fnmatchcase(p, "game.*.betas")]
    paths = [p for p in betas if p != "game.encoder.betas"]  # which only descends
    heavy = {p: options[p] for p in paths if options[p][0] > 0.6}
    return {p: (0.5, *old[1:]) for p, old in heavy.items()} if len(paths) > 1 else {}


def _outmatched(options: Options) -> bool:
    """Return whether the critic is less than half as wide as the generator, or less deep."""
    sizes = [
        (options.get(f"game.networks.critic_{size}"), options.get(f"game.networks.{size}"), share)
        for size, share in (("width", 0.5), ("depth", 1.0))
    ]
    return any(critic and own and critic < share * own for critic, own, share in sizes)


LARGE = "a critic as large as the generator can tell what it does wrong"
AS_LARGE = Plan(
    {"game.networks.critic_width": to(None), "game.networks.critic_depth": to(None)},
    LARGE,
    also={"game.critic.lr": least(5e-4), "game.r1": least(0.1)},
    when=_outmatched,
)


def _as_wide(options: Options) -> bool:
    return _outmatched(options) and "game.networks.critic_depth" not in options


AS_WIDE = Plan(
    {"game.networks.critic_width": lambda old: max(8, 4 * (old or 8))}, LARGE, when=_as_wide
)

PACES = (
    Plan({}, "at a rate as large as this no network learns", beside=_sane),
    Plan({}, "at a rate as small as this nothing is learnt in time", beside=_awake),
    Plan({}, "players of about one pace can follow each other", beside=_even),
    Plan({}, "without inertia players do not overshoot each other", beside=_calm),
)
CAUSES = (AS_LARGE, AS_WIDE, *PACES)

# ---- the play of generator and critic

REGULARISED = Plan(
    {"game.cost": to("relativistic"), "game.r1": least(0.1)},
    "each sample is held against a real one, which leaves no reward for dropping modes, and both "
    "penalties make the game converge (Huang et al., 2024)",
    also={
        **UNCOUPLED,
        "game.r2": least(0.1),
        "game.clip": to(0.0),
        "game.penalties.gradient": to(0.0),
    },
)
PACKED = Plan({"game.pack": least(2)}, "a critic of pairs sees that samples are alike")
WASSERSTEIN = Plan(
    {"game.penalties.gradient": more(1.0, 0.1, 10.0), "game.cost": to("wasserstein")},
    "a Wasserstein critic goes on telling the way when it is sure",
    also=UNCOUPLED,
)
HELD = Plan(
    {"game.penalty": times(10, most=10.0)}, "a critic whose slopes are held to 1 tells the way"
)
FEWER_STEPS = Plan(
    {"game.critic_steps": times(0.5)}, "a critic of fewer rounds does not run ahead so far"
)
KEPT_UP = Plan(
    {"game.critic_steps": times(2, most=10)},
    "a critic of more rounds knows the samples before the generator goes on",
)
SLOWER_CRITIC = Plan(
    {"game.critic.lr": times(0.25, least=1e-6)}, "the critic should not run ahead so far"
)
FASTER_CRITIC = Plan(
    {"game.critic.lr": times(4, most=0.02)}, "the critic has to keep up with the generator"
)
SLOWER_MAKERS = each(
    ("game.generator.lr", "game.coder.lr", "game.decoder.lr"),
    times(0.25, least=1e-6),
    "a slower generator cannot run from mode to mode",
)
UNSATURATED = Plan(
    {"game.cost": instead(saturating="non_saturating", gan="non_saturating")},
    "the non-saturating cost tells the generator most where the critic is surest",
)
WIDER_CRITIC = Plan(
    {
        "game.networks.critic_width": lambda old: (
            old if (old or 0) >= 64 else max(64, 4 * (old or 0))
        )
    },
    "a wider critic sees more than this one",
    when=lambda options: bool(options.get("game.networks.critic_width")),
)
DEEPER_CRITIC = Plan(
    {"game.networks.critic_depth": lambda old: max(2, old or 2)}, "a deeper critic sees more"
)
UNCENTRED = ("least_squares", "wasserstein", "relativistic", "kl")
"""Costs whose critic's sign says nothing of overfitting; the builder refuses to adapt to it."""


def _adapting(options: Options) -> Options:
    """Let the augmentation follow the critic, from often to seldom, where its sign can be heard."""
    heard = options.get("game.cost") not in UNCENTRED
    return {"game.augment.adaptive": True, "game.augment.start": 1.0} if heard else {}


AUGMENTED = Plan(
    {"game.augment.translation": to(True), "game.augment.cutout": to(True)},
    "augmented examples cannot be learnt by heart, and leave no trace in the samples",
    beside=_adapting,
)
NOISE = Plan(
    {"game.tricks.instance_noise": least(0.1)}, "noise on what the critic sees blurs what it knows"
)
OPTIMISTIC = Plan(
    {"dynamics.rule": to("extragradient")},
    "looking a step ahead takes the turning out of play",
    when=lambda options: "game.critic.lr" in options,
)
SHOWN = Plan(
    {"game.networks.critic_condition": to("projection")},
    "a critic that is shown the class by projection minds it",
)
OWN_NORMS = Plan(
    {"game.networks.condition": to("batch_norm")},
    "a generator with each class's own batch norm cannot overlook the class",
)
CONDITIONAL = Plan(
    {"game.class_weight": more(4, 1.0, 16.0)}, "the class then weighs more in both costs"
)


# ---- moves, numbers and sizes, of any game

SLOWER = Plan(
    {"game.*.lr": times(0.1, least=1e-6)}, "smaller moves follow the gradient where it leads"
)
FASTER = Plan({"game.*.lr": times(10, most=0.1)}, "larger moves get somewhere")
LANDING = Plan(
    {"decay": least(0.5)}, "moves that become small in the end let the players come to rest"
)
EMA = Plan({"ema": least(500.0)}, "an averaged generator stands still where the played one turns")
FLOAT = Plan(
    {"precision": to("float32")}, "numbers of eight bits lose what numbers of 24 bits keep"
)
SMALLER = each(
    ("game.networks.width", "game.networks.features"),
    times(0.5, least=8),
    "a smaller model learns less by heart",
)
WIDER = each(
    ("game.networks.width", "game.networks.features"),
    times(2, most=1024),
    "a larger model has room for what is missing",
)
LONGER = Plan({"steps": times(2)}, "what is rare, and what is fine, is learnt last")
BIGGER_BATCH = Plan(
    {"data.batch": times(2, most=4096)}, "the statistics of a larger batch vary less"
)


def _looks(options: Options) -> Options:
    """Return looks, and checkpoints of them, often enough for one of them to be the best."""
    often = max(10, options.get("steps", 0) // 20)
    return {p: often for p in ("look_every", "checkpoint_every") if options.get(p, 0) > often}


STOPPED = Plan(
    {"patience": least(5), "finish": to("best")},
    "it ends where held-out examples cost least",
    beside=_looks,
)

# ---- models with a likelihood

WEAKER_PRIOR = Plan(
    {"game.beta": lambda beta: min(1.0, beta / 4)}, "the prior pulls less, and latents are used"
)
FREE = Plan({"game.free_bits": least(0.1)}, "a latent that is closed saves nothing below that")
WARMED = Plan({"game.warm_up": least(2000)}, "latents are used before the prior's pull begins")
FEWER_SAMPLES = Plan(
    {"game.samples": times(0.5)},
    "the more samples in the bound, the less of its gradient tells the encoder (Rainforth et al., "
    "2018, arXiv:1802.04537)",
)
DECAYED = Plan(
    {"game.weight_decay": more(10, 0.01, 10.0)}, "weights that decay keep what many examples ask"
)
DROPPED = Plan(
    {"game.networks.dropout": least(0.2)}, "units that may be missing do not learn one example"
)
FEWER_BLOCKS = each(
    ("game.networks.blocks", "game.transforms"),
    times(0.5, least=2),
    "fewer transforms, one after the other, lose fewer digits",
)
SHOWN_TO_FLOW = Plan(
    {"game.classes": instead(prior="networks")}, "couplings that are shown the class mind it"
)
GIBBS = Plan(
    {"game.gibbs": times(5, most=100)}, "more Gibbs steps a round carry the chains further"
)
BURNT = each(
    ("game.burn", "game.links"),
    times(5, most=10_000),
    "chains that go on for longer forget where they began",
)
CODES = Plan(
    {"game.sampler": instead(normal="mixture", mixture="flow")},
    "codes are drawn from a law that fits them better",
)

# ---- pictures and norms

RESIZED = Plan(
    {"game.networks.upsample": to("resize")}, "resizing and convolving treats all pixels alike"
)
MIXED_CHANNELS = Plan(
    {"game.networks.model": instead(**{"real-nvp": "glow"})},
    "Glow has no couplings by checkerboards",
    when=lambda options: "game.networks.scales" in options,
)
SETTLED = Plan({"decay": least(0.5)}, "patterns of early rounds fade while moves become small")
FADED = Plan({"steps": times(2)}, "a pattern that strides leave at first is unlearnt with time")
ALONE = Plan(
    {"game.networks.generator_norm": to("pixel")}, "pixel norm looks at one sample at a time"
)
UNNORMED = Plan(
    {"game.networks.batch_norm": to(False)}, "without batch norm samples know nothing of each other"
)
