r"""What a VAE with linear networks is measured by: probabilistic principal component analysis.

With x = W z + b + σ ε, z ~ N(0, I) of k numbers, the bound of a linear VAE has the optimum of the
likelihood itself: log p of that model with σ² known, of which W spans the axes of the eigenvalues
λ_i > σ² of the data's covariance, at most k of them; or with σ² the mean of the rest. Latents
beyond collapse: #{i ≤ k: λ_i ≤ σ²}. Don't Blame the ELBO! A Linear VAE Perspective on Posterior
Collapse (Lucas et al. 2019, arXiv 1911.02469); Probabilistic Principal Component Analysis (Tipping,
Bishop 1999).

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "Optimum", "linear_bound", "optimum"]


class Optimum(NamedTuple):
    """The best there is: the mean log likelihood in nats, and how many of the latents collapse."""

    log_prob: float
    collapsed: int


def optimum(x: Tensor, latent: int, deviation: float | None) -> Optimum:
    """Return the best of probabilistic PCA on the examples ``x`` themselves, in closed form.

    Args:
        x: (N, …).
        latent: k.
        deviation: σ where it is known; none: it is learned too.
    """
    import torch

    rows = x.flatten(1).double()
    values = torch.linalg.eigvalsh(torch.cov(rows.T, correction=0)).flip(0)
    noise = float(values[latent:].mean()) if deviation is None else deviation**2
    kept = int((values[:latent] > noise).sum())
    model = torch.full_like(values, noise)
    model[:kept] = values[:kept]
    each = model.log() + values / model + math.log(2 * math.pi)
    return Optimum(-0.5 * float(each.sum()), latent - kept)


def linear_bound(game: Any, x: Tensor, deviation: float | None) -> float:
    """Return the mean bound of a VAE with a linear decoder, E_q in closed form, in float64, nats.

    E_q |x − W z − b|² = |x − W m − b|² + Σ_i std_i² |W e_i|², with q = N(m, diag std²).

    Args:
        game: the VAE, of a normal law with one scale.
        x: (N, …).
        deviation: σ where the game has not learned it.
    """
    import torch

    from counterplay.costs import standard_normal_kl

    wide, rows = copy.deepcopy(game).double(), x.double()
    mean, log_std = wide.posterior(rows)
    k = mean.shape[1]
    at = wide.render(torch.cat([mean.new_zeros(1, k), torch.eye(k).to(mean)])).flatten(1)
    axes, centre = at[1:] - at[0], at[0]
    noise = float((2 * wide.log_std).exp().detach()) if deviation is None else deviation**2
    square = (rows.flatten(1) - mean @ axes - centre).square().sum(1)
    square += (2 * log_std).exp() @ axes.square().sum(1)
    dims = rows[0].numel()
    each = -0.5 * (square / noise + dims * math.log(2 * math.pi * noise))
    return float((each - standard_normal_kl(mean, log_std).sum(1)).mean())


def _pca_gap(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return by how many nats the bound of training examples is below the best there is."""
    spec: Any = outcome.plan.recipe.game
    best = optimum(on.train, spec.latent, spec.deviation)
    game: Any = outcome.sampler.game
    return {"value": best.log_prob - linear_bound(game, on.train, spec.deviation)}


def _collapsed(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return how many latents tell nothing of an example, beside how many have to."""
    from counterplay.games.collapse import active_units

    game: Any = outcome.sampler.game
    spec: Any = outcome.plan.recipe.game
    active = int(active_units(game.encode(on.train)).sum())
    best = optimum(on.train, spec.latent, spec.deviation)
    return {"value": float(spec.latent - active), "reference": float(best.collapsed)}


POWERS: dict[str, Callable[[Outcome, Bench], dict[str, float]]] = {
    "ppca_gap": _pca_gap,
    "collapsed": _collapsed,
}
"""Name -> what is measured of the game beside probabilistic PCA."""
