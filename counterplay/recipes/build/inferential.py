"""Games that also tell a class, a code or a latent, from their specs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.gan import refuse_mixed
from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.networks import PAIRS
from counterplay.recipes.specs.inferential import Acgan, Bigan, Infogan, Warp
from counterplay.recipes.specs.networks import Dcgan, Mlp

if TYPE_CHECKING:
    from torch import nn

    from counterplay.data import Domain
    from counterplay.games import ACGAN, BiGAN, InfoGAN
    from counterplay.views import View

__all__ = ["GAMES"]


def _acgan(spec: Acgan, domain: Domain, share: tuple[float, ...]) -> ACGAN:
    from torch import nn

    from counterplay.costs import COSTS
    from counterplay.games import ACGAN
    from counterplay.laws import Labels, Normal
    from counterplay.networks import Trunk

    classes = len(domain.classes)
    if classes < 2:
        raise UserError(
            "an auxiliary classifier needs classes, and the data has none: a folder of pictures "
            "for each class gives some; --recipe infogan-mnist finds its own"
        )
    penalties = _penalties(spec.networks, r1=spec.r1)
    forge, _ = PAIRS[type(spec.networks)](spec.networks, domain, spec.latent, classes)
    body = _body(spec, domain)
    critic = _wrap(spec.networks)(nn.Linear(spec.features, 1))
    heads = {"critic": critic, "class": nn.Linear(spec.features, classes)}
    return ACGAN(
        forge,
        Trunk(body, heads),
        Normal(spec.latent),
        Labels(share or (1 / classes,) * classes),
        cost=COSTS[spec.cost],
        class_weight=spec.class_weight,
        penalties=penalties,
        moves=(adam(spec.critic), adam(spec.generator)),
    )


def _refuse_reference(networks: Any, game: str) -> None:
    norm = vars(networks).get("generator_norm")
    if norm in ("reference", "virtual"):
        raise UserError(
            f"game.networks.generator-norm: the reference examples of '{norm}' are of normal "
            f"latents, and {game} shows its generator others; batch, pixel or none work"
        )


def _infogan(spec: Infogan, domain: Domain, share: tuple[float, ...]) -> InfoGAN:
    from torch import nn

    from counterplay.costs import COSTS
    from counterplay.games import InfoGAN
    from counterplay.laws import Uniform
    from counterplay.networks import Trunk

    penalties = _penalties(spec.networks, r1=spec.r1)
    code = spec.categories + spec.places
    body = _body(spec, domain)
    critic = _wrap(spec.networks)(nn.Linear(spec.features, 1))
    heads = {"critic": critic, "code": _reader(spec, code)}
    return InfoGAN(
        _forge(spec, domain, spec.noise + code),
        Trunk(body, heads),
        Uniform(spec.noise),
        categories=spec.categories,
        places=spec.places,
        cost=COSTS[spec.cost],
        information=spec.information,
        penalties=penalties,
        moves=(adam(spec.critic), adam(spec.generator)),
        view=_view(spec.warp, domain),
    )


def _view(spec: Warp, domain: Domain) -> View:
    from counterplay.terms import warped
    from counterplay.views import View

    if spec == Warp():
        return View()
    if domain.kind != "image":
        raise UserError("game.warp: only pictures can be warped; leave its numbers at 0")
    return View({"warp": warped(spec.degrees, spec.shear, spec.stretch)})


def _forge(spec: Infogan, domain: Domain, latent: int) -> nn.Module:
    """Return the generator, with the paper's fully connected layer before its pictures."""
    from torch import nn

    _refuse_reference(spec.networks, "InfoGAN")
    width = spec.hidden or latent
    forge, _ = PAIRS[type(spec.networks)](spec.networks, domain, width, 0)
    if not spec.hidden:
        return forge
    first = nn.Linear(latent, width, bias=False)
    return nn.Sequential(first, nn.BatchNorm1d(width), nn.ReLU(), forge)


READER = 128
"""Units of the hidden layer of Q's own head."""


def _reader(spec: Infogan, code: int) -> nn.Module:
    """Return Q's head on the trunk's features."""
    from torch import nn

    norm = nn.BatchNorm1d(READER) if _normed(spec.networks) else nn.Identity()
    first = nn.Linear(spec.features, READER)
    return nn.Sequential(first, norm, nn.LeakyReLU(0.1), nn.Linear(READER, code))


