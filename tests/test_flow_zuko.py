"""zuko as the oracle of our layers, and its own flows taken as they are."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from counterplay.check import check_game
from counterplay.errors import UserError
from counterplay.game import Batch, adam, generator, seeded
from counterplay.games import Flow
from counterplay.networks.flows import Autoregressive, Chain, Inverse, spline, zuko_adapter
from counterplay.networks.flows.univariate import _knots
from counterplay.train import train

zuko = pytest.importorskip("zuko", reason="zuko is not installed: pip install counterplay[zuko]")

BINS, BOUND = 6, 2.5


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator(tag), dtype=torch.float64)


def theirs(raw: torch.Tensor) -> zuko.transforms.MonotonicRQSTransform:
    """Return zuko's spline with the knots that ours makes of ``raw``."""
    made = zuko.transforms.MonotonicRQSTransform(
        *raw.split([BINS, BINS, BINS - 1], -1), bound=BOUND
    )
    made.horizontal, made.vertical, made.derivatives = _knots(raw, BINS, BOUND)
    return made


def test_our_spline_is_zukos_with_the_same_knots():
    ours, x = spline(BINS, BOUND), 2 * normal(500, 3)
    raw = 2 * normal(500, 3, 3 * BINS - 1, tag="raw")
    (z, slope), oracle = ours.forward(x, raw), theirs(raw)
    expected, log_det = oracle.call_and_ladj(x)
    torch.testing.assert_close(z, expected)
    torch.testing.assert_close(slope, log_det)
    again, back = ours.inverse(z, raw)
    torch.testing.assert_close(again, oracle.inv(z), rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(back, -log_det, rtol=1e-6, atol=1e-6)
    bent = raw + 0.01
    assert float((theirs(bent)(x) - z).abs().max()) > 1e-3, "the twin with other knots"


def shaken(module: nn.Module) -> nn.Module:
    for p in module.parameters():
        p.data += 0.3 * torch.randn(p.shape, generator=generator("shaken"))
    return module.double()


def affine_of(net: nn.Module, x: torch.Tensor) -> zuko.transforms.MonotonicAffineTransform:
    raw = net(x).unflatten(1, (4, 2))
    made = zuko.transforms.MonotonicAffineTransform(raw[..., 1], raw[..., 0])
    made.log_scale = 3 * torch.tanh(raw[..., 0] / 3)
    made.scale = made.log_scale.exp()
    return zuko.transforms.DependentTransform(made, 1)


@pytest.mark.parametrize("name", ["affine", "spline"])
def test_our_masked_transforms_are_zukos_with_the_same_net(name):
    with seeded("maf"):
        kinds = {"affine": (), "spline": (spline(BINS, BOUND),)}
        ours = shaken(Autoregressive([2, 0, 3, 1], [16], *kinds[name]))
    net, x = ours.net, normal(64, 4)
    meta = {
        "affine": lambda a: affine_of(net, a),
        "spline": lambda a: zuko.transforms.DependentTransform(
            theirs(net(a).unflatten(1, (4, 3 * BINS - 1))), 1
        ),
    }[name]
    oracle = zuko.transforms.AutoregressiveTransform(meta, passes=4)
    with torch.no_grad():
        z, log_det = ours(x)
        expected, ladj = oracle.call_and_ladj(x)
        torch.testing.assert_close(z, expected)
        torch.testing.assert_close(log_det, ladj)
        again, back = ours.inverse(z)
        torch.testing.assert_close(again, oracle.inv(z), rtol=1e-6, atol=1e-6)
        torch.testing.assert_close(back, -ladj, rtol=1e-6, atol=1e-6)
        assert float((again - x).abs().max()) < 1e-6


FLOWS = {
    "NICE": lambda: zuko.flows.NICE(2, hidden_features=[16]),
    "MAF": lambda: zuko.flows.MAF(2, hidden_features=[16]),
    "NSF": lambda: zuko.flows.NSF(2, hidden_features=[16]),
    "NAF": lambda: zuko.flows.NAF(2, hidden_features=[8], network={"hidden_features": [8]}),
    "SOSPF": lambda: zuko.flows.SOSPF(2, hidden_features=[16]),
    "BPF": lambda: zuko.flows.BPF(2, hidden_features=[16]),
    "GF": lambda: zuko.flows.GF(2, hidden_features=[16]),
    "CNF": lambda: zuko.flows.CNF(2, hidden_features=[16]),
    "NCSF": lambda: zuko.flows.NCSF(2, hidden_features=[16]),
}


def made(name: str) -> tuple[nn.Module, Flow]:
    with seeded(name):
        theirs = FLOWS[name]()
    return theirs, Flow(zuko_adapter(theirs), (2,), move=adam(5e-3))


@pytest.mark.parametrize("name", FLOWS)
def test_any_flow_of_zuko_scores_and_samples_as_zuko_does(name):
    flow, game = made(name)
    x = 0.5 * torch.randn(16, 2, generator=generator("x"))
    with torch.no_grad():
        torch.testing.assert_close(game.log_prob(x), flow().log_prob(x), rtol=1e-3, atol=1e-3)
    drawn = game.sample(50, seed=1)
    assert drawn.shape == (50, 2)
    assert torch.equal(drawn, game.sample(50, seed=1))
    z = game.latent.sample(50, generator(1, "sample"))
    with torch.no_grad():
        torch.testing.assert_close(drawn, flow().transform.inv(z), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", ["MAF", "NSF"])
def test_a_flow_of_zuko_keeps_the_rules_of_games(name):
    batch = Batch(torch.randn(8, 2, generator=generator("batch")))
    check_game(made(name)[1], batch)


def test_a_flow_of_zuko_is_trained_as_it_is():
    flow, game = made("MAF")
    turn = torch.tensor([[1.0, 0.0], [0.9, 0.2]])
    draw = lambda tag: torch.randn(128, 2, generator=generator("leaning", tag)) @ turn.T  # noqa: E731
    x = draw("test")
    before = float(game.log_prob(x).mean())
    for _ in train(game, (Batch(draw(step)) for step in range(150)), seed=0):
        pass
    with torch.no_grad():
        after = float(flow().log_prob(x).mean())
    assert after > before + 0.5
    assert after == pytest.approx(float(game.log_prob(x).mean()), abs=1e-4)
    assert game.likelihood(x).kind == "exact"


def test_the_law_of_z_comes_through_a_chain_and_strangers_are_refused():
    _, game = made("NCSF")
    assert Chain(Inverse(Chain()), game.transform).latent is game.latent
    with pytest.raises(UserError, match="no flow of zuko"):
        zuko_adapter(zuko.flows.GMM(2))
