r"""Penalties on a critic's slope: ``(critic, real, fake, share) -> scalar``, always in float32.

Notation: f is the critic, a map (N, …) -> (N,) that treats each example by itself, and
‖∇f(x_i)‖ is the Euclidean norm over all axes but the first. The sum over the batch is
differentiated once: its gradient at x_i is example i's own only where no example looks at another,
so a critic with batch norm is refused (see :func:`refuse_coupled`).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from counterplay.errors import UserError

__all__ = [
    "PENALTIES",
    "Penalty",
    "couples",
    "gradient_norms",
    "gradient_penalty",
    "interpolate",
    "r1",
    "r2",
    "refuse_coupled",
]

Critic = Callable[[Tensor], Tensor]

Penalty = Callable[[Critic, Tensor, Tensor, Tensor], Tensor]
"""(critic, real, fake, share) -> scalar; ``share`` is uniform noise, one number an example."""


def gradient_norms(critic: Critic, x: Tensor) -> Tensor:
    """Return ‖∇f(x_i)‖ for each example, shape (N,), differentiable in the critic's parameters.

    At a zero gradient the norm's own is taken as zero, where a square root's is infinite.
    """
    with torch.autocast(x.device.type, enabled=False):
        x = x.detach().float().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
        return torch.linalg.vector_norm(slope.flatten(1), dim=1)


def interpolate(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return t_i x_i + (1 − t_i) G(z)_i one coefficient ``share`` (N,) an example."""
    t = share.view(-1, *[1] * (real.ndim - 1))
    return t * real.detach() + (1 - t) * fake.detach()


def gradient_penalty(critic: Critic, real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return E (‖∇f(x̂)‖ − 1)², x̂ uniform on the lines between real and generated examples.

    Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028).
    """
    return (gradient_norms(critic, interpolate(real, fake, share)) - 1).square().mean()


def r1(critic: Critic, real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return ½ E ‖∇f(x)‖² on real examples.

    Which Training Methods for GANs do actually Converge? (Mescheder et al. 2018, arXiv 1801.04406).
    """
    return 0.5 * gradient_norms(critic, real).square().mean()


def r2(critic: Critic, real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Return ½ E ‖∇f(G(z))‖² on generated examples (Mescheder et al. 2018)."""
    return 0.5 * gradient_norms(critic, fake).square().mean()


PENALTIES: dict[str, Penalty] = {"gradient_penalty": gradient_penalty, "r1": r1, "r2": r2}


def couples(critic: nn.Module) -> str:
    """Return the name of a sub-module that lets examples of a batch see each other, or ""."""
    for name, module in critic.named_modules():
        if isinstance(module, _BatchNorm):
            return name or type(module).__name__
    return ""


def refuse_coupled(critic: nn.Module, penalty: str) -> None:
    """Refuse a critic with batch norm under a penalty of per-example gradients.

    Raises:
        UserError: naming the layer, and what to use in its place.
    """
    if layer := couples(critic):
        raise UserError(
            f"{penalty} needs the gradient of each example by itself, but the critic's {layer} is "
            "batch norm, which mixes the batch; use layer norm, group norm or no norm in the critic"
        )
