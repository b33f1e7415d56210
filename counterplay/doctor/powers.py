"""What a game may offer so that more can be seen of it: each asked for by name, never by class."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from counterplay.game import Round
from counterplay.networks.boltzmann import RBM

__all__ = ["Chained", "Forges", "Inverts", "Judges", "Machine", "Posterior", "Rendered"]


@runtime_checkable
class Rendered(Protocol):
    """One pass makes examples of latents, so that samples are cheap."""

    def render(self, z: Tensor, *condition: Tensor) -> Tensor:
        """Return examples."""
        ...


@runtime_checkable
class Judges(Protocol):
    """A critic's values, as it is trained."""

    def verdicts(self, round: Round) -> tuple[Tensor, Tensor]:
        """Return the critic's values of real and of generated examples, (N,) each."""
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
    """Gaussian posteriors of latents, and what they are worth in nats."""

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return means and log standard deviations, (N, latent) each."""
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
class Machine(Protocol):
    """A restricted Boltzmann machine."""

    rbm: RBM


@runtime_checkable
class Chained(Machine, Protocol):
    """One whose chains go on from round to round."""

    chains: Tensor
