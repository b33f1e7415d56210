"""Units left out, by luck that is handed in: a function of (seed, step), as all noise here is.

A unit h becomes h m / (1 − s), where m is 0 with the chance s and 1 otherwise, drawn for each unit
of each example anew in each round. Dropout: A Simple Way to Prevent Neural Networks from
Overfitting (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 2014), scaled in
training in the place of testing.

PyTorch's own layer draws from its global generator, which no checkpoint of a run keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import Round

__all__ = ["Dropout", "units_left_out"]


class Dropout(nn.Module):
    """Leave out units inside :func:`units_left_out`, and none elsewhere: (N, …) -> (N, …).

    Args:
        share: s, the share of the units that is left out, from 0 to below 1.

    Raises:
        UserError: when all units or a negative share would be left out.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        if not 0 <= share < 1:
            raise UserError(f"dropout of {share:g}; it is a share of units from 0 to below 1")
        self.share = share
        self._luck: Callable[..., Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return what is left of the units, scaled so that their means are as before."""
        if not self.share or self._luck is None:
            return x
        kept = self._luck(*x.shape[1:]) >= self.share
        return x * kept.to(x) / (1 - self.share)


@contextmanager
def units_left_out(module: nn.Module, round: Round) -> Iterator[None]:
    """Let the layers of ``module`` leave out the units that the luck of ``round`` says.

    A layer that is passed twice in one round leaves out the same units twice. What it is shown has
    the batch's examples along the first axis.
    """
    layers = [layer for layer in module.modules() if isinstance(layer, Dropout)]
    try:
        for i, layer in enumerate(layers):
            layer._luck = lambda *shape, tag=f"dropout {i}": round.uniform(tag, *shape)
        yield
    finally:
        for layer in layers:
            layer._luck = None
