"""The game of one flow: it learns a density, samples what it scores, and accounts for levels."""

from __future__ import annotations

import math

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games import Flow
from counterplay.laws import Normal
from counterplay.likelihood import logits
from counterplay.networks.flows import PICTURES, VECTORS, Chain, Logit, initialise
from counterplay.train import train

SHAPE, LEVELS = (1, 4, 4), 17
TURN = torch.tensor([[1.5, 0.0], [1.2, 0.3]])


def leaning(n: int, tag: object) -> torch.Tensor:
    """Draw from a Gaussian of zero mean and covariance TURN TURNᵀ."""
    return torch.randn(n, 2, generator=generator("leaning", tag)) @ TURN.T


def entropy() -> float:
    return float(TURN.det().abs().log()) + math.log(2 * math.pi * math.e)


def grey(n: int) -> torch.Tensor:
    k = torch.randint(LEVELS, (n, *SHAPE), generator=generator("grey"))
    return k / (LEVELS - 1) * 2 - 1


def of_levels(name: str = "real-nvp") -> Flow:
    with seeded(name):
        return Flow(Chain(Logit(), PICTURES[name](SHAPE, hidden=4)), SHAPE, levels=LEVELS)


def fitted(name: str, rounds: int) -> Flow:
    with seeded(name):
        game = Flow(VECTORS[name](2, [16]), (2,), move=adam(5e-3))
    initialise(game.transform, leaning(512, "first"))
    for _ in train(game, (Batch(leaning(256, step)) for step in range(rounds)), seed=0):
        pass
    return game


@pytest.mark.parametrize("name", ["real-nvp", "maf", "masked-spline"])
def test_a_flow_reaches_the_entropy_of_a_gaussian_and_never_passes_it(name):
    x = leaning(20_000, "test")
    untrained, trained = (fitted(name, n).likelihood(x) for n in (0, 200))
    exact = float(
        -torch.distributions.MultivariateNormal(torch.zeros(2), TURN @ TURN.T).log_prob(x).mean()
    )
    assert exact == pytest.approx(entropy(), abs=0.03)
    assert -0.005 < trained.value - exact < 0.05
    assert untrained.value - exact > 0.5, "the twin that has only fitted each number by itself"
    assert (trained.unit, trained.kind, trained.space) == ("nats", "exact", "continuous")


def test_it_samples_what_it_scores():
    game = fitted("maf", 200)
    x = game.sample(20_000, seed=3)
    torch.testing.assert_close(x.T.cov(), TURN @ TURN.T, rtol=0.1, atol=0.1)
    own, other = (float(-game.log_prob(a).mean()) for a in (x, x.flip(1) * torch.tensor([1, -1])))
    assert own == pytest.approx(entropy(), abs=0.08)
    assert other > own + 0.5, "the twin with its numbers changed round"


def test_encode_and_reconstruct_are_the_two_directions():
    game = fitted("real-nvp", 20)
    x = leaning(300, "x")
    z = game.encode(x)
    torch.testing.assert_close(game.render(z), x, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(game.reconstruct(x), x, rtol=1e-4, atol=1e-4)
    assert float(game.inverse_error(x)) < 1e-4
    assert not z.requires_grad


@pytest.mark.parametrize("name", PICTURES)
def test_levels_come_back_as_the_same_levels(name):
    game, x = of_levels(name), grey(32)
    torch.testing.assert_close(game.reconstruct(x), x)
    drawn = game.sample(16)
    assert drawn.shape == (16, *SHAPE)
    k = (drawn + 1) / 2 * (LEVELS - 1)
    torch.testing.assert_close(k, k.round(), rtol=0, atol=1e-4)


def test_a_mass_is_accounted_with_every_jacobian():
    # An identity in place of the flow: log p(y) is that of a normal logit.
    game, x = of_levels(), grey(64)
    u = torch.rand(64, *SHAPE, generator=generator(5, "levels"))
    y = ((x + 1) / 2 * (LEVELS - 1) + u) / LEVELS
    s, slope = logits(y, 0.05)
    # Untrained, Real NVP moves pixels to other places and nothing else.
    expected = Normal(16).log_prob(s.flatten(1)) + slope - 16 * math.log(LEVELS)
    torch.testing.assert_close(game.log_prob(x, seed=5), expected, rtol=1e-4, atol=1e-3)
    account = game.likelihood(x, seed=5)
    assert (account.kind, account.space) == ("lower bound", "discrete")
    assert account.budget == {"examples": 64, "noise_samples": 1}
    # No code of uniform levels is shorter than log2(17) bits a pixel.
    assert account.to("bits/dim").value > math.log2(LEVELS) - 0.05


def test_data_beside_the_levels_is_refused_before_it_is_scored():
    with pytest.raises(UserError, match="17 levels"):
        of_levels().log_prob(grey(4) * 0.9)


def test_the_noise_of_levels_is_drawn_anew_each_round():
    game, x = of_levels(), grey(8)
    first, again, second = (
        float(sum(game.cost(Round(Batch(x), step)).values()).detach()) for step in (0, 0, 1)
    )
    assert first == again
    assert first != second, "the twin that draws it once"


def test_levels_and_noise_never_leave_the_unit_interval():
    top = torch.ones(4, *SHAPE)
    noise = torch.full_like(top, 1 - 2**-24)
    game = Flow(Chain(Logit(1e-6), PICTURES["glow"](SHAPE, hidden=4)), SHAPE, levels=256)
    y, _ = game.given(top, noise)
    assert float(y.max()) < 1
    assert bool(game.log_prob(top).isfinite().all())
    assert float((top + 1).max() / 2 + noise.max() / 256) > 1, "the twin: k / 255 + u / 256"


def test_a_deep_flow_stays_finite_far_from_the_data():
    with seeded("far"):
        game = Flow(VECTORS["real-nvp"](4, [8], blocks=24), (4,))
    for p in game.parameters():
        p.data += 3 * torch.randn(p.shape, generator=generator("far"))
    x = 10 * torch.randn(64, 4, generator=generator("x"))
    coupling = game.transform.steps[1]
    raw = coupling.net(x).detach()
    assert float(raw.abs().max()) > 50, "without a bound e^s would be infinite or zero"
    _, log_det = coupling(x)
    assert float(log_det.detach().abs().max()) <= 2 * 3.0 + 1e-4


def test_starting_fits_the_norms_once_and_rounds_leave_them_to_the_optimiser():
    with seeded("start"):
        game = Flow(VECTORS["real-nvp"](2, [8], blocks=2), (2,), move=adam(1e-12))
    game.start(3 * leaning(256, "start") + 5)
    z = game.encode(3 * leaning(256, "start") + 5)
    torch.testing.assert_close(z.mean(0), torch.zeros(2), rtol=0, atol=1e-3)
    torch.testing.assert_close(z.std(0), torch.ones(2), rtol=0, atol=1e-2)
    before = game.transform.steps[0].shift.detach().clone()
    for _ in train(game, [Batch(100 + leaning(32, "other"))], seed=0):
        pass
    torch.testing.assert_close(game.transform.steps[0].shift.detach(), before)
