"""Laws fitted to codes after the event, so that a decoder without a prior can be drawn from.

A fit is a function (codes (N, K), seed) -> law with ``sample(n, rng)``: ex-post density estimation
in From Variational to Deterministic Autoencoders (Ghosh et al. 2019, arXiv 1903.12436).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.game import Law, generator, quiet, seeded
from counterplay.networks.flows import Transform
from counterplay.networks.flows.models import masked

__all__ = ["FITS", "Fit", "Flowing", "Mixed", "flowing", "mixed", "normal"]

Fit = Callable[[Tensor, int], Law]
"""(codes (N, K), seed) -> the law that was fitted to them."""


@dataclass(frozen=True)
class Mixed:
    """A mixture of normals N(mean_j, R_j R_jᵀ) with ``shares`` (J,), means (J, K), R (J, K, K)."""

    shares: Tensor
    means: Tensor
    roots: Tensor

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw ``n`` codes, (n, K)."""
        which = torch.multinomial(self.shares, n, replacement=True, generator=rng)
        noise = torch.randn(n, self.means.shape[1], 1, generator=rng)
        return self.means[which] + (self.roots[which] @ noise).squeeze(2)

    def log_prob(self, z: Tensor) -> Tensor:
        """Return the log density in nats, (N,)."""
        parts = torch.distributions.MultivariateNormal(self.means, scale_tril=self.roots)
        return torch.logsumexp(parts.log_prob(z[:, None]) + self.shares.log(), 1)


@dataclass(frozen=True)
class Flowing:
    """The law of mean + deviation · f⁻¹(e), e ~ N(0, I)."""

    transform: Transform
    mean: Tensor
    deviation: Tensor

    def sample(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw ``n`` codes, (n, K)."""
        noise = torch.randn(n, len(self.mean), generator=rng)
        with quiet(self.transform):
            return self.mean + self.deviation * self.transform.inverse(noise)[0]

    def log_prob(self, z: Tensor) -> Tensor:
        """Return the log density in nats, (N,)."""
        with quiet(self.transform):
            return _flow_log_prob(self.transform, (z - self.mean) / self.deviation) - (
                self.deviation.log().sum()
            )


def normal(codes: Tensor, seed: int = 0) -> Mixed:
    """Return the normal law with the codes' mean and covariance."""
    if not bool(codes.isfinite().all()):
        return _independent(codes)
    root = torch.linalg.cholesky(_covariance(codes))
    return Mixed(torch.ones(1), codes.mean(0)[None], root[None])


def mixed(components: int = 10) -> Fit:
    """Return the fit of a mixture of ``components`` normals, by scikit-learn's EM.

    Of fewer than ten codes a component no covariance can be told: there are fewer components then.
    """

    def fit(codes: Tensor, seed: int = 0) -> Mixed:
        from sklearn.mixture import GaussianMixture

        if not bool(codes.isfinite().all()):
            return _independent(codes)
        count = max(1, min(components, len(codes) // max(10, 2 * codes.shape[1])))
        found = GaussianMixture(count, random_state=seed % 2**32, reg_covar=1e-4)
        try:
            found.fit(codes.double().numpy())
        except ValueError:  # codes so far apart that covariances have no roots in numbers
            return _independent(codes)
        parts = found.weights_, found.means_, found.covariances_
        shares, means, covariances = (torch.from_numpy(each).float() for each in parts)
        roots, failed = torch.linalg.cholesky_ex(covariances)
        return _independent(codes) if bool(failed.any()) else Mixed(shares, means, roots)

    return fit


def _independent(codes: Tensor) -> Mixed:
    """Return the normal law of independent codes: of codes that are no numbers it draws none.

    A training that went astray is told by its samples, and not ended by the fit to its codes.
    """
    return Mixed(torch.ones(1), codes.mean(0)[None], torch.diag(codes.std(0))[None])


def flowing(rounds: int = 400, hidden: int = 64) -> Fit:
    """Return the fit of a masked autoregressive flow, by ``rounds`` of Adam on 256 codes each."""

    def fit(codes: Tensor, seed: int = 0) -> Flowing:
        mean, deviation = codes.mean(0), codes.std(0).clamp(min=1e-6)
        scaled = (codes - mean) / deviation
        rng = generator(seed, "codes")
        with seeded(seed, "codes"), torch.enable_grad():
            transform = masked(codes.shape[1], [hidden, hidden], 3)
            optimiser = torch.optim.Adam(transform.parameters(), lr=2e-3)
            for i in range(rounds):
                optimiser.param_groups[0]["lr"] = 2e-3 * (1 - i / rounds)
                rows = torch.randint(len(scaled), (256,), generator=rng)
                optimiser.zero_grad()
                (-_flow_log_prob(transform, scaled[rows]).mean()).backward()
                optimiser.step()
        return Flowing(transform.requires_grad_(False), mean, deviation)

    return fit


def _flow_log_prob(transform: Transform, z: Tensor) -> Tensor:
    e, log_det = transform(z)
    constant = 0.5 * e.shape[1] * torch.log(torch.tensor(2 * torch.pi))
    return log_det - 0.5 * e.square().sum(1) - constant


def _covariance(codes: Tensor) -> Tensor:
    # A code that stands still has no variance, and a little keeps the root.
    found = torch.cov(codes.T).view(codes.shape[1], codes.shape[1])
    return found + 1e-6 * torch.eye(len(found))


FITS: dict[str, Callable[[], Fit]] = {
    "normal": lambda: normal,
    "mixture": mixed,
    "flow": flowing,
}
"""Name -> makes the fit."""
