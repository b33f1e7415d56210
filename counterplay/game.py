r"""The words of the house: a batch, a round, a player and a game.

Notation: player :math:`i` owns parameters :math:`\theta_i` and minimises
:math:`L_i(\theta_1, \dots, \theta_k)`, the sum of its named terms. A *move* of player
:math:`i` is :math:`\partial L_i / \partial \theta_i`, handed to its own optimiser.
Everybody minimises; a zero-sum game shows its minus sign.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

__all__ = [
    "Batch",
    "Game",
    "Law",
    "Optimise",
    "Player",
    "Round",
    "Terms",
    "adam",
    "generator",
    "quiet",
    "rmsprop",
    "seeded",
    "sgd",
    "still",
]

Terms = Mapping[str, Tensor]
"""The named scalar terms of a cost. The cost is their sum; the report shows each."""

Optimise = Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]
"""How a player moves: parameters in, their optimiser out."""


class Batch(NamedTuple):
    """Examples as networks see them.

    ``x``: float, images (N, C, H, W) in [-1, 1] or vectors (N, D), standardised.
    ``y``: int64 class indices (N,), or ``None`` where the data has no labels.
    """

    x: Tensor
    y: Tensor | None = None


def generator(*words: object) -> torch.Generator:
    """Return a fresh CPU generator that is a function of ``words`` alone.

    >>> bool(generator(0, "z").initial_seed() == generator(0, "z").initial_seed())
    True
    """
    # A digest and not hash(): Python salts hash() anew in every process. Its low 32 bits count:
    # they are all that torch's Mersenne twister takes in.
    digest = hashlib.blake2b(repr(words).encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "big") >> 1)


@runtime_checkable
class Law(Protocol):
    """A distribution that can be drawn from exactly, given a generator."""

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw ``n`` examples, first axis ``n``."""
        ...


@dataclass(frozen=True)
class Round:
    """What one round is played with: this process's shard of the data, and its share of the noise.

    Noise is a function of (``seed``, ``step``, tag) and is drawn for the *global* batch, on the
    CPU, then sharded: neither a resume nor the number of processes nor the device changes it.

    Attributes:
        batch: this shard of the global batch.
        step: the round's number, from 0.
        seed: the run's seed.
        shard: (index, count): which of ``count`` equal shards of the global batch this is.
        parts: into how many micro-batches the shard is cut, to accumulate gradients.
    """

    batch: Batch
    step: int = 0
    seed: int = 0
    shard: tuple[int, int] = (0, 1)
    parts: int = 1
    _shared: dict[tuple[str, bool], tuple] = field(default_factory=dict, repr=False, compare=False)

    def split(self) -> list[Round]:
        """Return the round's micro-batches as rounds of their own, ``[self]`` when there is one."""
        if self.parts == 1:
            return [self]
        index, count = self.shard
        xs = self.batch.x.chunk(self.parts)
        ys = [None] * len(xs) if self.batch.y is None else self.batch.y.chunk(self.parts)
        return [
            Round(Batch(x, y), self.step, self.seed, (index * self.parts + j, count * self.parts))
            for j, (x, y) in enumerate(zip(xs, ys, strict=True))
        ]

    def rng(self, tag: str) -> torch.Generator:
        """Return a fresh CPU generator, the same for the same (seed, step, tag)."""
        return generator(self.seed, self.step, tag)

    def draw(self, law: Law, tag: str) -> Tensor:
        """Draw one example of ``law`` for each example of the batch, on the batch's device."""
        return self._share(lambda n, rng: law.sample(n, rng), tag)

    def normal(self, tag: str, *shape: int) -> Tensor:
        """Draw standard normal noise of shape (N, *shape), on the batch's device."""
        return self._share(lambda n, rng: torch.randn(n, *shape, generator=rng), tag)

    def uniform(self, tag: str, *shape: int) -> Tensor:
        """Draw uniform noise on [0, 1) of shape (N, *shape), on the batch's device."""
        return self._share(lambda n, rng: torch.rand(n, *shape, generator=rng), tag)

    def _share(self, draw: Callable[[int, torch.Generator], Tensor], tag: str) -> Tensor:
        index, count = self.shard
        n = len(self.batch.x)
        whole = draw(n * count, self.rng(tag))
        return whole[index * n : (index + 1) * n].to(self.batch.x.device)

    def shared(self, tag: str, module: nn.Module, forward: Callable[[], Tensor]) -> Tensor:
        """Return ``forward()``, a forward pass of ``module``, computed once while it stands still.

        Several players may look at the same samples in one round (the critic at G(z), then G at
        its verdict on G(z)). The module's buffers end as the pass left them even when the pass was
        first asked for in another player's move, which restores them (see :func:`still`).
        """
        key = (tag, torch.is_grad_enabled())
        if key in self._shared:
            _, value, buffers = self._shared[key]
            _restore(module.buffers(), buffers)
            return value
        value = forward()
        self._shared[key] = (module, value, [b.detach().clone() for b in module.buffers()])
        return value

    def forget(self, module: nn.Module) -> None:
        """Drop the shared passes of ``module``: it is about to move, or their graph is used up."""
        # Said by the dynamics, not found out from the parameters: fused optimisers move them
        # without counting up their version.
        if not self._shared:
            return
        inside = set(module.modules())
        for key in [k for k, (used, *_) in self._shared.items() if used in inside]:
            del self._shared[key]