def _bigan(spec: Bigan, domain: Domain, share: tuple[float, ...]) -> BiGAN:
    from counterplay.costs import COSTS
    from counterplay.games import BiGAN
    from counterplay.games.bigan import POSTERIORS
    from counterplay.laws import Normal, Uniform

    if spec.law != "normal":
        _refuse_reference(spec.networks, "this BiGAN")
    penalties = _penalties(spec.networks, r1=spec.r1, r2=spec.r2)
    wide, posterior = POSTERIORS[spec.posterior]
    forge, _ = PAIRS[type(spec.networks)](spec.networks, domain, spec.latent, 0)
    laws = {"normal": Normal, "uniform": Uniform}
    return BiGAN(
        _row(ENCODERS, spec.networks)(spec.networks, domain, wide * spec.latent),
        forge,
        _critic_of_pairs(spec, domain),
        laws[spec.law](spec.latent),
        posterior=posterior,
        cost=COSTS[spec.cost],
        pairing=(lambda z: z) if spec.paired else (lambda z: z.roll(1, 0)),
        penalties=penalties,
        moves=(adam(spec.critic), adam(spec.coder)),
    )


def _critic_of_pairs(spec: Bigan, domain: Domain) -> nn.Module:
    from torch import nn

    from counterplay.networks import Joint

    wrap, body = _wrap(spec.networks), _body(spec, domain)
    both = wrap(nn.Linear(spec.features + spec.latent, spec.features))
    deep = wrap(nn.Linear(spec.features, spec.features))
    last = wrap(nn.Linear(spec.features, 1))
    head = [both, nn.LeakyReLU(0.2), deep, nn.LeakyReLU(0.2), last]
    return Joint(body, nn.Sequential(*head))


def _body(spec: Acgan | Infogan | Bigan, domain: Domain) -> nn.Module:
    return _row(BODIES, spec.networks)(spec.networks, domain, spec.features)


def _row(table: dict[type, Callable[..., Any]], spec: Any) -> Callable[..., Any]:
    if type(spec) not in table:
        kinds = " and ".join(kind.__name__.lower() for kind in table)
        raise UserError(
            f"game.networks: {type(spec).__name__.lower()} has no trunk or encoder; {kinds} have"
        )
    return table[type(spec)]


def _penalties(networks: Dcgan | Mlp, **weights: float) -> dict[str, Any]:
    from counterplay.penalties import PENALTIES

    paid = {name: (weight, PENALTIES[name]) for name, weight in weights.items() if weight}
    refuse_mixed(networks, paid)
    return paid


def _wrap(spec: Dcgan | Mlp) -> Callable[[nn.Module], nn.Module]:
    """Return what the critic's norm does to the weight of each layer up to the critic's value."""
    from counterplay.networks.dcgan import NORMS

    return NORMS[getattr(spec, "critic_norm", "none")][0]


def _normed(spec: Dcgan | Mlp) -> bool:
    return getattr(spec, "critic_norm", "none") == "batch"


def _dcgan_encoder(spec: Dcgan, domain: Any, out: int) -> nn.Module:
    from counterplay.networks import ConvEncoder

    channels, size, _ = domain.shape
    return ConvEncoder(channels, size, out, spec.width, "batch", spec.inner)


def _dcgan_body(spec: Dcgan, domain: Any, features: int) -> nn.Module:
    from torch import nn

    from counterplay.networks import ConvEncoder

    channels, size, _ = domain.shape
    narrow = spec.critic_width or spec.width
    encoder = ConvEncoder(channels, size, features, narrow, spec.critic_norm, spec.inner)
    encoder.register_module("head", _wrap(spec)(encoder.head))  # which encoders leave as it is
    norm = nn.BatchNorm1d(features) if _normed(spec) else nn.Identity()
    return nn.Sequential(encoder, norm, nn.LeakyReLU(0.2))


def _mlp_encoder(spec: Mlp, domain: Any, out: int) -> nn.Module:
    from counterplay.networks.mlp import FlatCritic

    return FlatCritic(domain.shape, [spec.width] * spec.depth, out=out)


def _mlp_body(spec: Mlp, domain: Any, features: int) -> nn.Module:
    from torch import nn

    from counterplay.networks.mlp import FlatCritic

    hidden = [spec.width] * (spec.depth - 1)
    return nn.Sequential(FlatCritic(domain.shape, hidden, out=features), nn.ReLU())


BODIES: dict[type, Callable[..., Any]] = {Dcgan: _dcgan_body, Mlp: _mlp_body}
"""(spec, domain, features) -> a critic's body: examples -> (N, features), past its activation."""

ENCODERS: dict[type, Callable[..., Any]] = {Dcgan: _dcgan_encoder, Mlp: _mlp_encoder}
"""(spec, domain, out) -> examples -> (N, out)."""

GAMES: dict[type, Any] = {Acgan: _acgan, Infogan: _infogan, Bigan: _bigan}
