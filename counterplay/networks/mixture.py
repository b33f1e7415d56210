r"""What a network puts out for one number, as a law on the K levels of that number.

Notation: a number x in [-1, 1] stands on level k when x = 2 k / (K − 1) − 1. A network puts out P
numbers for each: K logits (:data:`CATEGORICAL`), or a mixture of M logistic laws cut up at the
middles between levels (:func:`logistics`), P = 3 M: weights, places, spreads.

    P(k) = sum_m w_m [σ((x + h − μ_m) / s_m) − σ((x − h − μ_m) / s_m)],   h = 1 / (K − 1),

the lowest level with all mass below it, the highest with all above. PixelCNN++: Improving the
PixelCNN with Discretized Logistic Mixture Likelihood (Salimans et al. 2017, arXiv 1701.05517).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from counterplay.decoders import discretised_logistic

__all__ = ["CATEGORICAL", "Output", "coupled", "logistics"]


@dataclass(frozen=True)
class Output:
    """The law that a network's output means.

    Attributes:
        log_mass: (output (…, P), levels int64 (…)) -> log P(level) in nats, (…).
        draw: (output (n, P), rng) -> levels drawn with a CPU generator, int64 (n,).
    """

    log_mass: Callable[[Tensor, Tensor], Tensor]
    draw: Callable[[Tensor, torch.Generator], Tensor]


def _chosen(logits: Tensor, levels: Tensor) -> Tensor:
    each = cross_entropy(logits.flatten(0, -2), levels.flatten(), reduction="none")
    return -each.view(levels.shape)


def _drawn(logits: Tensor, rng: torch.Generator) -> Tensor:
    below = logits.softmax(1).cumsum(1)
    luck = torch.rand(len(logits), 1, generator=rng).to(below)
    # The last level takes what rounding leaves of the unit interval.
    return (below[:, :-1] <= luck).sum(1)


CATEGORICAL = Output(_chosen, _drawn)
"""A logit for each level."""


def logistics(levels: int) -> Output:
    """Return the mixture of logistic laws on ``levels`` levels; outputs are (…, 3 M).

    Unlike a categorical law it knows that neighbouring levels are neighbours. A level is drawn from
    one of the laws, whose number x is rounded: what it costs does not depend on the levels.
    """
    law = discretised_logistic(levels, "pixel")

    def log_mass(output: Tensor, level: Tensor) -> Tensor:
        full = torch.promote_types(output.dtype, torch.float32)  # of bf16, under autocast
        weight, place, spread = output.to(full).chunk(3, -1)
        x = (2 * level / (levels - 1) - 1).to(place).unsqueeze(-1).expand_as(place)
        each = law.log_prob(x.reshape(-1, 1), torch.stack([place, spread], -1).view(-1, 2), None)
        return torch.logsumexp(weight.log_softmax(-1) + each.view_as(place), -1)

    def draw(output: Tensor, rng: torch.Generator) -> Tensor:
        weight, place, spread = output.chunk(3, -1)
        which = _drawn(weight, rng)[:, None]
        one = torch.cat([place.gather(1, which), spread.gather(1, which)], 1)
        x = law.sample(one, None, rng)[:, 0]
        return ((x + 1) / 2 * (levels - 1)).round().long()

    return Output(log_mass, draw)


def coupled(output: Tensor, x: Tensor, components: int) -> Tensor:
    r"""Return a mixture whose places follow the colours before, linearly: μ_c + sum_{b<c} α_cb x_b.

    Args:
        output: (N, C, …, 3 M + C M): a mixture for each colour, then its slopes α before tanh.
        x: the colours' values, (N, C, …); those of a colour and after it are not used for it.
        components: M.

    Returns:
        (N, C, …, 3 M).
    """
    weight, place, spread, *slopes = output.split(components, -1)
    slope = torch.stack(slopes, 2).tanh()  # (N, C of the target, C of the source, …, M)
    before = torch.ones(len(slopes), len(slopes), device=x.device).tril(-1)
    seen = before.view(*before.shape, *[1] * (x.ndim - 2)) * x.unsqueeze(1)
    shift = (slope * seen.unsqueeze(-1).to(slope)).sum(2)
    return torch.cat([weight, place + shift, spread], -1)
