r"""Maximum likelihood one dimension at a time, a game of one player.

Notation: an example x has D dimensions, each on one of K levels; p(x) = prod_d p(x_d | x_<d), in
the network's order. The player minimises −log p(x) in nats per example, summed over dimensions and
averaged over the batch. It is exact, and a mass: the number of levels is part of what is measured.

What puts examples on levels (binarisation, fewer grey levels) is the data's business; the game
takes the nearest level, and refuses to score what lies between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.terms import in_chunks

__all__ = ["Alphabet", "Autoregressive", "Conditionals", "even"]


class Conditionals(Protocol):
    """What a network offers: all conditionals at once, and a sampler that keeps activations.

    ``network(levels)``: (N, *shape) -> logits (N, *shape, K), each a function of the levels before.
    """

    shape: tuple[int, ...]
    levels: int

    def __call__(self, levels: Tensor) -> Tensor:
        """Return the logits of all conditionals."""
        ...

    def generate(self, n: int, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draw ``n`` examples of levels by calling ``draw(logits (n, K))`` for each dimension."""
        ...


@dataclass(frozen=True)
class Alphabet:
    """How levels and examples go together.

    Attributes:
        encode: examples -> the nearest levels, int64, of the same shape.
        decode: levels -> examples.
        slack: how far from its level an example may lie and still be scored.
    """

    encode: Callable[[Tensor], Tensor]
    decode: Callable[[Tensor], Tensor]
    slack: float = 1e-3


def even(levels: int, low: float = -1.0, high: float = 1.0) -> Alphabet:
    """Return ``levels`` evenly spaced values from ``low`` to ``high``.

    >>> even(2, 0.0, 1.0).encode(torch.tensor([0.0, 1.0])).tolist()
    [0, 1]
    """
    step = (high - low) / (levels - 1)
    return Alphabet(
        lambda x: ((x - low) / step).round().clamp(0, levels - 1).long(),
        lambda k: low + step * k.float(),
        1e-3 * step,
    )


class Autoregressive(Game):
    """A network of conditionals with exact likelihood.

    Args:
        network: the conditionals, see :class:`Conditionals`.
        alphabet: its levels as values; by default evenly from -1 to 1, as pictures are.
        move: how the player moves.
    """

    def __init__(
        self,
        network: nn.Module,
        alphabet: Alphabet | None = None,
        *,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.network = network
        self.alphabet = alphabet or even(int(network.levels))  # type: ignore
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("autoregressive", self.network, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return −log p(x) in nats, averaged over the batch."""
        return {"nll": self._nll(self.alphabet.encode(round.batch.x)).mean()}

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log p(x) in nats, exactly, (N,).

        Raises:
            UserError: when a value lies on no level.
        """
        levels = self.alphabet.encode(x)
        off = float((self.alphabet.decode(levels) - x).abs().max())
        if not off <= self.alphabet.slack:
            raise UserError(
                f"log_prob: a value lies {off:.3g} from the nearest of its levels; "
                "binarise or quantise the data first"
            )
        with quiet(self):
            return in_chunks(lambda part: -self._nll(part), levels)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples, exactly from p, keeping activations between dimensions."""
        return self.sample_scored(n, seed)[0]

    def sample_scored(self, n: int, seed: int = 0) -> tuple[Tensor, Tensor]:
        """Draw ``n`` examples and return them with their log p, (n,), summed on the way."""
        rng = generator(seed, "sample")
        scores: list[Tensor] = []

        def draw(logits: Tensor) -> Tensor:
            log_p = logits.log_softmax(1)
            luck = torch.rand(n, 1, generator=rng).to(log_p)
            below = log_p.exp().cumsum(1) <= luck
            # The last level takes what rounding leaves of the unit interval.
            level = below[:, :-1].sum(1)
            scores.append(log_p.gather(1, level[:, None])[:, 0])
            return level

        with quiet(self):
            levels = self.network.generate(n, draw)  # type: ignore
        return self.alphabet.decode(levels), torch.stack(scores).sum(0)

    def _nll(self, levels: Tensor) -> Tensor:
        logits = self.network(levels)
        each = cross_entropy(logits.flatten(0, -2), levels.flatten(), reduction="none")
        return each.view(len(levels), -1).sum(1)