@dataclass(frozen=True)
class Player:
    """One player, as data.

    Attributes:
        name: unique in the game; its terms are reported as ``name/term``.
        module: holds the parameters it moves. Every parameter of a game has exactly one owner.
        cost: round -> named scalar terms, whose sum it minimises in its own parameters.
        optimise: its parameters -> their optimiser.
        every: it moves in each ``every``-th round; each round has a fresh batch, so
            ``every=5`` for the generator is the literature's n_critic = 5.
    """

    name: str
    module: nn.Module
    cost: Callable[[Round], Terms]
    optimise: Optimise
    every: int = 1

    def moves_at(self, step: int) -> bool:
        """Return whether the player moves in round ``step``: the last of each ``every`` rounds."""
        return (step + 1) % self.every == 0


class Game(nn.Module, ABC):
    """Networks, players and samples: an ``nn.Module``, so that its state has one list of names.

    Optional powers, each asked for by name and never by class: ``log_prob(x)``, ``bound(x)``,
    ``encode(x)``, ``reconstruct(x)``, ``classify(x)``, ``translate(x)``.
    """

    @abstractmethod
    def players(self) -> Sequence[Player]:
        """Return the players, in the order in which they move in a round."""

    @abstractmethod
    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` new examples, as networks see them, and leave all state as it was."""


def adam(
    lr: float, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, decay: float = 0.0
) -> Optimise:
    """Return a fused Adam (AdamW when ``decay`` > 0). ``betas`` are coerced to floats.

    Adam's ε stands outside the square root here, as in PyTorch: code that has ε inside it
    (improved-gan) means ε_here = sqrt(ε_there).

    Raises:
        ValueError: when a beta is outside [0, 1).
    """
    beta1, beta2 = (float(b) for b in betas)
    if not (0 <= beta1 < 1 and 0 <= beta2 < 1):
        raise ValueError(f"Adam's betas {betas!r} must lie in [0, 1)")

    def optimise(parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        cls = torch.optim.AdamW if decay else torch.optim.Adam
        return cls(
            list(parameters), lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=decay, fused=True
        )

    return optimise


def sgd(lr: float, momentum: float = 0.0) -> Optimise:
    """Return stochastic gradient descent: θ ← θ − lr · g."""
    return lambda parameters: torch.optim.SGD(list(parameters), lr=lr, momentum=momentum)


def rmsprop(lr: float, decay: float = 0.99, eps: float = 1e-8) -> Optimise:
    """Return RMSProp: θ ← θ − lr · g / (√v + ε), v the running mean of g² with weight ``decay``."""
    return lambda parameters: torch.optim.RMSprop(list(parameters), lr=lr, alpha=decay, eps=eps)


@contextmanager
def seeded(*words: object) -> Iterator[None]:
    """Draw networks' initial weights as a function of ``words``; torch's own state comes back."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(generator(*words).initial_seed())
        yield


@contextmanager
def still(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Give the modules' buffers back as they were: a move changes no other player's state."""
    buffers = [b for module in modules for b in module.buffers()]
    saved = [b.detach().clone() for b in buffers]
    try:
        yield
    finally:
        _restore(buffers, saved)


@contextmanager
def quiet(module: nn.Module, *inputs: Tensor) -> Iterator[None]:
    """Evaluation mode without gradients; every sub-module's own mode comes back afterwards.

    In evaluation mode batch norm and spectral norm read their buffers and do not move them. Where
    one of ``inputs`` asks for its gradient there are gradients: who looks for a latent needs them.
    """
    modes = [(m, m.training) for m in module.modules()]
    module.eval()
    asked = torch.is_grad_enabled() and any(each.requires_grad for each in inputs)
    try:
        with torch.set_grad_enabled(asked):
            yield
    finally:
        for m, training in modes:
            m.training = training


def _restore(buffers: Iterable[Tensor], saved: Sequence[Tensor]) -> None:
    # Through .data, whose writes do not count as changes to autograd: a graph that still waits
    # for its backward pass does not read these buffers (train-mode batch norm keeps its own
    # statistics, spectral norm clones its vectors).
    for buffer, value in zip(buffers, saved, strict=True):
        buffer.data.copy_(value)
