r"""Costs: pure functions of a critic's outputs.

Notation: a = critic(x) on real examples, b = critic(G(z)) on generated ones, both logits of shape
(N,) unless said otherwise; σ is the logistic function, D = σ(logit) the probability of "real", and
softplus(t) = log(1 + e^t), so that −log D = softplus(−logit) and −log(1 − D) = softplus(logit).
No cost takes a probability: −log(D + ε) saturates where softplus does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softplus

__all__ = [
    "COSTS",
    "Cost",
    "gaussian_nll",
    "logistic_critic",
    "non_saturating",
    "relativistic",
    "saturating",
    "standard_normal_kl",
    "wasserstein",
]


@dataclass(frozen=True)
class Cost:
    """What the two players of an adversarial game minimise, as functions of (a, b).

    Attributes:
        critic: (a, b) -> scalar.
        generator: (a, b) -> scalar; it is given ``a`` only when ``paired``, else an empty tensor.
        paired: whether the generator's cost looks at the critic's values of real examples.
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    paired: bool = False


def logistic_critic(real: Tensor, fake: Tensor) -> Tensor:
    """Return −E log D(x) − E log(1 − D(G(z))), least at D = p / (p + q): 2 ln 2 − 2 JSD.

    Generative Adversarial Nets (Goodfellow et al. 2014, arXiv 1406.2661), its sign turned round
    because everybody minimises.
    """
    return softplus(-real).mean() + softplus(fake).mean()


saturating = Cost(logistic_critic, lambda real, fake: -softplus(fake).mean())
"""Minimax: G minimises E log(1 − D(G(z))); at the best critic its gradient is 2 ∇JSD."""

non_saturating = Cost(logistic_critic, lambda real, fake: softplus(-fake).mean())
"""The generator minimises −E log D(G(z)); at the best critic its gradient is ∇[KL(q‖p) − 2 JSD]."""

wasserstein = Cost(lambda real, fake: fake.mean() - real.mean(), lambda real, fake: -fake.mean())
"""The critic minimises E b − E a, minus the dual's value; the generator minimises −E b.

Wasserstein GAN (Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875). Needs a Lipschitz critic.
"""

relativistic = Cost(
    lambda real, fake: softplus(fake - real).mean(),
    lambda real, fake: softplus(real - fake).mean(),
    paired=True,
)
"""Each generated example is compared with a real one: −E log σ(a − b) and −E log σ(b − a).

The Relativistic Discriminator (Jolicoeur-Martineau 2018, arXiv 1807.00734), the pairing form.
"""

COSTS: dict[str, Cost] = {
    "saturating": saturating,
    "non_saturating": non_saturating,
    "wasserstein": wasserstein,
    "relativistic": relativistic,
}


def gaussian_nll(x: Tensor, mean: Tensor, log_std: Tensor) -> Tensor:
    """Return −log N(x; mean, std²) in nats, summed over all but the first axis, shape (N,)."""
    square = ((x - mean) * torch.exp(-log_std)).square()
    each = 0.5 * square + log_std + 0.5 * math.log(2 * math.pi)
    return each.flatten(1).sum(1)


def standard_normal_kl(mean: Tensor, log_std: Tensor) -> Tensor:
    """Return KL(N(mean, std²) ‖ N(0, I)) in nats per dimension, shape as ``mean``.

    ½ (mean² + std² − 1) − log std.
    """
    return 0.5 * (mean.square() + torch.exp(2 * log_std) - 1) - log_std
