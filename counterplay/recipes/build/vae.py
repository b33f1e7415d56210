"""Variational auto-encoders from their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.coders import CODERS, decoded
from counterplay.recipes.build.moves import adam
from counterplay.recipes.build.networks import CODERS as BOUNDED
from counterplay.recipes.build.networks import PAIRS
from counterplay.recipes.specs.coders import Dense, Picture
from counterplay.recipes.specs.vae import Dfc, Hierarchical, Iaf, Iwae, MeanField, Vae, VaeGan

if TYPE_CHECKING:
    from counterplay.data import Domain, Source
    from counterplay.games.dfc import DFCVAE
    from counterplay.games.hierarchical import HierarchicalVAE
    from counterplay.games.iwae import IWAE
    from counterplay.games.vae import VAE
    from counterplay.games.vaegan import VAEGAN

__all__ = ["FIRST", "GAMES", "START"]

START = 10_000
"""Training examples by whose mean a decoder starts."""


def _vae(spec: Vae, domain: Domain, share: tuple[float, ...]) -> VAE:
    from counterplay.games.vae import VAE, cubature, one_draw, ramp, steady

    law = decoded(spec, domain, spec.deviation)
    context = spec.posterior.context if isinstance(spec.posterior, Iaf) else 0
    encoder, decoder = _networks(spec, domain, context, law.maps)
    return VAE(
        encoder,
        decoder,
        spec.latent,
        beta=spec.beta,
        move=adam(spec.optimiser),
        decoded=law,
        warm_up=ramp(spec.warm_up) if spec.warm_up else steady,
        free_bits=spec.free_bits,
        refine=POSTERIORS[type(spec.posterior)](spec.posterior, spec.latent),
        shown={"one": one_draw, "cubature": cubature}[spec.draws],
    )


def _networks(spec: Vae, domain: Domain, context: int, maps: int) -> tuple[Any, Any]:
    nets = spec.networks
    if type(nets) in CODERS:
        out = 2 * spec.latent + context
        return CODERS[type(nets)](nets, domain, out, spec.latent, maps)
    if (spec.decoder, spec.spread, spec.deviation, context) != ("gaussian", "shared", None, 0):
        raise UserError(
            f"networks of type {type(nets).__name__.lower()} put out means in [-1, 1] and no more: "
            "they go with the decoder gaussian, the spread shared and the posterior mean-field; "
            "networks of type dense or picture go with all of them"
        )
    return BOUNDED[type(nets)](nets, domain, spec.latent)


def _mean_field(spec: MeanField, latent: int) -> None:
    return None


def _iaf(spec: Iaf, latent: int) -> Any:
    from counterplay.networks.iaf import IAF

    return IAF(latent, spec.width, spec.transforms, spec.context, spec.depth)


POSTERIORS: dict[type, Any] = {MeanField: _mean_field, Iaf: _iaf}
"""Spec -> what refines a draw from the encoder's normal law, if anything."""


def _iwae(spec: Iwae, domain: Domain, share: tuple[float, ...]) -> IWAE:
    from counterplay.games.iwae import IWAE
    from counterplay.games.vae import ramp, steady

    law, nets = decoded(spec, domain), spec.networks
    encoder, decoder = CODERS[type(nets)](nets, domain, 2 * spec.latent, spec.latent, law.maps)
    return IWAE(
        encoder,
        decoder,
        spec.latent,
        samples=spec.samples,
        move=adam(spec.optimiser),
        decoded=law,
        warm_up=ramp(spec.warm_up) if spec.warm_up else steady,
        estimator=spec.estimator,
    )


