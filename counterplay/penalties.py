r"""Penalties on a critic: ``(critic, real, fake, noise) -> scalar``, always in float32.

Notation: f is the critic, a map (N, …) -> (N,) that treats each example by itself, and
‖∇f(x_i)‖ is the Euclidean norm over all axes but the first. The sum over the batch is
differentiated once: its gradient at x_i is example i's own only where no example looks at another,
so a critic that mixes the batch is refused (see :func:`refuse_coupled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from counterplay.errors import UserError
from counterplay.game import Optimise
from counterplay.networks.minibatch import MinibatchDiscrimination, MinibatchStd
from counterplay.views import Noise, View

__all__ = [
    "PENALTIES",
    "SLOPES",
    "VALUES",
    "Charge",
    "Clipped",
    "History",
    "Penalty",
    "charges",
    "clipped",
    "consistency",
    "couples",
    "dragan",
    "drift",
    "gradient_norms",
    "gradient_penalty",
    "interpolate",
    "one_sided",
    "r1",
    "r2",
    "refuse_coupled",
]

Critic = Callable[[Tensor], Tensor]

Penalty = Callable[[Critic, Tensor, Tensor, Noise], Tensor]
"""(critic, real, fake, noise) -> scalar."""


class Charge(NamedTuple):
    r"""A penalty, and how much and how often it is paid.

    With ``every`` = k the penalty R is evaluated in each k-th round and weighs k times as much:
    over k rounds the critic's gradients sum up to Σ ∇L + k · w ∇R in the place of Σ (∇L + w ∇R),
    the same to first order in the learning rate. L and R share one backward pass and one move of
    the optimiser, so there are as many moves, and as many updates of Adam's means, as without;
    neither learning rate nor betas change. (Analyzing and Improving the Image Quality of StyleGAN,
    Karras et al. 2019, arXiv 1912.04958, appendix B, moves apart for R: k + 1 moves in k rounds,
    and therefore scales both, lr by k / (k + 1), β to that power.) What does change is the
    gradient's variance from round to round, and with it Adam's second moment: on toy laws and on
    Stacked-MNIST lazy penalties fail altogether (The GAN is dead; long live the GAN!, Huang et al.
    2024, arXiv 2501.05441, appendix E). There penalise in every round.

    Attributes:
        weight: w ≥ 0.
        penalty: R.
        every: k, rounds from one evaluation to the next.
    """

    weight: float
    penalty: Penalty
    every: int = 1

    def due(self, step: int) -> bool:
        """Return whether it is paid in round ``step``: the last of each ``every`` rounds."""
        return (step + 1) % self.every == 0

    def paid(self, critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
        """Return k · w · R."""
        return self.every * self.weight * self.penalty(critic, real, fake, noise)


def charges(penalties: Mapping[str, Any]) -> dict[str, Charge]:
    """Return ``penalties``, name -> (weight, penalty) or a :class:`Charge`, as charges all."""
    return {name: Charge(*pair) for name, pair in penalties.items()}


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


def gradient_penalty(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return E (‖∇f(x̂)‖ − 1)², x̂ uniform on the lines between real and generated examples.

    Improved Training of Wasserstein GANs (Gulrajani et al. 2017, arXiv 1704.00028).
    """
    return (gradient_norms(critic, interpolate(real, fake, noise.uniform())) - 1).square().mean()


