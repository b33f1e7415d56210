"""Flows that are shown classes, learn their noise, and find sources again; each with its twin."""

from __future__ import annotations

import math

import pytest
import torch
from torch.autograd.functional import jacobian

from counterplay.data.mixed import DIM, SEGMENTS, mixed
from counterplay.errors import UserError
from counterplay.game import Batch, adam, generator, seeded
from counterplay.games import Flow
from counterplay.laws import Labels
from counterplay.networks.flows import (
    PICTURES,
    VECTORS,
    Chain,
    ClassNorm,
    Coupling,
    Flat,
    Logit,
    dequantiser,
)
from counterplay.networks.flows.coupling import checkerboard
from counterplay.recipes.measures_flows import gaussian, matched_correlation
from counterplay.train import train

SHARE = (0.5, 0.3, 0.2)
CENTRES = torch.tensor([[-4.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
SHAPE, LEVELS = (1, 4, 4), 5


def clusters(n: int, tag: object) -> Batch:
    rng = generator("clusters", tag)
    y = Labels(SHARE).sample(n, rng)
    return Batch(CENTRES[y] + torch.randn(n, 2, generator=rng), y)


def exact(x: torch.Tensor) -> torch.Tensor:
    each = -0.5 * (x[:, None] - CENTRES).square().sum(2) - math.log(2 * math.pi)
    return (each + torch.tensor(SHARE).log()).logsumexp(1)


def of_classes(shuffled: bool = False) -> Flow:
    with seeded("classes"):
        steps = [VECTORS["maf"](2, [16], blocks=1, context=3)]
        game = Flow(Chain(*steps), (2,), labels=Labels(SHARE), move=adam(2e-2))
    game.start(*clusters(512, "first"))
    order = torch.randperm(256, generator=generator("shuffled"))
    batches = (clusters(256, step) for step in range(120))
    shown = (Batch(b.x, b.y[order]) if shuffled else b for b in batches)
    for _ in train(game, shown, seed=0):
        pass
    return game


def test_a_flow_of_classes_scores_their_mixture_and_samples_each():
    whole, twin = of_classes(), of_classes(shuffled=True)
    x, y = clusters(2_000, "test")
    torch.testing.assert_close(whole.log_prob(x).mean(), exact(x).mean(), rtol=0, atol=0.06)
    right = [float((g.classify(x).argmax(1) == y).float().mean()) for g in (whole, twin)]
    assert right[0] > 0.98
    assert right[1] < 0.8, "the twin whose labels were shuffled"
    ones = torch.ones(500, dtype=torch.int64)
    near = (whole.sample(500, ones).mean(0) - CENTRES[1]).norm()
    assert float(near) < 0.4
    assert float((twin.sample(500, ones).mean(0) - CENTRES[1]).norm()) > 1.5
    counts = whole.classify(whole.sample(1000, seed=2)).argmax(1).bincount(minlength=3) / 1000
    torch.testing.assert_close(counts, torch.tensor(SHARE), rtol=0, atol=0.06)
    torch.testing.assert_close(whole.reconstruct(x[:50]), x[:50], rtol=1e-3, atol=1e-3)
    assert float(whole.inverse_error(x[:50])) < 1e-3


def test_every_model_depends_on_its_context():
    x = torch.randn(4, 3, generator=generator("context")).double()
    one, two = torch.eye(2).double().repeat(2, 1), torch.eye(2).double().flip(0).repeat(2, 1)
    for name, make in VECTORS.items():
        with seeded(name):
            flow = make(3, [8], context=2).double()
        for p in flow.parameters():
            p.data += 0.1 * torch.randn(p.shape, generator=generator("shaken"), dtype=p.dtype)
        z, there = flow(x, one)
        again, back = flow.inverse(z, one)
        torch.testing.assert_close(again, x, rtol=1e-7, atol=1e-7)
        torch.testing.assert_close(there, -back, rtol=1e-6, atol=1e-6)
        assert float((flow(x, two)[0] - z).detach().abs().max()) > 1e-3, name


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_depend_on_their_class(name):
    with seeded(name):
        flow = PICTURES[name](SHAPE, hidden=8, context=2)
    for p in flow.parameters():
        p.data += 0.1 * torch.randn(p.shape, generator=generator("shaken"))
    x = torch.randn(2, *SHAPE, generator=generator("x"))
    one, two = torch.eye(2), torch.eye(2).flip(0)
    z, _ = flow(x, one)
    torch.testing.assert_close(flow.inverse(z, one)[0], x, rtol=1e-3, atol=1e-3)
    assert float((flow(x, two)[0] - z).detach().abs().max()) > 1e-3


def grey(n: int, tag: object = "grey") -> torch.Tensor:
    k = torch.randint(LEVELS, (n, *SHAPE), generator=generator(tag))
    return k / (LEVELS - 1) * 2 - 1


def of_levels(noise: bool, strength: float = 0.0) -> Flow:
    with seeded("noise"):
        steps = [Logit(), Flat(SHAPE), VECTORS["real-nvp"](16, [8], blocks=2)]
        drawn = dequantiser(SHAPE, 4, blocks=2) if noise else None
        game = Flow(Chain(*steps), SHAPE, levels=LEVELS, dequantiser=drawn)
    if drawn is not None and strength:
        for p in drawn.parameters():
            p.data += strength * torch.randn(p.shape, generator=generator("strength"))
    return game


def test_learnt_noise_starts_as_uniform_noise():
    x = grey(64)
    uniform, learnt = (of_levels(noise).log_prob(x, seed=3) for noise in (False, True))
    torch.testing.assert_close(learnt, uniform, rtol=1e-4, atol=1e-2)
    assert float((of_levels(True, 0.3).log_prob(x, seed=3) - uniform).abs().max()) > 0.1


def test_the_density_of_learnt_noise_is_that_of_its_draws():
    # u is a function of uniform noise, and so log q(u) = -log|det du/dnoise|, by autograd.
    game, x = of_levels(True, 0.3).double(), grey(3).double()
    noise = torch.rand(3, *SHAPE, generator=generator("draws")).double()
    u, log_q = game._drawn(x, noise)
    for i in range(3):
        one = slice(i, i + 1)
        square = jacobian(lambda a, one=one: game._drawn(x[one], a)[0].flatten(), noise[one])
        expected = -torch.linalg.slogdet(square.reshape(16, 16)).logabsdet
        torch.testing.assert_close(log_q[i].double(), expected, rtol=1e-3, atol=1e-3)
    assert float(log_q.detach().abs().min()) > 0.01, "the twin that forgets it would pass"
    assert float((u - noise).detach().abs().max()) > 0.1


def test_a_bound_with_any_noise_stays_below_the_mass():
    # One pixel of two levels by a single logit: P(k) is an integral over an interval of y.
    shape = (1, 1, 1)
    with seeded("one"):
        net = torch.nn.Conv2d(2, 2, 1)
        drawn = Chain(Coupling(_Told(net), checkerboard(1, 1, odd=True)))
        game = Flow(Chain(Logit(), Flat(shape)), shape, levels=2, dequantiser=drawn)
    x = torch.tensor([-1.0, 1.0]).view(2, 1, 1, 1)
    for p in net.parameters():
        p.data.normal_(0, 0.5, generator=generator("told"))
    y = torch.linspace(0, 0.5, 100_001)[1:-1].view(-1, 1, 1, 1)
    z, slope = game.transform(y)
    mass = float((game.latent.log_prob(z) + slope).exp().mean()) * 0.5
    many = torch.stack([game.log_prob(x, seed) for seed in range(400)])
    assert float(many[:, 0].mean()) < math.log(mass) + 1e-3
    plain = Flow(game.transform, shape, levels=2)
    assert float(many.exp()[:, 0].mean()) == pytest.approx(mass, rel=0.1)
    assert float(plain.log_prob(x, 1).exp().mean()) == pytest.approx(mass, rel=0.5)


class _Told(torch.nn.Module):
    def __init__(self, net: torch.nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        return self.net(torch.cat([x, context], 1))


def unmixed(shown: bool) -> float:
    """Return how well sources are found, by a flow that is shown the segments or is not."""
    data = mixed(4_000)
    x, u = torch.from_numpy(data.x), torch.from_numpy(data.u)
    x = (x - x.mean(0)) / x.std(0)
    with seeded("ica"):
        steps = [VECTORS["glow"](DIM, [32], blocks=4)]
        steps += [ClassNorm(DIM, SEGMENTS)] if shown else []
        labels = Labels((1 / SEGMENTS,) * SEGMENTS) if shown else None
        game = Flow(Chain(*steps), (DIM,), labels=labels, move=adam(1e-2))
    game.start(x, u)
    rows = (torch.randint(len(x), (256,), generator=generator("rows", step)) for step in range(250))
    for _ in train(game, (Batch(x[at], u[at]) for at in rows), seed=0):
        pass
    with torch.no_grad():
        return matched_correlation(game.transform(x)[0], torch.from_numpy(data.s))


def test_sources_are_found_where_the_segment_is_shown_and_not_where_it_is_hidden():
    whole, twin = unmixed(True), unmixed(False)
    assert whole > 0.8, (whole, twin)
    assert twin < whole - 0.15, (whole, twin)


def test_a_match_does_not_see_order_sign_and_scale():
    s = torch.randn(500, 4, generator=generator("s"))
    assert matched_correlation(-3 * s[:, [2, 0, 3, 1]], s) == pytest.approx(1.0)
    turn = torch.linalg.qr(torch.randn(4, 4, generator=generator("turn"))).Q
    assert matched_correlation(s @ turn, s) < 0.9


def test_a_gaussian_is_scored_as_torch_scores_it():
    x = (
        torch.randn(400, 3, generator=generator("g")).double()
        @ torch.diag(torch.tensor([1.0, 2.0, 3.0])).double()
    )
    law = torch.distributions.MultivariateNormal(x.mean(0), torch.cov(x.T, correction=0))
    found = gaussian(x, x)
    assert found.value == pytest.approx(-float(law.log_prob(x).mean()))
    levels = gaussian(grey(300), grey(300, "other"), LEVELS)
    assert (levels.kind, levels.space) == ("lower bound", "discrete")
    # Levels are uniform: no code is shorter than log2(5) bits.
    assert levels.to("bits/dim").value > math.log2(LEVELS)


def test_mistakes_of_classes_are_told():
    game = of_levels(False)
    with pytest.raises(UserError, match="shown no classes"):
        game.classify(grey(2))
    with seeded("mistakes"):
        told = Flow(Chain(ClassNorm(2, 2)), (2,), labels=Labels((0.5, 0.5)))
    with pytest.raises(UserError, match="has none"):
        told.start(torch.zeros(4, 2))