def _hierarchical(spec: Hierarchical, domain: Domain, share: tuple[float, ...]) -> HierarchicalVAE:
    from counterplay.games.hierarchical import HierarchicalVAE, bottom_up, top_down
    from counterplay.games.vae import ramp, steady

    law = decoded(spec, domain)
    parts, decoder, latents = LADDERS[type(spec.networks)](spec, domain, law.maps)
    climbs, evidences, descents = parts
    return HierarchicalVAE(
        climbs,
        evidences,
        descents,
        decoder,
        latents,
        infer={"top_down": top_down, "bottom_up": bottom_up}[spec.infer],
        beta=spec.beta,
        move=adam(spec.optimiser),
        decoded=law,
        warm_up=ramp(spec.warm_up) if spec.warm_up else steady,
        free_bits=spec.free_bits,
    )


def _ladder(spec: Hierarchical, domain: Domain, maps: int) -> tuple[Any, Any, Any]:
    from counterplay.networks.ladder import ladder

    nets: Any = spec.networks
    hidden, chained = [nets.width] * max(nets.layers, 1), spec.infer == "top_down"
    parts = ladder(domain.shape, spec.latents, hidden, chained, nets.activation)
    _, decoder = CODERS[Dense](nets, domain, 1, spec.latents[0], maps)
    return parts, decoder, spec.latents


def _picture_ladder(spec: Hierarchical, domain: Domain, maps: int) -> tuple[Any, Any, Any]:
    from counterplay.networks.picture_ladder import GridDecoder, grids, picture_ladder

    channels, size = domain.shape[0], domain.shape[-1]
    layers = grids(size, spec.latents, spec.networks.width)
    parts = picture_ladder(channels, layers, spec.infer == "top_down")
    decoder = GridDecoder(layers[0], channels * maps)
    return parts, decoder, [layer.numbers for layer in layers]


LADDERS: dict[type, Any] = {Dense: _ladder, Picture: _picture_ladder}
"""(spec, domain, maps of the law) -> ((climbs, evidences, descents), decoder, latents)."""


def _dfc(spec: Dfc, domain: Domain, share: tuple[float, ...]) -> DFCVAE:
    from counterplay.games.dfc import DFCVAE
    from counterplay.networks.taps import Taps

    if domain.kind != "image":
        raise UserError("features of pictures were to be compared, and the data are no pictures")
    nets = spec.networks
    encoder, decoder = CODERS[type(nets)](nets, domain, 2 * spec.latent, spec.latent, 1)
    move, features = adam(spec.optimiser), Taps(domain.shape[0])
    return DFCVAE(
        encoder,
        decoder,
        spec.latent,
        features,
        pixels=spec.pixels,
        beta=spec.beta,
        taught=spec.taps == "taught",
        move=move,
    )


def _vaegan(spec: VaeGan, domain: Domain, share: tuple[float, ...]) -> VAEGAN:
    from counterplay.games.vaegan import VAEGAN

    nets = spec.networks
    encoder, decoder = BOUNDED[type(nets)](nets, domain, spec.latent)
    _, critic = PAIRS[type(nets)](nets, domain, spec.latent, 0)
    moves = (adam(spec.critic), adam(spec.encoder), adam(spec.decoder))
    return VAEGAN(
        encoder, decoder, critic, spec.latent, beta=spec.beta, gamma=spec.gamma, moves=moves
    )


def _start(game: Any, source: Source, seed: int) -> None:
    device = next(game.parameters()).device
    game.start(source.examples("train", min(START, source.splits["train"]), seed).x.to(device))


def _start_plain(game: Any, source: Source, seed: int) -> None:
    # Networks that put out means in [-1, 1] have no bias for them.
    if callable(getattr(game.decoder, "centre", None)):
        _start(game, source, seed)


GAMES: dict[type, Any] = {
    Vae: _vae,
    Iwae: _iwae,
    Hierarchical: _hierarchical,
    Dfc: _dfc,
    VaeGan: _vaegan,
}

FIRST: dict[type, Any] = {
    Vae: _start_plain,
    Iwae: _start,
    Hierarchical: _start,
    Dfc: _start,
}
"""Spec -> what is done to a new game with its data before its first round."""
