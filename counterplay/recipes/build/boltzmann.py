"""Boltzmann machines from their specs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.build.moves import move
from counterplay.recipes.specs.boltzmann import Dbm, Deep, Rbm, RealRestricted, Restricted

if TYPE_CHECKING:
    from counterplay.data import Domain, Source
    from counterplay.game import Game
    from counterplay.networks.boltzmann import RBM

__all__ = ["FIRST", "GAMES", "KINDS"]

STARTED_WITH = 10_000
"""Examples from which base rates are taken."""


def _rbm(spec: Rbm, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.boltzmann import Boltzmann

    rbm, seen = MACHINES[type(spec.networks)](spec.networks, domain)
    return Boltzmann(
        rbm,
        domain.shape,
        **seen,
        steps=spec.gibbs,
        chains=spec.chains,
        burn=spec.burn,
        move=move(spec.optimiser),
    )


def _of_bits(nets: Restricted, domain: Domain) -> tuple[RBM, dict[str, float]]:
    from counterplay.networks.boltzmann import RBM

    _check_bits(domain)
    return RBM(math.prod(domain.shape), nets.width), {"low": -1.0}


def _of_reals(nets: RealRestricted, domain: Any) -> tuple[RBM, dict[str, float]]:
    from counterplay.networks.boltzmann import RBM, Reals

    gap = 2 / (domain.levels - 1) if domain.levels else 0.0
    dims, deviation = math.prod(domain.shape), nets.deviation
    return RBM(dims, nets.width, lambda width: Reals(width, deviation)), {"gap": gap}


MACHINES: dict[type, Any] = {Restricted: _of_bits, RealRestricted: _of_reals}
"""Spec -> (networks, domain) -> the machine, and how the game is to see examples."""


def _dbm(spec: Dbm, domain: Domain, share: tuple[float, ...]) -> Game:
    from counterplay.games.dbm import DeepBoltzmann
    from counterplay.networks.dbm import DBM

    _check_bits(domain)
    nets = spec.networks
    return DeepBoltzmann(
        DBM(math.prod(domain.shape), nets.width, nets.top_width),
        domain.shape,
        low=-1.0,
        steps=spec.gibbs,
        chains=spec.chains,
        passes=spec.mean_field,
        burn=spec.burn,
        move=move(spec.optimiser),
    )


def _check_bits(domain: Any) -> None:
    if domain.levels != 2:
        seen = f"{domain.levels} levels" if domain.levels else "real numbers"
        raise UserError(
            f"the machine is of bits, and the data are of {seen}: --data.binarise threshold makes "
            "bits of pictures, and --recipe rbm-reals has real units"
        )


def _start(game: Any, source: Source, seed: int) -> None:
    device = next(game.parameters()).device
    game.start(source.examples("train", STARTED_WITH, seed).x.to(device))


BOTH = ("vector", "image")

KINDS: dict[type, tuple[str, ...]] = {Restricted: BOTH, RealRestricted: BOTH, Deep: BOTH}
"""The kinds of data that networks are for."""

GAMES: dict[type, Any] = {Rbm: _rbm, Dbm: _dbm}

FIRST: dict[type, Any] = {Rbm: _start, Dbm: _start}
"""Spec -> what is done to a new game with its data before its first round."""
