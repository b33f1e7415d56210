r"""Two-sample tests by a classifier: can one tell generated examples from real ones?

The accuracy is 1/2 for equal laws and 1 for laws that are told apart. Three classifiers:

- :func:`nearest_neighbour_test`: each example is given the kind of its nearest other one. Its null
  distribution is exact: the graph of neighbours stays, the kinds are dealt out anew. The accuracy
  among real and among generated examples apart says why: generated ones close to each other and
  far from real ones are collapse or bad quality (generated accuracy high), copies give both below
  1/2.
- :func:`logistic_test`: a line between them, trained on one half and counted on the other.
- :func:`network_test`: a small network, likewise.

The held-out half has n/2 of each kind. When the laws are equal, which of its examples are the
generated ones is a matter of chance whatever the classifier learned: of k that it calls generated,
hypergeometrically many are. So the p-value is exact, and the accuracy is 1/2 ± 1/(2√n). (A half
drawn without regard to kind would have the opposite excess of the training half, and an accuracy
below 1/2.)

Sources: Revisiting classifier two-sample tests (Lopez-Paz and Oquab, 2017, arXiv:1610.06545); An
empirical study on evaluation metrics of generative adversarial networks (Xu et al., 2018,
arXiv:1806.07755).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from counterplay.game import generator
from counterplay.metrics.checks import check_pair
from counterplay.metrics.distances import centre, closest
from counterplay.metrics.intervals import wilson
from counterplay.metrics.measured import Measured, rank_p

__all__ = ["classifier_test", "logistic_test", "nearest_neighbour_test", "network_test"]

Classify = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(training features, their kinds as 0 and 1, features) -> a score (n,), above 0 for kind 1."""

WIDTH, STEPS = 64, 200


@torch.no_grad()
def nearest_neighbour_test(
    real: Tensor, generated: Tensor, seed: int = 0, permutations: int = 500
) -> Measured:
    """Return the leave-one-out accuracy of one neighbour, with its permutation p-value.

    Equal counts of both are compared, so that 1/2 is the accuracy of equal laws (nearly: an
    example is not its own neighbour, which leaves n − 1 of its kind and n of the other).

    Raises:
        UserError: when a sample has fewer than 5 examples, columns differ, or a value is not
            finite.
    """
    x, kind = _joined(real, generated, seed)
    _, index = closest(x, x, 1, themselves=torch.arange(len(x)))
    nearest, n = index[:, 0].cpu(), len(x)
    right = kind[nearest] == kind
    rng = generator(seed, "c2st", "null")
    dealt = kind[torch.stack([torch.randperm(n, generator=rng) for _ in range(permutations)])]
    null = (dealt == dealt[:, nearest]).double().mean(1)
    value, half = float(right.double().mean()), n // 2
    about = (
        ("accuracy on real", float(right[:half].double().mean())),
        ("accuracy on generated", float(right[half:].double().mean())),
        ("null spread", float(null.std())),
    )
    # Neighbours of each other are right together: the null's spread is above the binomial one.
    width = max(1.0, float(null.std()) / (0.5 / n**0.5))
    interval = wilson(value, max(1, round(n / width**2)))
    return Measured(value, interval, (half - 1) / (n - 1), rank_p(value, null), about)


def logistic_test(real: Tensor, generated: Tensor, seed: int = 0) -> Measured:
    """Return the held-out accuracy of logistic regression; raises as :func:`classifier_test`."""
    return classifier_test(real, generated, _logistic, seed)


def network_test(real: Tensor, generated: Tensor, seed: int = 0) -> Measured:
    """Return the held-out accuracy of a small network; raises as :func:`classifier_test`."""

    def network(x: Tensor, kind: Tensor, held: Tensor) -> Tensor:
        return _network(x, kind, held, seed)

    return classifier_test(real, generated, network, seed)


def classifier_test(real: Tensor, generated: Tensor, classify: Classify, seed: int = 0) -> Measured:
    """Return the held-out accuracy of ``classify`` on equal counts of features (N, F), (M, F).

    Raises:
        UserError: when a sample has fewer than 5 examples, columns differ, or a value is not
            finite.
    """
    x, kind = _joined(real, generated, seed)
    half = len(x) // 4
    order = torch.randperm(len(x) // 2, generator=generator(seed, "c2st", "halves"))
    train, held = (torch.cat([part, part + len(x) // 2]) for part in (order[:half], order[half:]))
    mean, scale = x[train].mean(0), x[train].std(0).mean().clamp(min=1e-12)
    x = (x - mean) / scale
    scores = classify(x[train], kind[train].to(x.device), x[held]).cpu()
    said, n = scores > 0, len(held)
    accuracy = int((said == (kind[held] == 1)).sum()) / n
    p = _hypergeometric(int((said & (kind[held] == 1)).sum()), int(said.sum()), n)
    return Measured(accuracy, wilson(accuracy, n), 0.5, p)


def _hypergeometric(right: int, said: int, n: int) -> float:
    """Return the chance of ``right`` or more among ``said`` of ``n``, half of which count."""
    from scipy.stats import hypergeom

    return float(hypergeom.sf(right - 1, n, n // 2, said))


def _joined(real: Tensor, generated: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Return equal counts of both, real first, float32 (2n, F), and their kinds, int64 (2n,)."""
    real, generated = centre(*check_pair(real, generated, least=5))
    n = min(len(real), len(generated))
    parts = []
    for name, x in (("real", real), ("generated", generated)):
        chosen = torch.randperm(len(x), generator=generator(seed, "c2st", name))[:n]
        parts.append(x[chosen.to(x.device)])
    return torch.cat(parts), torch.arange(2).repeat_interleave(n)


def _logistic(x: Tensor, kind: Tensor, held: Tensor) -> Tensor:
    """Ridge logistic regression by Newton steps, in float64: smooth, convex, F + 1 unknowns."""
    ones = [
        torch.cat([each.double(), each.new_ones(len(each), 1).double()], 1) for each in (x, held)
    ]
    a, target = ones[0], kind.double()
    weights, ridge = a.new_zeros(a.shape[1]), torch.eye(a.shape[1]).to(a)
    for _ in range(15):
        p = (a @ weights).sigmoid()
        slope = a.T @ (p - target) + weights
        weights = weights - torch.linalg.solve(a.T @ ((p * (1 - p))[:, None] * a) + ridge, slope)
    return ones[1] @ weights


def _network(x: Tensor, kind: Tensor, held: Tensor, seed: int) -> Tensor:
    """One hidden layer of 64, trained by Adam on the whole half at once."""
    rng = generator(seed, "c2st", "network")
    first = torch.randn(x.shape[1], WIDTH, generator=rng) * (2 / x.shape[1]) ** 0.5
    last = torch.randn(WIDTH, 1, generator=rng) * (1 / WIDTH) ** 0.5
    shapes = (first, torch.zeros(WIDTH), last, torch.zeros(1))
    layers = [each.to(x).requires_grad_() for each in shapes]
    optimiser = torch.optim.Adam(layers, lr=1e-2, weight_decay=1e-3)

    def logit(x: Tensor) -> Tensor:
        hidden = functional.silu(x @ layers[0] + layers[1])
        return (hidden @ layers[2] + layers[3])[:, 0]

    with torch.enable_grad():
        for _ in range(STEPS):
            cost = functional.binary_cross_entropy_with_logits(logit(x), kind.float())
            optimiser.zero_grad()
            cost.backward()
            optimiser.step()
    return logit(held).detach()
