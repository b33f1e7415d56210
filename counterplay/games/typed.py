r"""Games on rows of mixed columns: column after column, with a latent, and as a flow.

Notation as in :mod:`counterplay.networks.typed`: a row's log p is a mass over cells and a density
over ranks, in nats. All three games have it in that measure, and so their values compare: exactly
for the first, as a lower bound for the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from counterplay.decoders import Decoded
from counterplay.game import Game, Optimise, Player, Round, Terms, adam, generator, quiet
from counterplay.games.vae import VAE
from counterplay.laws import Normal
from counterplay.likelihood import Likelihood, Space, likelihood
from counterplay.networks.flows import Transform
from counterplay.networks.typed import Layout, Masked, pick
from counterplay.networks.typed_scale import Scale
from counterplay.terms import in_chunks

__all__ = ["TypedAutoregressive", "TypedFlow", "TypedVAE"]


class TypedAutoregressive(Game):
    """p(x) = prod_d p(x_d | x_<d), in the order of the columns: exact, and drawn exactly.

    The player minimises −log p(x) in nats a row. Conditional densities by bins: The Neural
    Autoregressive Distribution Estimator (Larochelle and Murray 2011), its masked form MADE
    (Germain et al. 2015, arXiv 1502.03509).

    Args:
        network: of all conditionals.
        move: how the player moves.
    """

    def __init__(
        self,
        network: Masked,
        *,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.network = network
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns everything."""
        return (Player("autoregressive", self.network, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return −log p(x) in nats, averaged over the batch."""
        return {"nll": -self._log_prob(round.batch.x).mean()}

    @property
    def steps_per_sample(self) -> int:
        """Passes that follow one another for a row: one for each column."""
        return len(self.network.layout.cells)

    def log_prob(self, x: Tensor) -> Tensor:
        """Return log p(x) in nats, exactly, (N,)."""
        with quiet(self):
            return in_chunks(self._log_prob, x)

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p over the rows ``x``; its dimensions are columns."""
        layout = self.network.layout
        return likelihood(self.log_prob(x), len(layout.cells), space=_space(layout))

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` rows, column after column."""
        layout = self.network.layout
        luck = torch.rand(n, len(layout.cells), 2, generator=generator(seed, "sample"))
        with quiet(self):
            return in_chunks(self._drawn, luck.to(next(self.parameters())), size=2048)

    def _drawn(self, luck: Tensor) -> Tensor:
        layout = self.network.layout
        x = luck.new_zeros(len(luck), layout.width)
        for d, start in enumerate(layout.starts):
            first, count = layout.firsts[d], layout.cells[d]
            logits = self.network(x)[:, first : first + count]
            part = layout.block(d, pick(logits, luck[:, d, 0]), luck[:, d, 1])
            x[:, start : start + part.shape[1]] = part
        return x

    def _log_prob(self, x: Tensor) -> Tensor:
        return self.network.layout.log_prob(x, self.network(x).float())


class TypedVAE(VAE):
    """A VAE whose decoder puts out logits of all cells, from which rows are drawn.

    Modeling Tabular data using Conditional GAN (Xu et al. 2019, arXiv 1907.00503), section 4.5, has
    a Gaussian for each number; here it has bins, as every other game on rows has.

    Args:
        encoder: rows -> (N, 2 latent).
        decoder: (N, latent) -> logits of all cells.
        latent: the number of latent dimensions.
        layout: of the columns.
        beta: weight of the KL term.
        move: how the player moves.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        latent: int,
        layout: Layout,
        *,
        beta: float = 1.0,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__(encoder, decoder, latent, beta=beta, move=move, decoded=_law(layout))
        self.layout = layout

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p, a bound by ``budget`` importance samples."""
        value = self.importance_bound(x, budget, seed)
        return likelihood(
            value,
            len(self.layout.cells),
            "lower bound",
            _space(self.layout),
            importance_samples=budget,
        )

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` rows, of z ~ N(0, I) and of the law that the decoder puts out at z."""
        rng, first = generator(seed, "sample"), next(self.parameters())
        z = self.latent.sample(n, rng).to(first)
        luck = torch.rand(n, len(self.layout.cells), 2, generator=rng).to(first)
        with quiet(self):
            return in_chunks(lambda a, b: self.layout.draw(self.decoder(a).float(), b), z, luck)


def _space(layout: Layout) -> Space:
    """Return what log p is of: rows without any number have a mass."""
    return "continuous" if layout.numbers else "discrete"


def _law(layout: Layout) -> Decoded:
    """Return the law of rows given logits of all cells; its "mean" is the likeliest row."""

    def sample(logits: Tensor, shared: Tensor | None, rng: torch.Generator) -> Tensor:
        luck = torch.rand(len(logits), len(layout.cells), 2, generator=rng)
        return layout.draw(logits, luck.to(logits))

    def mean(logits: Tensor, shared: Tensor | None) -> Tensor:
        likeliest = [part.argmax(1) for part in logits.split(layout.cells, 1)]
        half = torch.full((len(logits),), 0.5, device=logits.device)
        return torch.cat([layout.block(d, k, half) for d, k in enumerate(likeliest)], 1)

    def log_prob(x: Tensor, logits: Tensor, shared: Tensor | None) -> Tensor:
        return layout.log_prob(x, logits)

    def centred(row: Tensor) -> Tensor:
        return row.new_zeros(sum(layout.cells))

    return Decoded("density", 1, 0, log_prob, mean, sample, centred)


class TypedFlow(Game):
    """A flow on rows: each column has one place on a line, and categories an interval of it.

    A category k, missing or an atom owns an interval I_k as long as it is frequent; y is drawn
    evenly from it anew in each round, and E_y log p(y) + log |I_k| bounds log P(k) from below. A
    perfect flow of one column is the uniform law. Flow++ (Ho et al. 2019, arXiv 1902.00275) has the
    bound; rows are brought to a normal law before the transform.

    Args:
        transform: of D numbers, data -> z.
        scale: rows -> places on the line, and back.
        move: how the player moves.
    """

    def __init__(
        self,
        transform: Transform,
        scale: Scale,
        *,
        move: Optimise = adam(1e-3),  # noqa: B008 -- a pure function
    ) -> None:
        super().__init__()
        self.transform = transform
        self.scale = scale
        self.prior = Normal(len(scale.layout.cells))
        self.move = move

    def players(self) -> Sequence[Player]:
        """Return the one player, who owns the transform."""
        return (Player("flow", self.transform, self.cost, self.move),)

    def cost(self, round: Round) -> Terms:
        """Return the bound of −log p, averaged over the batch."""
        luck = round.uniform("places", self.prior.dim)
        return {"nll": -self._bound(round.batch.x, luck).mean()}

    def likelihood(self, x: Tensor, seed: int = 0, budget: int = 1) -> Likelihood:
        """Return the account of −log p, a bound by one place for each row."""
        columns = self.prior.dim
        luck = torch.rand(len(x), columns, generator=generator(seed, "places")).to(x)
        with quiet(self):
            value = in_chunks(self._bound, x, luck)
        space = _space(self.scale.layout)
        return likelihood(value, columns, "lower bound", space, noise_samples=1)

    def sample(self, n: int, condition: Tensor | None = None, seed: int = 0) -> Tensor:
        """Draw ``n`` rows."""
        z = self.prior.sample(n, generator(seed, "sample"))
        with quiet(self):
            return in_chunks(
                lambda part: self.scale.rows(self.transform.inverse(part)[0].float()),
                z.to(next(self.parameters())),
            )

    def _bound(self, x: Tensor, luck: Tensor) -> Tensor:
        y, volume = self.scale.places(x, luck)
        z, log_det = self.transform(y)
        return self.prior.log_prob(z.float()) + log_det.float() + volume
