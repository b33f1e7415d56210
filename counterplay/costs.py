r"""Costs: pure functions of a critic's outputs.

Notation: a = critic(x) on real examples, b = critic(G(z)) on generated ones, both logits of shape
(N,) unless said otherwise; σ is the logistic function, D = σ(logit) the probability of "real", and
softplus(t) = log(1 + e^t), so that −log D = softplus(−logit) and −log(1 − D) = softplus(logit).
No cost takes a probability: −log(D + ε) saturates where softplus does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from counterplay.errors import UserError, nearest
from counterplay.fdivergences import DIVERGENCES

__all__ = [
    "COSTS",
    "Cost",
    "f_divergence",
    "feature_matching",
    "gaussian_nll",
    "hinge",
    "least_squares",
    "least_squares_to",
    "logistic_critic",
    "maximum_likelihood",
    "noisy",
    "non_saturating",
    "relativistic",
    "saturating",
    "smoothed",
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
        features: whether it is given, in the place of values, what the critic's last layer is
            given: features of shape (N, F).
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    paired: bool = False
    features: bool = False


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

maximum_likelihood = Cost(logistic_critic, lambda real, fake: -torch.exp(fake).mean())
"""The generator minimises −E exp(b); at the best critic, p / q = exp(b), its gradient is ∇KL(p‖q).

On distinguishability criteria for estimating generative models (Goodfellow 2014, arXiv 1412.6515).
"""

hinge = Cost(
    lambda real, fake: relu(1 - real).mean() + relu(1 + fake).mean(),
    lambda real, fake: -fake.mean(),
)
"""The critic minimises E max(0, 1 − a) + E max(0, 1 + b), best at the sign of p − q: 2 − 2 TV.

Geometric GAN (Lim, Ye 2017, arXiv 1705.02894).
"""

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


def least_squares_to(fake: float, real: float, wanted: float) -> Cost:
    """Return the cost of a critic that is to say ``real`` or ``fake``, by squares.

    The critic minimises ½ E (a − real)² + ½ E (b − fake)², best at
    (real · p + fake · q) / (p + q); the generator ½ E (b − wanted)². With (−1, 1, 0) the
    generator's, with ½ E (a − wanted)² added, is ½ χ²(p + q ‖ 2q) at the best critic:
    Least Squares Generative Adversarial Networks (Mao et al. 2016, arXiv 1611.04076), theorem 1.
    """
    return Cost(
        lambda a, b: 0.5 * ((a - real).square().mean() + (b - fake).square().mean()),
        lambda a, b: 0.5 * (b - wanted).square().mean(),
    )


least_squares = least_squares_to(0.0, 1.0, 1.0)
"""Least squares with the labels 0 and 1: the best critic is D = p / (p + q), unsquashed."""


def f_divergence(name: str) -> Cost:
    """Return the zero-sum game over the variational bound of a divergence D_f(p ‖ q).

    The critic minimises E f*(g(b)) − E g(a), least at −D_f; the generator −E f*(g(b)).

    Args:
        name: a row of :data:`counterplay.fdivergences.DIVERGENCES`.

    Raises:
        UserError: when there is no such row.
    """
    if name not in DIVERGENCES:
        raise UserError(f"no divergence '{name}'; {nearest(name, DIVERGENCES)}")
    row = DIVERGENCES[name]
    return Cost(
        lambda real, fake: row.charged(fake).mean() - row.activation(real).mean(),
        lambda real, fake: -row.charged(fake).mean(),
    )


COSTS: dict[str, Cost] = {
    "saturating": saturating,
    "non_saturating": non_saturating,
    "maximum_likelihood": maximum_likelihood,
    "least_squares": least_squares,
    "hinge": hinge,
    "wasserstein": wasserstein,
    "relativistic": relativistic,
    **{name: f_divergence(name) for name in DIVERGENCES},
}
"""The costs that take no number."""


def smoothed(cost: Cost = non_saturating, real: float = 0.9, fake: float = 0.0) -> Cost:
    """Return ``cost`` with a logistic critic that is taught α = ``real`` and β = ``fake``.

    It minimises −E [α log D + (1 − α) log(1 − D)] on real examples and the same with β on
    generated ones, best at D = (α p + β q) / (p + q). With β > 0 the generator is drawn to where it
    puts its mass already, so smooth one side only: Improved Techniques for Training GANs (Salimans
    et al. 2016, arXiv 1606.03498), section 3.4.

    Args:
        cost: of a logistic critic.
        real: α in (0, 1].
        fake: β in [0, 1).

    Raises:
        UserError: for another critic than the logistic one.
    """
    if cost.critic is not logistic_critic:
        raise UserError(
            "labels are smoothed for logistic critics: saturating, non_saturating and "
            "maximum_likelihood have one"
        )

    def critic(a: Tensor, b: Tensor) -> Tensor:
        return (
            _taught(a, real) + _taught(b, fake)  # cross entropies to the two labels
        )

    return replace(cost, critic=critic)


def _taught(logits: Tensor, label: float) -> Tensor:
    return (label * softplus(-logits) + (1 - label) * softplus(logits)).mean()


def noisy(cost: Cost, flips: float) -> Cost:
    """Return ``cost`` with a critic each of whose labels is wrong with probability ``flips``.

    It is the expectation over the flips, (1 − ε) L_f(a, b) + ε L_f(b, a), and not a draw of them:
    the same in the mean, and with less variance.

    Args:
        cost: one that looks at real and generated examples apart (not the relativistic one).
        flips: ε in [0, ½).
    """
    return replace(
        cost, critic=lambda a, b: (1 - flips) * cost.critic(a, b) + flips * cost.critic(b, a)
    )


def feature_matching(cost: Cost = non_saturating) -> Cost:
    """Return ``cost`` with a generator that matches the batch mean of the critic's features h.

    It minimises the mean over features of (E h(x) − E h(G(z)))². Batch means are matched, not
    pairs (Salimans et al. 2016, section 3.1).
    """

    def generator(real: Tensor, fake: Tensor) -> Tensor:
        return (real.mean(0) - fake.mean(0)).square().mean()

    return replace(cost, generator=generator, paired=True, features=True)


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