def one_sided(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return E max(0, ‖∇f(x̂)‖ − 1)²: slopes below 1 are free.

    On the regularization of Wasserstein GANs (Petzka et al. 2017, arXiv 1709.08894).
    """
    norms = gradient_norms(critic, interpolate(real, fake, noise.uniform()))
    return (norms - 1).clamp(min=0).square().mean()


def r1(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return ½ E ‖∇f(x)‖² on real examples.

    Which Training Methods for GANs do actually Converge? (Mescheder et al. 2018, arXiv 1801.04406).
    """
    return 0.5 * gradient_norms(critic, real).square().mean()


def r2(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return ½ E ‖∇f(G(z))‖² on generated examples (Mescheder et al. 2018)."""
    return 0.5 * gradient_norms(critic, fake).square().mean()


def dragan(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return E (‖∇f(x + δ)‖ − 1)², δ uniform on [-½, ½] in each coordinate.

    On Convergence and Stability of GANs (Kodali et al. 2017, arXiv 1705.07215). The authors' code
    shifts by half the batch's standard deviation times U[0, 1]; here data are scaled to a deviation
    of about 1, and the shift is centred, so that it favours no direction and mixes no batch.
    """
    shift = noise.uniform(*real.shape[1:]) - 0.5
    return (gradient_norms(critic, real + shift) - 1).square().mean()


def drift(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
    """Return E f(x)² on real examples, which ties down the constant that f is free to have.

    Progressive Growing of GANs (Karras et al. 2017, arXiv 1710.10196), with weight 0.001.
    """
    with torch.autocast(real.device.type, enabled=False):
        return critic(real.detach().float()).square().mean()


def consistency(view: View) -> Penalty:
    """Return the penalty E (f(x) − f(T(x)))² on real examples.

    The critic is to value an example and its augmentation alike: Consistency Regularization for
    Generative Adversarial Networks (Zhang et al. 2019, arXiv 1910.12027), with weight 10.

    Args:
        view: T.
    """

    def penalty(critic: Critic, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
        with torch.autocast(real.device.type, enabled=False):
            x = real.detach().float()
            return (critic(x) - critic(view(x, noise))).square().mean()

    return penalty


SLOPES: dict[str, Penalty] = {
    "gradient_penalty": gradient_penalty,
    "one_sided": one_sided,
    "r1": r1,
    "r2": r2,
    "dragan": dragan,
}
"""Penalties on f's slope, which need each example's own."""

VALUES: dict[str, Penalty] = {"drift": drift}
"""Penalties on f's values, which any critic can pay."""

PENALTIES: dict[str, Penalty] = SLOPES | VALUES
"""The penalties that take no number; :func:`consistency` is made with its augmentation."""

MIXES: dict[type[nn.Module], str] = {
    _BatchNorm: "batch norm, which mixes the batch; use layer norm, group norm or no norm in the "
    "critic",
    MinibatchDiscrimination: "minibatch discrimination, which compares the batch; use packs "
    "(view=View(pack=2)) in its place, or no penalty of slopes",
    MinibatchStd: "a minibatch deviation, which compares the batch; use packs "
    "(view=View(pack=2)) in its place, or no penalty of slopes",
}
"""The layers by which examples of a batch see each other, and what would work in their place."""


def couples(critic: nn.Module) -> str:
    """Return the name of a sub-module that lets examples of a batch see each other, or ""."""
    for name, module in critic.named_modules():
        if isinstance(module, tuple(MIXES)):
            return name or type(module).__name__
    return ""


def refuse_coupled(critic: nn.Module, penalty: str) -> None:
    """Refuse a critic that mixes the batch under a penalty of per-example gradients.

    Raises:
        UserError: naming the layer, and what to use in its place.
    """
    if layer := couples(critic):
        module = dict(critic.named_modules()).get(layer, critic)
        advice = next(words for kind, words in MIXES.items() if isinstance(module, kind))
        raise UserError(
            f"{penalty} needs the gradient of each example by itself, but the critic's {layer} is "
            f"{advice}"
        )


@dataclass(frozen=True)
class Clipped:
    """A way to move after which every parameter lies in [-bound, bound].

    Attributes:
        optimise: the way to move.
        bound: above 0.
    """

    optimise: Optimise
    bound: float

    def __call__(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return the optimiser, which clips after each of its steps."""
        own = list(parameters)
        optimiser = self.optimise(own)
        optimiser.register_step_post_hook(lambda *_: self._clip(own))
        return optimiser

    @torch.no_grad()
    def _clip(self, own: list[nn.Parameter]) -> None:
        for p in own:
            p.clamp_(-self.bound, self.bound)


def clipped(optimise: Optimise, bound: float = 0.01) -> Clipped:
    """Return ``optimise`` with weights clipped, which bounds a critic's slope.

    For Wasserstein's cost: Wasserstein GAN (Arjovsky et al. 2017, arXiv 1701.07875), by RMSProp
    with a learning rate of 5e-5 and no momentum.
    """
    return Clipped(optimise, bound)


class History(nn.Module):
    """Historical averaging: ‖θ − θ̄_t‖², θ̄_t the mean of θ over the rounds up to now.

    Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498), section 3.3.

    Args:
        module: whose parameters are θ; the mean is kept in a buffer, the module is not.
    """

    mean: Tensor
    rounds: Tensor
    last: Tensor

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros_like(_flat(module)))
        self.register_buffer("rounds", torch.zeros(()))
        self.register_buffer("last", torch.tensor(-1))

    def forward(self, module: nn.Module, step: int) -> Tensor:
        """Return the squared distance, a scalar; θ enters the mean once in each round ``step``."""
        now = _flat(module)
        with torch.no_grad():
            new = (self.last != step).float()
            self.rounds.add_(new)
            self.mean.lerp_(now.detach(), new / self.rounds.clamp(min=1))
            self.last.fill_(step)
        return (now - self.mean).square().sum()


def _flat(module: nn.Module) -> Tensor:
    return torch.cat([p.flatten() for p in module.parameters()])
