r"""What a classifier says of the samples: confidence, balance between classes, agreement.

All take the classifier's probabilities (N, K), rows summing to 1.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_features, double
from counterplay.metrics.intervals import Interval, around
from counterplay.metrics.kid import Estimate

__all__ = ["class_counts", "class_kl", "classifier_score", "confident"]

LEAST = 10
"""How many samples a class a classifier score needs."""


@torch.no_grad()
def confident(probabilities: Tensor, threshold: float = 0.9) -> Tensor:
    """Return which samples the classifier gives to one class with more than ``threshold``. (N,)."""
    return probabilities.amax(1) > threshold


@torch.no_grad()
def class_counts(probabilities: Tensor) -> Tensor:
    """Return how many samples fall to each class, int64 (K,)."""
    return torch.bincount(probabilities.argmax(1).cpu(), minlength=probabilities.shape[1])


def class_kl(counts: Tensor, data: Tensor) -> Estimate:
    """Return KL(generated ‖ data) between two class histograms (K,), in nats, with its error.

    Half a count is added to each class (Jeffreys), so that a class missing on either side gives a
    large figure and not an infinite one. For equal laws it is about (K − 1)/2 · (1/n + 1/m). The
    error is that of first order and of the χ² left at equality.
    """
    k, n, m = len(counts), int(counts.sum()), int(data.sum())
    p = (counts.double() + 0.5) / (n + k / 2)
    q = (data.double() + 0.5) / (m + k / 2)
    ratio = (p / q).log()
    value = float((p * ratio).sum())
    first = float((p * ratio.square()).sum()) - value**2
    data_noise = float((p.square() / q).sum()) - 1
    equal = (k - 1) / 2 * (1 / n + 1 / m) ** 2
    return Estimate(value, math.sqrt(max(0.0, first) / n + max(0.0, data_noise) / m + equal))


@torch.no_grad()
def classifier_score(probabilities: Tensor) -> tuple[float, Interval]:
    r"""Return exp E KL(p(c|x) ‖ p(c)) with an interval: the Inception score's formula.

    Between 1 (every sample looks alike, or nothing looks like anything) and K. It is blind to
    collapse within a class and never looks at real data; and it cannot exceed the number of
    samples, so at one sample it is identically 1.

    Source: Improved techniques for training GANs (Salimans et al., 2016, arXiv:1606.03498). The
    whole sample at once, not the mean of ten tenths; with one's own classifier it is comparable
    with nothing but its own value on real data.

    Raises:
        UserError: with fewer than 10 samples a class, where the score measures the sample count.
    """
    probabilities = double(check_features(probabilities, "the probabilities", least=1))
    n, k = probabilities.shape
    if n < LEAST * k:
        raise UserError(
            f"a classifier score of {n} samples over {k} classes measures the sample count "
            f"(at 1 sample it is always 1): use at least {LEAST * k}"
        )
    each = _entropy(probabilities.mean(0, keepdim=True)) - _entropy(probabilities)
    # The mean of KL(p_i ‖ mean p) is the mean entropy gap; its influence is KL(p_i ‖ mean p).
    log_mean = probabilities.mean(0).clamp(min=1e-300).log()
    influence = -_entropy(probabilities) - probabilities @ log_mean
    low, high = around(float(each.mean()), float(influence.std()) / math.sqrt(n), least=0.0)
    return math.exp(float(each.mean())), (math.exp(low), min(float(k), math.exp(high)))


def _entropy(p: Tensor) -> Tensor:
    """Return the entropy of each row in nats, with 0 log 0 = 0."""
    return torch.special.entr(p).sum(1)
