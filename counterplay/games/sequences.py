r"""Maximum likelihood of sequences, one step after the other; a game of one player.

Notation: a sequence x has T steps, each on one of K levels, and may have a class y of share π_y;
p(x | y) = prod_t p(x_t | x_<t, y). The player minimises −log p(x | y) in nats a sequence, summed
over steps and averaged over the batch. Without a class, p(x) = sum_y π_y p(x | y): exact, at the
cost of a pass for each class, and by Bayes' rule the network tells classes that it was told.
WaveNet: A Generative Model for Raw Audio (van den Oord et al. 2016, arXiv 1609.03499).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.games.autoregressive import Alphabet, even
from counterplay.laws import Labels
from counterplay.likelihood import Likelihood, likelihood
from counterplay.networks.dropout import units_left_out
from counterplay.networks.wavenet import WaveNet

__all__ = ["Sequences"]

NUMBERS = 2**22
"""Logits that are held at a time when sequences are scored."""


STEPS = 2**16
"""Steps that are scored for a budget of one."""


class Sequences(Game):
    """A WaveNet with exact likelihood, told a class or not.

    Args:
        network: the conditionals; made for as many classes as there are shares.
        alphabet: its levels as values; by default evenly from -1 to 1.
        share: how often each class occurs; empty for a network that is told none.
        move: how the player moves.
    """

    def __init__(
        self,
        network: WaveNet,
        alphabet: Alphabet | None = None,
        share: Sequence[float] = (),
        *,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.network = network
        self.alphabet = alphabet or even(network.levels)
        self.share = tuple(share)
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("sequences", self.network, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return −log p(x | y) in nats a sequence, averaged over the batch."""
        levels = self.alphabet.encode(round.batch.x)
        with units_left_out(self.network, round):
            return {"nll": self._nll(levels, self._told(round.batch.y)).mean()}

    def log_prob(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Return log p(x | y) in nats, exactly, (N,); log p(x) where classes are not given.

        Raises:
            UserError: when a value lies on no level.
        """
        if self.share and condition is None:
            return self._joint(x).logsumexp(1)
        levels = self._levels(x)
        told = self._told(condition)
        size = max(1, NUMBERS // (levels.shape[1] * self.network.levels))
        with quiet(self):
            found = [
                -self._nll(levels[at : at + size], None if told is None else told[at : at + size])
                for at in range(0, len(levels), size)
            ]
        return torch.cat(found)

    def likelihood(
        self, x: Tensor, seed: int = 0, budget: int = 1, condition: Tensor | None = None
    ) -> Likelihood:
        """Return the account of −log p, exact and a mass.

        It scores the first examples, ``budget`` times 65,536 steps of them but one at least, and
        says how many they were: a look on the way (1) is short, an evaluation (100 and more) whole.
        """
        few = max(1, budget * STEPS // math.prod(x.shape[1:]))
        told = None if condition is None else condition[:few]
        found = self.log_prob(x[:few], told)
        return likelihood(found, math.prod(x.shape[1:]), "exact", "discrete")

    def classify(self, x: Tensor) -> Tensor:
        """Return p(y | x), (N, classes), by Bayes' rule."""
        return self._joint(x).softmax(1)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` sequences, exactly from p; classes as often as in the data if not given."""
        return self.sample_scored(n, condition, seed)[0]

    def sample_scored(
        self, n: int, condition: Tensor | None = None, seed: int = 0
    ) -> tuple[Tensor, Tensor]:
        """Draw ``n`` sequences and return them with log p(x | y), (n,), summed on the way."""
        if self.share and condition is None:
            condition = Labels(self.share).sample(n, generator(seed, "classes"))
        draw, scores = _drawing(n, self.network.shape[0], generator(seed, "sample"))
        with quiet(self):
            levels = self.network.generate(n, draw, self._told(condition))
        return self.alphabet.decode(levels), torch.from_numpy(scores).to(levels.device)

    @property
    def steps_per_sample(self) -> int:
        """How many draws follow one another for a sample: one a step of the sequence."""
        return self.network.shape[0]

    def _joint(self, x: Tensor) -> Tensor:
        """Return log π_y + log p(x | y), (N, classes), in float64."""
        if not self.share:
            raise UserError("this game was not shown classes and cannot tell them apart")
        each = [
            self.log_prob(x, torch.full((len(x),), y, device=x.device)).double() + _log(share)
            for y, share in enumerate(self.share)
        ]
        return torch.stack(each, 1)

    def _levels(self, x: Tensor) -> Tensor:
        levels = self.alphabet.encode(x)
        off = float((self.alphabet.decode(levels) - x).abs().max())
        if not off <= self.alphabet.slack:
            raise UserError(
                f"log_prob: a value lies {off:.3g} from the nearest of its levels; "
                "quantise the data first"
            )
        return levels

    def _told(self, condition: Tensor | None) -> Tensor | None:
        device = self.network.embed.weight.device
        return condition.to(device) if self.share and condition is not None else None

    def _nll(self, levels: Tensor, told: Tensor | None) -> Tensor:
        logits = self.network(levels, told)
        each = cross_entropy(logits.flatten(0, -2), levels.flatten(), reduction="none")
        return each.view(len(levels), -1).sum(1)


def _drawing(
    n: int, steps: int, rng: torch.Generator
) -> tuple[Callable[[Tensor], Tensor], np.ndarray]:
    """Return what draws a level from logits (n, K), and where it adds up log p, (n,).

    The uniform numbers are drawn at once and inverted through the cumulated weights by numpy: a
    step of a small network costs less than torch's calls would.
    """
    luck = iter(torch.rand(steps, n, 1, generator=rng, dtype=torch.float64).numpy())
    scores, rows = np.zeros(n), np.arange(n)

    def draw(logits: Tensor) -> Tensor:
        shifted = logits.numpy()
        shifted = shifted - shifted.max(1, keepdims=True)
        below = np.exp(shifted).cumsum(1, dtype=np.float64)
        # The last level takes what rounding leaves of the unit interval.
        level = (below[:, :-1] <= next(luck) * below[:, -1:]).sum(1)
        np.add(scores, shifted[rows, level] - np.log(below[:, -1]), out=scores)
        return torch.from_numpy(level)

    return draw, scores


def _log(share: float) -> float:
    return math.log(share) if share else -math.inf
