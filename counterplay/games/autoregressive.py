r"""Maximum likelihood one dimension at a time, a game of one player.

Notation: an example x has D dimensions, each on one of K levels; p(x) = prod_d p(x_d | x_<d), in
the network's order. The player minimises −log p(x) in nats per example, summed over dimensions and
averaged over the batch. It is exact, and a mass: the number of levels is part of what is measured.

Of a network that is shown classes y this is p(x | y), and p(x) = sum_y p(y) p(x | y). Of one that
knows R orders of the dimensions p(x) = (1/R) sum_r p_r(x), a mean of *joint* masses: the mean of
conditionals would be no law of x. Each p_r is fitted by itself.

What puts examples on levels (binarisation, fewer grey levels) is the data's business; the game
takes the nearest level, and refuses to score what lies between two of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.likelihood import Likelihood, likelihood
from counterplay.networks.dropout import units_left_out
from counterplay.networks.mixture import CATEGORICAL, Output
from counterplay.terms import in_chunks

__all__ = ["Alphabet", "Autoregressive", "Conditionals", "even"]

NUMBERS = 2**25
"""Numbers of output that are held at once when examples are scored."""


class Conditionals(Protocol):
    """What a network offers: all conditionals at once, and a sampler that keeps activations.

    ``network(levels)``: (N, *shape) -> output (N, *shape, P), each a function of the levels before;
    P = K logits unless another :class:`counterplay.networks.mixture.Output` is said. One that is
    shown classes takes them after the levels, and ``generate`` after ``draw``: int64 (N,).
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Of an example."""
        ...

    @property
    def levels(self) -> int:
        """The number K."""
        ...

    def __call__(self, levels: Tensor) -> Tensor:
        """Return the output for all conditionals."""
        ...

    def generate(self, n: int, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Draw ``n`` examples of levels by calling ``draw(output (n, P))`` for each dimension."""
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
        0.05 * step,  # levels of bytes, such as 17 of them, are rounded to whole ones
    )


