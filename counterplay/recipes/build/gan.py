"""Adversarial games from their specs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.moves import move
from counterplay.recipes.build.networks import PAIRS
from counterplay.recipes.specs.gan import Augment, Gan, Tricks, WganGp

if TYPE_CHECKING:
    from torch import nn

    from counterplay.costs import Cost
    from counterplay.data import Domain
    from counterplay.games.gan import GAN
    from counterplay.views import Step, View

__all__ = ["GAMES", "refuse_mixed"]

UNCENTRED = ("least_squares", "wasserstein", "relativistic", "kl")
"""The costs whose best critic is not 0 where real and generated examples are alike."""

LOGISTIC = ("non_saturating", "saturating", "maximum_likelihood")
"""The costs whose critic is taught labels."""


def _gan(spec: Gan, domain: Domain, share: tuple[float, ...]) -> GAN:
    from counterplay.penalties import clipped

    judge = move(spec.critic)
    penalties = _penalties(spec, domain)
    refuse_mixed(spec.networks, penalties, spec.tricks.minibatch)
    _refuse_packs(spec)
    parts = {
        "cost": _cost(spec),
        "penalties": penalties,
        "critic_steps": spec.critic_steps,
        "view": _view(spec, domain),
        "history": spec.tricks.history,
        "moves": (clipped(judge, spec.clip) if spec.clip else judge, move(spec.generator)),
    }
    return _adversarial(spec, domain, share, parts, spec.pack, spec.tricks.minibatch)


def _wgan_gp(spec: WganGp, domain: Domain, share: tuple[float, ...]) -> GAN:
    from counterplay.costs import wasserstein
    from counterplay.penalties import gradient_penalty

    refuse_mixed(spec.networks, ["gradient_penalty"])
    parts = {
        "cost": wasserstein,
        "penalties": {"gradient_penalty": (spec.penalty, gradient_penalty)},
        "critic_steps": spec.critic_steps,
        "moves": (move(spec.critic), move(spec.generator)),
    }
    return _adversarial(spec, domain, share, parts)


def _cost(spec: Gan) -> Cost:
    from counterplay.costs import COSTS, feature_matching, noisy, smoothed

    cost, tricks = COSTS[spec.cost], spec.tricks
    if tricks.flips and cost.paired:
        raise UserError("game.tricks.flips: a relativistic critic is taught no labels to flip")
    if (tricks.real_label, tricks.fake_label) != (1.0, 0.0):
        _refuse_unlabelled(spec)
        if tricks.fake_label > tricks.real_label:
            raise UserError(
                f"game.tricks: a label of {tricks.fake_label:g} for generated examples is larger "
                f"than {tricks.real_label:g} for real ones: the critic would learn the opposite"
            )
        cost = smoothed(cost, tricks.real_label, tricks.fake_label)
    cost = noisy(cost, tricks.flips) if tricks.flips else cost
    return feature_matching(cost) if tricks.match_features else cost


def _penalties(spec: Gan, domain: Domain) -> dict[str, Any]:
    from counterplay.penalties import PENALTIES, Charge, consistency

    asked, every = spec.penalties, spec.penalties.every
    if every > 1 and domain.kind == "vector":
        raise UserError(
            f"game.penalties.every: {every} rounds between penalties make such small problems fail "
            "(Huang et al., 2024, arXiv:2501.05441, appendix E); 1 works"
        )
    names = {
        "gradient_penalty": asked.gradient,
        "one_sided": asked.one_sided,
        "r1": spec.r1,
        "r2": spec.r2,
        "dragan": asked.dragan,
        "drift": asked.drift,
    }
    found = {name: Charge(w, PENALTIES[name], every) for name, w in names.items() if w}
    if every > 1 and not found and not asked.consistency:
        raise UserError("game.penalties.every: nothing is paid; --game.r1 1 is a penalty")
    if asked.consistency:
        found["consistency"] = Charge(asked.consistency, consistency(_blurred(domain)), every)
    return found


def refuse_mixed(networks: Any, penalties: Iterable[str], minibatch: str = "none") -> None:
    """Refuse penalties of slopes for a critic that mixes the batch, in terms of options.

    Raises:
        UserError: naming the penalty, and the options that would do.
    """
    from counterplay.penalties import VALUES

    slopes = [name for name in penalties if name not in VALUES]
    if slopes and vars(networks).get("critic_norm") == "batch":
        raise UserError(
            f"{slopes[0]} needs the gradient of each example by itself, and the critic's batch "
            "norm mixes them; --game.networks.critic-norm none, group or spectral keeps them apart"
        )
    if slopes and minibatch != "none":
        raise UserError(
            f"{slopes[0]} needs the gradient of each example by itself, and the critic's minibatch "
            f"{minibatch} compares them; --game.pack 2 shows several at once, and may be penalised"
        )


def _refuse_unlabelled(spec: Gan) -> None:
    if spec.cost not in LOGISTIC:
        name = "fake_label" if spec.tricks.real_label == 1.0 else "real_label"
        others = " and ".join(LOGISTIC[1:])
        raise UserError(
            f"game.tricks.{name}: labels are smoothed for logistic critics, and the cost is "
            f"{spec.cost}; --game.cost {LOGISTIC[0]} has one, and so have {others}"
        )


def _refuse_packs(spec: Gan) -> None:
    if spec.pack > 1 and spec.conditional:
        raise UserError(
            f"game.pack: packs have no class to be shown, so {spec.pack} examples a pack take "
            "--game.no-conditional; or --game.tricks.minibatch std shows the critic the others"
        )


def _blurred(domain: Domain) -> View:
    """Return an augmentation for a critic to be consistent under, of whatever the data are."""
    from counterplay.views import View, instance_noise, translation

    if domain.kind == "image":
        return View({"translation": translation})
    return View({"noise": instance_noise(0.05, 10**12)})


def _view(spec: Gan, domain: Domain) -> View:
    from counterplay.views import Adapt, View

    augment = spec.augment
    adapt = Adapt(augment.target, augment.examples) if augment.adaptive else None
    steps = _augmentations(augment, domain)
    if not steps and (adapt or augment.chance != 1.0):
        raise UserError(
            f"game.augment.{'adaptive' if adapt else 'chance'}: nothing is augmented; choose among "
            "--game.augment.colour, --game.augment.translation and --game.augment.cutout"
        )
    if adapt and spec.cost in UNCENTRED:
        raise UserError(
            "game.augment.adaptive: overfitting is heard from the sign of the critic's values, and "
            f"those of the cost {spec.cost} are not centred at 0; --game.cost {LOGISTIC[0]} or "
            "hinge has such values, and --game.augment.chance 0.5 needs none"
        )
    chance = augment.start if adapt else augment.chance
    return View(steps | _noise(spec.tricks), pack=spec.pack, chance=chance, adapt=adapt)


def _augmentations(augment: Augment, domain: Domain) -> dict[str, Step]:
    from counterplay.views import AUGMENTATIONS

    steps = {name: step for name, step in AUGMENTATIONS.items() if getattr(augment, name)}
    if steps and domain.kind != "image":
        raise UserError(
            f"game.augment.{next(iter(steps))}: pictures are augmented, and the data are vectors; "
            "--game.tricks.instance-noise is for both"
        )
    return steps


def _noise(tricks: Tricks) -> dict[str, Step]:
    from counterplay.views import instance_noise

    if not tricks.instance_noise:
        return {}
    return {"instance_noise": instance_noise(tricks.instance_noise, tricks.noise_rounds)}


def _adversarial(
    spec: Gan | WganGp,
    domain: Domain,
    share: tuple[float, ...],
    parts: dict[str, Any],
    pack: int = 1,
    minibatch: str = "none",
) -> GAN:
    from counterplay.games.gan import GAN
    from counterplay.laws import Labels, Normal
    from counterplay.networks.minibatch import compared

    classes = len(domain.classes) if spec.conditional else 0
    if spec.conditional and classes < 2:
        raise UserError(
            "game.conditional: the data has no classes to show; --game.no-conditional does without"
        )
    generator, critic = PAIRS[type(spec.networks)](spec.networks, domain, spec.latent, classes)
    if pack > 1:
        critic = _critic_of_packs(spec, domain, pack)
    return GAN(
        generator,
        critic if minibatch == "none" else compared(critic, minibatch),
        Normal(spec.latent),
        labels=Labels(share or (1 / classes,) * classes) if classes else None,
        **parts,
    )


def _critic_of_packs(spec: Gan | WganGp, domain: Any, pack: int) -> nn.Module:
    """Return the critic for examples of ``pack`` times as many channels, or numbers."""
    wide = (
        replace(domain, channels=pack * domain.channels)
        if domain.kind == "image"
        else replace(domain, dim=pack * domain.dim)
    )
    return PAIRS[type(spec.networks)](spec.networks, wide, spec.latent, 0)[1]


GAMES: dict[type, Any] = {Gan: _gan, WganGp: _wgan_gp}
