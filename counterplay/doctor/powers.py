"""What a game may offer so that more can be seen of it: each asked for by name, never by class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from counterplay.game import Law, Round
from counterplay.networks.boltzmann import RBM

__all__ = [
    "Chained",
    "Forges",
    "Inverts",
    "Joined",
    "Judges",
    "Latent",
    "Machine",
    "Posterior",
    "Rendered",
    "Scored",
    "Values",
    "Volumed",
]


@runtime_checkable
class Rendered(Protocol):
    """One pass makes examples of latents, so that samples are cheap."""

    def render(self, z: Tensor, *condition: Tensor) -> Tensor:
        """Return examples."""
        ...


class Scored(Protocol):
    """A law with a density."""

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw ``n`` examples."""
        ...

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log p(x) in nats, (N,)."""
        ...


@runtime_checkable
class Latent(Rendered, Protocol):
    """One that says of what law its latents are."""

    latent: Law

    def parameters(self) -> Iterator[nn.Parameter]:
        """Return the networks' parameters."""
        ...


@runtime_checkable
class Judges(Protocol):
    """A critic's values, as it is trained."""

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of real and of generated examples, (N,) each."""
        ...


@runtime_checkable
class Values(Protocol):
    """A critic that can be asked about real examples alone, for half of what verdicts cost."""

    def values(self, round: Round) -> Tensor:
        """Return the first of the critic's verdicts."""
        ...


@runtime_checkable
class Forges(Protocol):
    """Generated examples, as the players are shown them."""

    generator: nn.Module

    def fake(self, round: Round) -> Tensor | tuple[Tensor, ...]:
        """Return the round's generated examples, alone or in front of their condition."""
        ...

    def generator_cost(self, round: Round) -> dict[str, Tensor]:
        """Return the terms of the generator's cost."""
        ...


@runtime_checkable
class Posterior(Protocol):
    """Posteriors of latents, and what they are worth in nats."""

    def encode(self, x: Tensor) -> Tensor:
        """Return their means, (N, latent)."""
        ...

    def rates(self, x: Tensor) -> Tensor:
        """Return each latent's KL from its prior, (latent,), in nats."""
        ...

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return the examples again, from their latents."""
        ...


@runtime_checkable
class Inverts(Protocol):
    """A bijection that knows how well it inverts."""

    def inverse_error(self, x: Tensor) -> Tensor:
        """Return the largest difference of an example from what comes back."""
        ...


@runtime_checkable
class Volumed(Inverts, Protocol):
    """One with a density of its own, and of its latents."""

    latent: Scored

    def encode(self, x: Tensor) -> Tensor:
        """Return latents, (N, D)."""
        ...

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log p(x) in nats, (N,)."""
        ...


@runtime_checkable
class Machine(Protocol):
    """A restricted Boltzmann machine."""

    rbm: RBM

    def units(self, x: Tensor) -> Tensor:
        """Return the visible units' values of examples, (N, D)."""
        ...


@runtime_checkable
class Chained(Machine, Protocol):
    """One whose chains go on from round to round."""

    chains: Tensor


@runtime_checkable
class Joined(Protocol):
    """A machine of more layers, whose chains are those of a restricted one over all of them."""

    joint: Chained
