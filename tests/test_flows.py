"""Laws of the flows: bijection, determinant, density, and who depends on whom."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.autograd.functional import jacobian
from torch.utils.flop_counter import FlopCounterMode

from counterplay.errors import UserError
from counterplay.game import generator, seeded
from counterplay.laws import Normal
from counterplay.networks.flows import (
    PICTURES,
    VECTORS,
    ActNorm,
    Autoregressive,
    Chain,
    Inverse,
    Logit,
    MaskedNet,
    Transform,
    initialise,
    spline,
)
from counterplay.networks.flows.models import masked, mixed

SHAPE = (1, 4, 4)


def shaken(transform: Transform, strength: float = 0.1) -> Transform:
    """Move every parameter, so that nothing is an identity any more."""
    rng = generator("shaken")
    with torch.no_grad():
        for p in transform.parameters():
            p += strength * torch.randn(p.shape, generator=rng, dtype=p.dtype)
    return transform


def vector(name: str, dim: int = 2) -> Transform:
    with seeded(name):
        return shaken(VECTORS[name](dim, [16])).double()


def picture(name: str) -> Transform:
    with seeded(name):
        return shaken(PICTURES[name](SHAPE, hidden=8), 0.1).double()


ALL = {
    **{name: (lambda name=name: vector(name, 3), (3,)) for name in VECTORS},
    **{f"{name} of pictures": (lambda name=name: picture(name), SHAPE) for name in PICTURES},
    "logit": (lambda: Chain(Inverse(Logit(0.05)), Logit(0.01)), (2,)),
}


def normal(*shape: int, tag: str = "x") -> torch.Tensor:
    return torch.randn(*shape, generator=generator(tag), dtype=torch.float64)


def autograd_log_det(transform: Transform, x: torch.Tensor) -> torch.Tensor:
    square = jacobian(lambda a: transform(a[None])[0].flatten(), x).reshape(x.numel(), -1)
    return torch.linalg.slogdet(square).logabsdet


@pytest.mark.parametrize("name", ALL)
def test_both_directions_are_a_bijection_whose_determinants_cancel(name):
    make, shape = ALL[name]
    transform, x = make(), 0.5 * normal(16, *shape)
    z, there = transform(x)
    again, back = transform.inverse(z)
    torch.testing.assert_close(again, x, rtol=1e-7, atol=1e-7)
    torch.testing.assert_close(there, -back, rtol=1e-6, atol=1e-6)
    w = 0.5 * normal(16, *z.shape[1:], tag="z")
    torch.testing.assert_close(transform(transform.inverse(w)[0])[0], w, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ALL)
def test_the_determinant_is_that_of_autograd(name):
    make, shape = ALL[name]
    transform, x = make(), 0.5 * normal(3, *shape)
    _, log_det = transform(x)
    expected = torch.stack([autograd_log_det(transform, one) for one in x])
    torch.testing.assert_close(log_det, expected, rtol=1e-8, atol=1e-8)
    if name != "nice":
        assert float(expected.abs().max()) > 1e-3, "the twin that returns zero would pass"


@pytest.mark.parametrize("name", ALL)
def test_a_float32_round_trip_errs_by_less_than_1e_4(name):
    make, shape = ALL[name]
    x = 0.5 * normal(256, *shape).float()
    transform = make().float()
    with torch.no_grad():
        again, _ = transform.inverse(transform(x)[0])
    assert float((again - x).abs().max()) < 1e-4


@pytest.mark.parametrize("name", VECTORS)
def test_the_density_integrates_to_one(name):
    transform = vector(name)
    with torch.no_grad():
        seen, _ = transform.inverse(1.5 * normal(10_000, 2))  # five standard deviations and more
        low, sides = seen.amin(0), seen.amax(0) - seen.amin(0)
        cells = 400
        line = (torch.arange(cells, dtype=torch.float64) + 0.5) / cells
        z, log_det = transform(low + sides * torch.cartesian_prod(line, line))
    prior = Normal(2).log_prob(z)
    area = float(sides.prod()) / cells**2
    assert float((prior + log_det).exp().sum()) * area == pytest.approx(1.0, abs=2e-3)
    wrong = float((prior - log_det).exp().sum()) * area
    assert abs(wrong - 1) > 0.02, "the twin with the wrong sign"


@pytest.mark.parametrize("name", ALL)
def test_gradients_reach_every_parameter_and_are_finite(name):
    make, shape = ALL[name]
    transform = make()
    z, log_det = transform((3 * normal(32, *shape)).requires_grad_())
    (z.flatten(1).square().sum() - log_det.sum()).backward()
    for path, p in transform.named_parameters():
        assert p.grad is not None, path
        assert bool(p.grad.isfinite().all()), path


@pytest.mark.parametrize("hidden", [[3], [5, 4], [64]])
def test_masks_keep_the_order_and_cover_every_dependency(hidden):
    order = [3, 0, 5, 1, 4, 2]
    with seeded("made"):
        net = shaken(MaskedNet(order, hidden, 2))
    square = torch.zeros(6, 2, 6)
    for x in torch.randn(8, 6, generator=generator("made")):
        square += jacobian(lambda a: net(a[None])[0].unflatten(0, (6, 2)), x).abs()
    place = torch.tensor(order)
    may = place[None] < place[:, None]
    depends = square.sum(1) > 0
    assert torch.equal(depends, may)


def test_an_order_and_its_reverse_make_a_dense_jacobian():
    with seeded("dense"):
        one, two = (shaken(masked(5, [16], blocks)).double() for blocks in (1, 2))
    x = normal(5)
    first, both = (jacobian(lambda a, f=f: f(a[None])[0][0], x) for f in (one, two))
    assert float(first.triu(1).abs().max()) == 0
    assert float(both.abs().min()) > 0


def test_the_inverse_of_masked_is_autoregressive_the_other_way():
    with seeded("iaf"):
        step = Inverse(shaken(Autoregressive([0, 1, 2], [8]))).double()
    square = jacobian(lambda z: step.inverse(z[None])[0][0], normal(3))
    assert float(square.triu(1).abs().max()) == 0
    assert float(square.tril(-1).abs().sum()) > 0


def in_whole_passes(step: Autoregressive, z, context=None):
    """Invert as it is usually written: a pass of the whole net for each number."""
    x, slope = torch.zeros_like(z), torch.zeros_like(z)
    for place in range(z.shape[1]):
        raw = step.net(x, context).unflatten(1, (z.shape[1], step.univariate.width))
        value, each = step.univariate.inverse(z, raw)
        x = torch.where(step.place == place, value, x)
        slope = torch.where(step.place == place, each, slope)
    return x, slope.sum(1)


@pytest.mark.parametrize("told", [0, 2])
@pytest.mark.parametrize("hidden", [[3], [3, 9], [20, 20]])
@pytest.mark.parametrize("order", [[0], [1, 0], [3, 0, 5, 1, 4, 2]])
def test_what_is_kept_while_inverting_gives_what_whole_passes_give(order, hidden, told):
    with seeded("replay"):
        step = shaken(Autoregressive(order, hidden, spline(4), told), 0.3).double()
    z = normal(7, len(order)).requires_grad_()
    context = normal(7, told, tag="context") if told else None
    parts, slopes = [z, *step.parameters()], []
    for x, log_det in (step.inverse(z, context), in_whole_passes(step, z, context)):
        loss = x.square().sum() + log_det.sum()
        found = torch.autograd.grad(loss, parts, allow_unused=True)
        found = [torch.zeros_like(p) if g is None else g for g, p in zip(found, parts, strict=True)]
        slopes.append([x, log_det, *found])
    for ours, theirs in zip(*slopes, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-10)


def test_inverting_costs_about_one_pass():
    step = Autoregressive(list(range(48)), [64, 64])
    z = torch.randn(4, 48, generator=generator("cost"))
    counts = []
    for act in (step.forward, step.inverse, lambda z: in_whole_passes(step, z)):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            act(z)
        counts.append(counter.get_total_flops())
    one, ours, theirs = counts
    assert ours <= one
    assert theirs == 48 * one


def test_a_coupling_leaves_its_masked_part_alone():
    coupling = vector("real-nvp", 4).steps[1]
    x = normal(6, 4)
    z, _ = coupling(x)
    assert torch.equal(z[:, coupling.mask], x[:, coupling.mask])
    assert not torch.equal(z[:, ~coupling.mask], x[:, ~coupling.mask])


@pytest.mark.parametrize("at", ["the bound", "knots", "ten times outside"])
def test_splines_hold_where_splines_break(at):
    rational, bins, bound = spline(5, 2.0), 5, 2.0
    raw = normal(1, 14, tag="raw")
    shares = 1e-3 + (1 - 5e-3) * raw[0, :bins].softmax(0)
    knots = 2 * bound * shares.cumsum(0)[:-1] - bound
    places = {
        "the bound": torch.tensor([-2.0, 2.0, -2 + 1e-12, 2 - 1e-12], dtype=torch.float64),
        "knots": knots,
        "ten times outside": torch.tensor([-20.0, 20.0], dtype=torch.float64),
    }
    x = places[at].clone().requires_grad_()
    wide = raw.expand(len(x), -1).clone().requires_grad_()
    z, slope = rational.forward(x, wide)
    again, back = rational.inverse(z, wide)
    torch.testing.assert_close(again, x, rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(slope, -back, rtol=1e-6, atol=1e-6)
    (z.sum() + slope.sum() + again.sum() + back.sum()).backward()
    assert bool(x.grad.isfinite().all())
    assert bool(wide.grad.isfinite().all())
    if at == "ten times outside":
        assert torch.equal(z, x)


@pytest.mark.parametrize("name", [n for n in VECTORS if n not in ("glow", "mixed-spline")])
def test_an_untrained_flow_is_the_identity_whose_density_is_the_prior(name):
    with seeded(name):
        transform = VECTORS[name](3, [8])
    x = normal(9, 3).float()
    z, log_det = transform(x)
    torch.testing.assert_close(z, x)
    torch.testing.assert_close(log_det, torch.zeros(9), rtol=0, atol=1e-5)


def test_an_untrained_linear_map_is_a_rotation():
    with seeded("rotation"):
        step = mixed(4, [8], blocks=1).steps[1]
    weight = step._weight().detach()
    torch.testing.assert_close(weight @ weight.T, torch.eye(4), rtol=0, atol=1e-5)
    _, log_det = step(torch.randn(2, 4, generator=generator("r")))
    assert float(log_det.detach().abs().max()) < 1e-5


def test_norms_are_fitted_to_the_data_that_reaches_them():
    with seeded("fit"):
        transform = PICTURES["glow"]((3, 4, 4), hidden=8)
    x = 5 * torch.rand(256, 3, 4, 4, generator=generator("fit")) + 7
    before = transform(x)[0].detach()
    initialise(transform, x)
    z = transform(x)[0].detach()
    assert float(before.abs().mean()) > 5
    assert float(z.mean().abs()) < 1e-4
    assert float(z.std()) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_whatever_way_data_pass_norms_they_come_out_standardised(name):
    """Of an inverse flow the norms are passed backwards."""
    with seeded("fit", name):
        transform = VECTORS[name](3, [8])
    x = 50 * normal(500, 3).float() + 1000
    initialise(transform, x)
    if not any(isinstance(module, ActNorm) for module in transform.modules()):
        return  # additive couplings have none
    z = transform(x)[0].detach()
    torch.testing.assert_close(z.mean(0), torch.zeros(3), atol=2e-3, rtol=0)
    torch.testing.assert_close(z.std(0, correction=0), torch.ones(3), atol=2e-2, rtol=0)
    back, _ = transform.inverse(z)
    torch.testing.assert_close(back.detach(), x, atol=1, rtol=0)


def test_a_fitted_norm_alone_scores_data_as_the_diagonal_gaussian_does():
    x = normal(500, 2) * torch.tensor([2.0, 0.1]) + 3
    norm = ActNorm(2).double()
    initialise(nn.ModuleList([norm])[0], x)
    z, log_det = norm(x)
    ours = (Normal(2).log_prob(z) + log_det).mean()
    best = -0.5 * (x.var(0, correction=0).log() + 1 + math.log(2 * math.pi)).sum()
    torch.testing.assert_close(ours, best)


def test_mistakes_are_told():
    with pytest.raises(UserError, match="5 × 4 pixels"):
        PICTURES["glow"]((1, 5, 4))
    with pytest.raises(UserError, match="two numbers to couple"):
        VECTORS["real-nvp"](1, [8])
    assert VECTORS["maf"](1, [8])(torch.zeros(2, 1))[0].shape == (2, 1)


@pytest.mark.parametrize("name", ["spline", "mixed-spline", "masked-spline"])
def test_bins_are_as_narrow_under_bf16_as_without(name):
    with seeded(name):
        transform = shaken(VECTORS[name](8, [32]), 0.3).float()
    x = 2.0 * normal(500, 8).float()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        z, slope = transform(x)
    assert z.isfinite().all()
    assert slope.isfinite().all()