class Autoregressive(Game):
    """A network of conditionals with exact likelihood.

    Args:
        network: the conditionals, see :class:`Conditionals`.
        alphabet: its levels as values; by default evenly from -1 to 1, as pictures are.
        output: what the network puts out, as a law; by default a logit for each level.
        share: how often each class occurs, for a network that is shown classes.
        members: views of the network, each a model of the data by itself; by default itself alone.
        move: how the player moves.
    """

    def __init__(
        self,
        network: nn.Module,
        alphabet: Alphabet | None = None,
        *,
        output: Output = CATEGORICAL,
        share: Sequence[float] = (),
        members: Sequence[Conditionals] = (),
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.network = network
        self.members: tuple[Any, ...] = tuple(members) or (network,)
        self.alphabet = alphabet or even(int(self.members[0].levels))
        self.output, self.share, self.move = output, tuple(share), move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("autoregressive", self.network, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return −log p(x), or −log p(x | y), in nats, averaged over batch and members."""
        x, y = round.batch
        if self.share and y is None:
            raise UserError("this game is shown classes, and the batch has none")
        levels = self.alphabet.encode(x)
        shown = () if y is None or not self.share else (y,)
        with units_left_out(self.network, round):
            each = [self._log_mass(member, levels, *shown).mean() for member in self.members]
        return {"nll": -torch.stack(each).mean()}

    def log_prob(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """Return log p(x), or log p(x | y), in nats, exactly, (N,).

        Raises:
            UserError: when a value lies on no level, or classes are given that nobody is shown.
        """
        if y is not None and not self.share:
            raise UserError("log_prob: this game was not shown classes and has no p(x | y)")
        levels = self.alphabet.encode(x)
        off = float((self.alphabet.decode(levels) - x).abs().max())
        if not off <= self.alphabet.slack:
            raise UserError(
                f"log_prob: a value lies {off:.3g} from the nearest of its levels; "
                "binarise or quantise the data first"
            )
        with quiet(self):
            if y is not None or not self.share:
                return self._mixed(levels, *(() if y is None else (y,)))
            return self._by_class(levels).logsumexp(1)

    def classify(self, x: Tensor) -> Tensor:
        """Return log p(y | x) of each class by Bayes' rule, (N, classes)."""
        with quiet(self):
            return self._by_class(self.alphabet.encode(x)).log_softmax(1)

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p over the examples ``x``: exact, at any budget."""
        return likelihood(self.log_prob(x), math.prod(self.members[0].shape), "exact", "discrete")

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples, exactly from p, keeping activations between dimensions."""
        return self._drawn(n, condition, seed, scored=False)[0]

    def sample_scored(
        self, n: int, seed: int = 0, condition: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Draw ``n`` examples and return them with log p, (n,), summed on the way.

        Each is scored by the member that drew it, given its class where there are classes.
        """
        return self._drawn(n, condition, seed, scored=True)

    @property
    def steps_per_sample(self) -> int:
        """How many draws follow one another for a sample: one a number."""
        return math.prod(self.network.shape)  # type: ignore

    @property
    def _first(self) -> Tensor:
        return next(self.network.parameters())

    def _drawn(
        self, n: int, condition: Tensor | None, seed: int, scored: bool
    ) -> tuple[Tensor, Tensor]:
        rng = generator(seed, "sample")
        classes = self._classes(n, condition, rng)
        which = torch.randint(len(self.members), (n,), generator=rng)
        levels = torch.empty(n, *self.members[0].shape, dtype=torch.long, device=self._first.device)
        scores = torch.zeros(n, dtype=torch.float64, device=self._first.device)
        with quiet(self):
            for i, member in enumerate(self.members):
                (rows,) = (which == i).nonzero(as_tuple=True)
                draw, score = self._draw(len(rows), rng, scored)
                if len(rows):
                    levels[rows] = member.generate(len(rows), draw, *(y[rows] for y in classes))
                    scores[rows] = score
        return self.alphabet.decode(levels).to(self._first), scores.to(self._first)

    def _classes(
        self, n: int, condition: Tensor | None, rng: torch.Generator
    ) -> tuple[Tensor, ...]:
        if not self.share:
            return ()
        if condition is None:
            condition = torch.multinomial(torch.tensor(self.share), n, True, generator=rng)
        return (condition.to(self._first.device),)

    def _draw(
        self, n: int, rng: torch.Generator, scored: bool
    ) -> tuple[Callable[[Tensor], Tensor], Tensor]:
        """Return what draws a level for each output, and the sum of log P of all it has drawn."""
        total = torch.zeros(n, dtype=torch.float64, device=self._first.device)

        def draw(output: Tensor) -> Tensor:
            level = self.output.draw(output, rng)
            if scored:
                total.add_(self.output.log_mass(output, level))
            return level

        return draw, total

    def _by_class(self, levels: Tensor) -> Tensor:
        """Return log p(x, y) of each class, (N, classes)."""
        n = len(levels)
        every = [
            math.log(max(p, 1e-30)) + self._mixed(levels, levels.new_full((n,), y))
            for y, p in enumerate(self.share)
        ]
        return torch.stack(every, 1)

    def _mixed(self, levels: Tensor, *classes: Tensor) -> Tensor:
        """Return log of the mean of the members' joint masses, a chunk at a time."""
        size = NUMBERS // (levels[0].numel() * int(self.members[0].levels))

        def part(*rows: Tensor) -> Tensor:
            every = [self._log_mass(member, *rows) for member in self.members]
            return torch.stack(every).logsumexp(0) - math.log(len(every))

        return in_chunks(part, levels, *classes, size=min(128, max(1, size)))

    def _log_mass(self, member: Any, levels: Tensor, *classes: Tensor) -> Tensor:
        each = self.output.log_mass(member(levels, *classes), levels)
        return each.flatten(1).sum(1)
