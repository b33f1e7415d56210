r"""Layers by which a critic compares the examples of its batch, and so sees a lack of variety.

Both let examples see each other: real and generated examples are judged apart, and penalties on
slopes are refused (see :func:`counterplay.penalties.couples`).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from counterplay.errors import UserError

__all__ = [
    "MINIBATCH",
    "MinibatchDiscrimination",
    "MinibatchStd",
    "before_head",
    "compared",
    "head",
]


class MinibatchDiscrimination(nn.Module):
    r"""Features and how close each example's are to the others': (N, F) -> (N, F + B).

    M_i = f(x_i) T with T in R^{F × B × C}, o_b(x_i) = Σ_{j≠i} exp(−‖M_ib − M_jb‖₁). N equal rows
    have o = N − 1. Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498).
    T ~ N(0, 1/F): features of unit size are then compared on a unit scale, which the authors reach
    by an initialisation from data.

    Args:
        features: F.
        kernels: B.
        dim: C.
    """

    def __init__(self, features: int, kernels: int = 100, dim: int = 5) -> None:
        super().__init__()
        self.shape = (kernels, dim)
        self.extra = kernels
        self.T = nn.Parameter(torch.randn(features, kernels * dim) / features**0.5)

    def forward(self, f: Tensor) -> Tensor:
        """Return the features with their closeness beside them."""
        m = (f @ self.T).unflatten(1, self.shape)
        apart = (m[:, None] - m[None]).abs().sum(3)
        return torch.cat([f, torch.exp(-apart).sum(1) - 1], 1)


class MinibatchStd(nn.Module):
    """Features and their deviation in a group: (N, F) -> (N, F + 1); (N, C, H, W) -> one map more.

    The deviation over ``group`` examples, averaged over all features and places, is the same number
    for each member. Progressive Growing of GANs (Karras et al. 2017, arXiv 1710.10196).

    Args:
        group: how many examples, N / group groups; the whole batch where it is smaller.
    """

    extra = 1

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        self.group = group

    def forward(self, h: Tensor) -> Tensor:
        """Return the features with the deviation beside them.

        Raises:
            UserError: when groups do not fill the batch.
        """
        size = min(self.group, len(h))
        if len(h) % size:
            raise UserError(
                f"groups of {size} do not fill a batch of {len(h)}; take a multiple of {size}"
            )
        groups = h.float().unflatten(0, (size, -1))
        spread = torch.sqrt(groups.var(0, correction=0) + 1e-8).flatten(1).mean(1)
        column = spread.repeat(size).view(-1, *[1] * (h.ndim - 1)).to(h.dtype)
        return torch.cat([h, column.expand(-1, 1, *h.shape[2:])], 1)


MINIBATCH: dict[str, Callable[[int], MinibatchDiscrimination | MinibatchStd]] = {
    "discrimination": MinibatchDiscrimination,
    "std": lambda features: MinibatchStd(),
}
"""Number of features -> the layer that adds what it sees of the batch."""


def head(critic: nn.Module) -> str:
    """Return the name of the critic's last linear layer of one output: f is linear in its input.

    Raises:
        UserError: when it has none.
    """
    heads = [
        name
        for name, module in critic.named_modules()
        if isinstance(module, nn.Linear) and module.out_features == 1
    ]
    if not heads:
        raise UserError(
            f"the critic ({type(critic).__name__}) has no linear layer of one output at its end, "
            "before which features could be read"
        )
    return heads[-1]


def before_head(critic: nn.Module, *inputs: Tensor) -> Tensor:
    """Return what the critic's last linear layer is given, float32 (N, F).

    Raises:
        UserError: when it has none.
    """
    seen: list[Tensor] = []
    look: Callable[..., None] = lambda _, given: seen.append(given[0])  # noqa: E731
    with critic.get_submodule(head(critic)).register_forward_pre_hook(look):
        critic(*inputs)
    return seen[0].float().flatten(1)


def compared(critic: nn.Module, kind: str) -> nn.Module:
    """Put a layer of :data:`MINIBATCH` before the critic's head, in place, and return the critic.

    Raises:
        UserError: when there is no head, or its weight is normalised.
    """
    name = head(critic)
    last = critic.get_submodule(name)
    if is_parametrized(last) or not isinstance(last, nn.Linear):
        raise UserError(
            f"the critic's {name} has a normalised weight, and a minibatch layer needs a wider "
            "one; take another norm for the critic"
        )
    layer = MINIBATCH[kind](last.in_features)
    wider = nn.Linear(last.in_features + layer.extra, 1, bias=last.bias is not None)
    with torch.no_grad():
        wider.weight[:, : last.in_features] = last.weight
        if last.bias is not None:
            wider.bias.copy_(last.bias)
    critic.set_submodule(name, nn.Sequential(layer, wider))
    return critic
