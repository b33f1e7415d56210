"""A trained game as a person has it: samples in the data's own form, measured, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from counterplay.data.domain import Vector
from counterplay.errors import UserError, nearest

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from counterplay.data import Domain
    from counterplay.game import Game

__all__ = ["CATEGORY", "Condition", "Sampler"]

CATEGORY = "category"
"""What the classes that a game found by itself are called: they are not the data's."""

Condition = int | str | Sequence[int] | None
"""A class by number or name, one class for each sample, or ``None``: as often as in the data."""


@dataclass(frozen=True)
class Sampler:
    """Draws from a game in the data's own form.

    Attributes:
        game: the networks to sample from: the averaged ones where there are any.
        domain: of the data.
        share: how often each class is drawn; empty for a game that knows no classes.
    """

    game: Game
    domain: Domain
    share: tuple[float, ...] = field(default=(), repr=False)

    def sample(self, n: int, condition: Condition = None, seed: int = 0) -> np.ndarray:
        """Draw ``n`` new examples: uint8 (n, C, H, W), or float32 (n, D) in the data's units.

        Args:
            n: how many.
            condition: a class by number or name, or one number for each sample; only where the
                game is shown classes, or by number where it has found some by itself.
            seed: the same seed gives the same samples.

        Raises:
            UserError: for an ``n`` below one, or a class that does not fit.
        """
        return self.drawn(n, condition, seed)[0]

    def drawn(
        self, n: int, condition: Condition = None, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Return :meth:`sample`, and the classes that were asked for where the game knows any."""
        x, classes = self.encoded(n, condition, seed)
        found = self.domain.decode(x).cpu().numpy()
        if isinstance(self.domain, Vector):
            found = self.domain.settle(found)
        return found, None if classes is None else classes.numpy()

    def encoded(
        self, n: int, condition: Condition = None, seed: int = 0
    ) -> tuple[Tensor, Tensor | None]:
        """Draw ``n`` examples as networks see them, and the classes that were asked for."""
        if n < 1:
            raise UserError(f"{n} samples were asked for; 1 or more can be had")
        classes = self._classes(n, condition, seed)
        return self.game.sample(n, classes, seed), classes

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for: the data's classes, or the categories that the game has found."""
        if self.share:
            return tuple(self.domain.classes)
        return tuple(f"{CATEGORY}-{k}" for k in range(self._askable))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def _classes(self, n: int, condition: Condition, seed: int) -> Tensor | None:
        import torch

        from counterplay.game import generator
        from counterplay.laws import Labels

        if condition is None:
            drawn = Labels(self.share) if self.share else None
            return None if drawn is None else drawn.sample(n, generator(seed, "classes"))
        if not self._askable:
            raise UserError("this game was not shown classes and cannot be asked for one")
        one = self._named(condition) if isinstance(condition, str) else condition
        asked = torch.as_tensor(one, dtype=torch.int64)
        return self._checked(asked.expand(n) if asked.ndim == 0 else asked, n)

    @property
    def _askable(self) -> int:
        """How many classes can be asked for: the data's, or those that the game found by itself."""
        found = getattr(self.game, "categories", None)
        return len(self.share) or len(getattr(found, "share", ()))

    def _named(self, word: str) -> int:
        if word in self._numbers:
            return self._numbers[word]
        if self.share:
            raise UserError(f"no class '{word}'; {nearest(word, self._numbers)}")
        if word.isdecimal():
            return int(word)
        raise UserError(
            f"no class '{word}': the categories that this game found by itself are numbered 0 to "
            f"{self._askable - 1}"
        )

    def _checked(self, asked: Tensor, n: int) -> Tensor:
        last = self._askable - 1
        if asked.shape != (n,):
            raise UserError(f"{len(asked)} classes for {n} samples; one for each is needed")
        if int(asked.min()) < 0 or int(asked.max()) > last:
            raise UserError(f"classes are numbered 0 to {last}, not {int(asked.max())}")
        return asked
