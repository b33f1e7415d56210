r"""Autoencoders without a prior: one that goes through a code, and one that takes noise away.

Squares are summed over x's numbers and averaged over the batch. Where both networks are linear the
first is principal component analysis (Baldi, Hornik 1989). The second, r, is taught by
x̃ = x + σε to give x back; at its best r(x̃) = E[x | x̃], and by Tweedie's formula
(r(x̃) − x̃) / σ² = ∇ log p_σ(x̃), the score of the data blurred by σ. What Regularized Auto-Encoders
Learn from the Data Generating Distribution (Alain, Bengio 2012, arXiv 1211.4246).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from counterplay.costs import gaussian_nll
from counterplay.game import Game, Law, Optimise, Player, Round, Terms, adam, generator
from counterplay.games.codes import Fit, normal
from counterplay.laws import Normal
from counterplay.terms import rendered

__all__ = ["Autoencoder", "Denoiser", "langevin", "walk_back"]


KEPT = 2048
"""Codes of the last examples that are kept, to fit the law of samples to."""


class Autoencoder(Game):
    """Minimises E ‖x − decoder(encoder(x))‖².

    It has no prior: a sample is the decoder at a code drawn from a law that is fitted, when
    samples are asked for, to the codes of the last examples it learnt from.

    Args:
        encoder: examples -> codes, (N, K).
        decoder: codes -> examples.
        latent: K.
        fit: (codes, seed) -> their law, see :mod:`counterplay.games.codes`.
        move: how the player moves.
    """

    codes: Tensor
    seen: Tensor

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        *,
        fit: Fit = normal,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.fit = fit
        self.move = move
        # The bits of floats as whole numbers: an averaged copy and other processes have to leave
        # them as they are, a mean of the codes of two examples being the code of none.
        self.register_buffer("codes", torch.zeros(KEPT, latent, dtype=torch.int32))
        self.register_buffer("seen", torch.zeros((), dtype=torch.int64))

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns both networks."""
        return (Player("autoencoder", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the mean squared distance between examples and their reconstructions."""
        x = round.batch.x
        z = self.encoder(x)
        self._keep(z.detach())
        return {"distance": (self.decoder(z) - x).square().flatten(1).sum(1).mean()}

    def start(self, x: Tensor) -> None:
        """Let the decoder begin at the mean of ``x``; its last layer has to have a ``centre``."""
        self.decoder.centre(x.mean(0))  # pyright: ignore[reportCallIssue]

    @property
    def latent(self) -> Law:
        """The law of codes: N(0, I) before the first round, then what is fitted to the last."""
        count = min(int(self.seen), KEPT)
        if count <= self.codes.shape[1]:
            return Normal(self.codes.shape[1])
        return self.fit(self.codes[:count].view(torch.float32).cpu(), 0)

    def _keep(self, z: Tensor) -> None:
        # In a ring, and without asking the device where in it we are.
        few = z[:KEPT].float()
        places = (self.seen + torch.arange(len(few), device=z.device)) % KEPT
        self.codes[places] = few.view(torch.int32)
        self.seen += len(few)

    def encode(self, x: Tensor) -> Tensor:
        """Return the codes, (N, K)."""
        return rendered(self.encoder, x)

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return decoder(encoder(x))."""
        return self.render(self.encode(x))

    def render(self, z: Tensor) -> Tensor:
        """Return the decoder at codes ``z``, in evaluation mode and without gradients."""
        return rendered(self.decoder, z)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the decoder at codes of ``latent``."""
        z = self.latent.sample(n, generator(seed, "sample"))
        return self.render(z.to(next(self.parameters()).device))


Chain = Callable[["Denoiser", Tensor, torch.Generator], Tensor]
"""(denoiser, where to start, generator) -> where the chain ends."""


def langevin(steps: int, size: float) -> Chain:
    """Return the chain x ← x + ½ η score(x) + √η ξ, ξ ~ N(0, I), of the blurred data's law.

    It is biased by O(η): nothing is rejected.

    Args:
        steps: of the chain.
        size: η.
    """

    def chain(game: Denoiser, x: Tensor, rng: torch.Generator) -> Tensor:
        for _ in range(steps):
            x = x + 0.5 * size * game.score(x) + size**0.5 * _noise(x, rng)
        return x

    return chain


def walk_back(steps: int) -> Chain:
    """Return the chain that blurs x, then draws from P(x | x̃) = N(r(x̃), s² I), ``steps`` times.

    Its stationary law is the data's where P(x | x̃) is right. Generalized Denoising Auto-Encoders as
    Generative Models (Bengio et al. 2013, arXiv 1305.6663).
    """

    def chain(game: Denoiser, x: Tensor, rng: torch.Generator) -> Tensor:
        for _ in range(steps):
            x = game.denoise(x + game.std * _noise(x, rng))
            x = x + game.log_std.detach().exp() * _noise(x, rng)
        return x

    return chain


class Denoiser(Game):
    """Minimises −E log N(x; network(x + σε), s² I), s learned: the mean is E[x | x̃] whatever s is.

    Args:
        network: examples -> examples.
        shape: of one example.
        std: σ, the noise's standard deviation.
        chain: how :meth:`sample` goes on from N(0, I).
        move: how the player moves.
    """

    def __init__(
        self,
        network: nn.Module,
        shape: Sequence[int],
        *,
        std: float,
        chain: Chain = walk_back(100),  # noqa: B008 -- a pure function
        move: Optimise = adam(1e-3),  # noqa: B008 -- likewise
    ) -> None:
        super().__init__()
        self.network = network
        self.shape = tuple(shape)
        self.std = std
        self.chain = chain
        self.move = move
        self.log_std = nn.Parameter(torch.zeros(()))

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns the network and s."""
        return (Player("denoiser", self, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return −log P(x | x̃) in nats, averaged over the batch."""
        x = round.batch.x
        blurred = x + self.std * round.normal("blur", *x.shape[1:])
        return {"nll": gaussian_nll(x, self.network(blurred).float(), self.log_std).mean()}

    def denoise(self, x: Tensor) -> Tensor:
        """Return r(x), the mean of what ``x`` may have been before it was blurred."""
        return rendered(self.network, x)

    def score(self, x: Tensor) -> Tensor:
        """Return (r(x) − x) / σ², the gradient of the blurred data's log density at ``x``."""
        return (self.denoise(x) - x) / self.std**2

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` examples: the chain's ends, from N(0, I)."""
        rng = generator(seed, "sample")
        start = torch.randn(n, *self.shape, generator=rng).to(self.log_std.device)
        return self.chain(self, start, rng)


def _noise(like: Tensor, rng: torch.Generator) -> Tensor:
    return torch.randn(like.shape, generator=rng).to(like)
