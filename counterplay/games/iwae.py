"""The importance weighted autoencoder: a VAE whose player minimises the bound of K draws.

With z_k = m(x) + std(x) ε_k and w_k = p(x | z_k) p(z_k) / q(z_k | x), in nats per example,

    −L_K = −log (1/K) Σ_k w_k,        ∇ L_K = Σ_k ŵ_k ∇ log w_k,        ŵ_k = w_k / Σ_j w_j.

Importance Weighted Autoencoders (Burda, Grosse, Salakhutdinov 2015, arXiv 1509.00519).
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from counterplay.decoders import Decoded, gaussian
from counterplay.errors import UserError
from counterplay.game import Optimise, Round, Terms, adam
from counterplay.games.vae import VAE, WarmUp, check_samples, copies, importance_bound, steady

__all__ = ["IWAE"]


class IWAE(VAE):
    """A VAE whose player minimises −L_K, the bound of K importance samples.

    The reported cost is the bound itself, and its gradient is autograd's: with ŵ held constant and
    Σ ŵ_k log w_k for a cost the gradient would be the same and the value too good by up to log K.
    At K = 1 it is a VAE whose KL is sampled.

    Args:
        encoder: as for :class:`VAE`, and so are the next ones.
        decoder: likewise.
        latent: likewise.
        samples: K.
        move: likewise.
        decoded: likewise.
        warm_up: the factor w(t), here of log p(z) − log q(z | x) in each draw's log weight.
        refine: likewise.
        estimator: of the gradient: "plain", or "doubly" reparameterised: the same in the mean, with
            less noise.

    Raises:
        UserError: for no samples, and for a doubly reparameterised gradient of a refined posterior.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        *,
        samples: int = 5,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
        decoded: Decoded = gaussian(),  # noqa: B008 -- likewise
        warm_up: WarmUp = steady,
        refine: nn.Module | None = None,
        estimator: Literal["plain", "doubly"] = "plain",
    ) -> None:
        super().__init__(
            encoder, decoder, latent, move=move, decoded=decoded, warm_up=warm_up, refine=refine
        )
        check_samples(samples)
        self.samples = samples
        self.estimator = estimator
        if estimator == "doubly" and refine is not None:
            raise UserError(
                "a doubly reparameterised gradient of a refined posterior; "
                "take it without refine, or with the plain gradient"
            )

    def cost(self, round: Round) -> Terms:
        """Return the one term, −L_K in nats after the warm-up, averaged over the batch."""
        x, k = round.batch.x, self.samples
        noise = round.normal("posterior", k, self.latent.dim).transpose(0, 1)
        weigh = self._log_weights if self.estimator == "plain" else self._doubly
        log_weights = weigh(x, noise, self.warm_up(round.step))
        return {f"bound_{k}": -importance_bound(log_weights).mean()}

    def _doubly(self, x: Tensor, noise: Tensor, weight: float) -> Tensor:
        """Return the same log weights; by m and std their gradient goes through the draws alone.

        The bound's gradient by the posterior's parameters φ is

            Σ_k [ŵ_k ∂log w_k/∂z_k ∇z_k − w(t) ŵ_k ∂log q(z_k | x)/∂φ],

        and the score in it, reparameterised once more, is in the mean

            Σ_k (ŵ_k − ŵ_k²) ∂log w_k/∂z_k ∇z_k.

        What is left is (1 − w(t)) ŵ_k + w(t) ŵ_k² times ∂log w_k/∂z_k ∇z_k: nothing at all, and not
        only in the mean, where q is the model's own posterior. The paper has w(t) = 1.
        Doubly Reparameterized Gradient Estimators for Monte Carlo Objectives (Tucker, Lawson, Gu,
        Maddison 2018, arXiv 1810.04152).
        """
        at = self._posterior(x)
        z = at.mean + at.log_std.exp() * noise
        away = (z - at.mean.detach()) * (-at.log_std.detach()).exp()
        ratio = 0.5 * (z.square() - away.square()) - at.log_std.detach()
        distortion = self._distortion(copies(x, len(noise)), z.flatten(0, 1)).view(z.shape[:2])
        log_weights = -(distortion + weight * ratio.sum(2))
        if z.requires_grad:
            shares = torch.softmax(log_weights.detach(), 0).unsqueeze(2)
            z.register_hook(lambda slope: slope * (1 - weight + weight * shares))
        return log_weights
