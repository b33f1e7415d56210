"""Networks that are shown the class, by law: who depends on y, and how, is read off gradients."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import one_hot

from counterplay.data import load
from counterplay.errors import UserError
from counterplay.game import Batch, generator, quiet, seeded
from counterplay.networks import (
    MLP,
    Blind,
    ClassNorm,
    ClassNormGenerator,
    Concatenated,
    ConvCritic,
    ConvGenerator,
    Head,
    Joint,
    Trunk,
)
from counterplay.recipes import build, named, read
from counterplay.recipes.measures_labels import spread_ratio
from counterplay.train import train

NETWORKS = ("dcgan", "mlp")


def build_tiny(kind: str, networks: str, data: str, more: str = "") -> tuple[Any, Any]:
    """A small game of a kind, as a recipe names it, and the data's domain."""
    nets = f"networks: {{type: {networks}, width: 4}}"
    domain = load(data).domain
    recipe = read(f"game: {{type: {kind}, {nets}, features: 8{more}}}", named("digits"))
    return build.game(recipe, domain), domain


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=generator(*shape))


Y = torch.tensor([0, 1, 2, 1, 0, 2])


def test_class_norm_is_batch_norm_with_the_classes_own_gain_and_bias() -> None:
    h = noise(6, 5, 4, 4)
    layer = ClassNorm(5, 3)
    with torch.no_grad():
        layer.gain.weight.copy_(noise(3, 5))
        layer.bias.weight.copy_(noise(3, 5) + 1)
    mean, var = h.mean((0, 2, 3), keepdim=True), h.var((0, 2, 3), keepdim=True, correction=0)
    plain = (h - mean) / (var + 1e-5).sqrt()
    expected = torch.stack(
        [
            layer.gain.weight[k][:, None, None] * row + layer.bias.weight[k][:, None, None]
            for row, k in zip(plain, Y, strict=True)
        ]
    )
    assert torch.allclose(layer(h, Y), expected, atol=1e-5)
    # Another class for row 0 changes row 0 alone: the statistics are not the class's.
    other = layer(h, torch.cat([torch.tensor([2]), Y[1:]]))
    assert torch.equal(other[1:], layer(h, Y)[1:])
    assert not torch.allclose(other[0], layer(h, Y)[0])


def test_a_class_norm_generator_of_equal_classes_is_the_plain_one() -> None:
    with seeded("test"):
        plain = ConvGenerator(4, 1, 16, 4, inner=1)
    with seeded("test"):
        shown = ClassNormGenerator(4, 1, 16, 4, 3, inner=1)
    for module in plain.body:
        if isinstance(module, nn.BatchNorm2d):
            nn.init.ones_(module.weight)
    z = noise(6, 4)
    assert torch.allclose(plain(z), shown(z, Y), atol=1e-6)


def test_an_image_depends_on_its_own_classes_rows_alone() -> None:
    with seeded("test"):
        shown = ClassNormGenerator(4, 1, 16, 4, 3).eval()
    for norm in shown.norms:
        slopes = torch.autograd.grad(
            shown(noise(6, 4), Y)[:1].sum(), list(norm.parameters()), retain_graph=True
        )
        assert all(slope[Y[0]].abs().max() > 0 for slope in slopes)
        assert all(slope[1:].abs().max() == 0 for slope in slopes)
    # The broken twin has no class to depend on.
    assert not any(isinstance(m, ClassNorm) for m in ConvGenerator(4, 1, 16, 4).modules())


def test_concatenation_puts_the_class_beside_the_input() -> None:
    rows, pictures = noise(6, 2), noise(6, 2, 4, 4)
    beside = Concatenated(nn.Identity(), 3)
    assert torch.equal(beside(rows, Y), torch.cat([rows, one_hot(Y, 3).float()], 1))
    seen = beside(pictures, Y)
    assert torch.equal(seen[:, :2], pictures)
    assert torch.equal(seen[:, 2:].amax((2, 3)), one_hot(Y, 3).float())
    assert torch.equal(seen[:, 2:].amin((2, 3)), one_hot(Y, 3).float())


def critics() -> dict[str, nn.Module]:
    with seeded("critics"):
        return {
            "projection": ConvCritic(1, 16, 4, 3, "none"),
            "concatenation": Concatenated(ConvCritic(1 + 3, 16, 4), 3),
            "none": Blind(ConvCritic(1, 16, 4)),
        }


@pytest.mark.parametrize("how", ["projection", "concatenation", "none"])
def test_a_critic_looks_at_the_class_unless_it_is_blind(how: str) -> None:
    x, critic = noise(6, 1, 16, 16), critics()[how]
    values = torch.stack([critic(x, torch.full((6,), k)) for k in range(3)])
    assert bool((values.std(0) > 1e-8).all()) == (how != "none")
    assert bool((values == values[0]).all()) == (how == "none")


@pytest.mark.parametrize("critic", ["projection", "concatenation", "none"])
@pytest.mark.parametrize("forge", ["concatenation", "batch_norm"])
def test_every_way_can_be_named_in_a_recipe(forge: str, critic: str) -> None:
    ways = f"game: {{networks: {{width: 4, condition: {forge}, critic_condition: {critic}}}}}"
    game = build.game(read(ways, named("digits")), load("digits").domain)
    kind = {"batch_norm": ClassNormGenerator, "concatenation": ConvGenerator}[forge]
    assert type(game.generator) is kind
    z, x = noise(2, 32), noise(2, 1, 8, 8)
    with quiet(game):
        made = [game.generator(z, torch.full((2,), k)) for k in (0, 1)]
        values = [game.critic(x, torch.full((2,), k)) for k in (0, 1)]
    # At its start each class's batch norm is the same; what is learnt of it is the class's own.
    assert torch.equal(*made) == (forge == "batch_norm")
    assert torch.equal(*values) == (critic == "none")


@pytest.mark.parametrize(
    ("kind", "networks", "data"),
    [
        *((kind, nets, "digits") for kind in ("acgan", "infogan", "bigan") for nets in NETWORKS),
        ("infogan", "mlp", "ring"),
        ("bigan", "mlp", "ring"),
    ],
)
def test_games_that_tell_something_are_built_for_their_data(
    kind: str, networks: str, data: str
) -> None:
    game, domain = build_tiny(kind, networks, data)
    rng = generator(kind, networks)
    batch = Batch(torch.randn(8, *domain.shape, generator=rng), torch.arange(8) % 3)
    ((_, report),) = train(game, [batch])
    assert all(value.isfinite() for value in report.values())
    assert game.sample(2).shape == (2, *domain.shape)


def test_what_cannot_be_built_is_refused_with_what_works() -> None:
    with pytest.raises(UserError, match="an auxiliary classifier needs classes"):
        build_tiny("acgan", "mlp", "ring")
    with pytest.raises(UserError, match=r"game\.warp: only pictures can be warped"):
        build_tiny("infogan", "mlp", "ring", ", warp: {degrees: 10}")
    with pytest.raises(UserError, match="cannot be 'residual'; choose from dcgan, mlp"):
        build_tiny("bigan", "residual", "digits")


def test_a_pair_is_judged_by_both_of_its_members() -> None:
    with seeded("test"):
        joint = Joint(MLP([2, 8]), MLP([8 + 3, 8, 1]))
    x, z = noise(6, 2).requires_grad_(), noise(6, 3).requires_grad_()
    slopes = torch.autograd.grad(joint(x, z)[0].sum(), [x, z])
    for slope in slopes:
        assert slope[0].abs().min() > 0
        assert slope[1:].abs().max() == 0


def test_a_trunks_heads_stand_on_one_body() -> None:
    with seeded("test"):
        body = MLP([2, 8])
        trunk = Trunk(body, {"critic": MLP([8, 1]), "class": MLP([8, 3]), "tap": nn.Identity()})
    x = noise(6, 2)
    seen = trunk(x)
    assert seen.keys() == {"critic", "class", "tap"}
    assert torch.equal(seen["tap"], body(x))
    assert torch.equal(seen["class"], trunk.heads["class"](body(x)))
    assert torch.equal(Head(trunk, "critic")(x), seen["critic"])
    # One head's slope reaches the body, and no other head.
    slopes = torch.autograd.grad(
        seen["class"].sum(), list(trunk.parameters()), allow_unused=True, materialize_grads=True
    )
    moved = {
        name.split(".")[1] if name.startswith("heads") else "body"
        for (name, _), slope in zip(trunk.named_parameters(), slopes, strict=True)
        if slope.abs().max() > 0
    }
    assert moved == {"body", "class"}


def test_the_spread_within_a_class_is_that_of_the_worst_class() -> None:
    x, y = noise(60, 1, 4, 4), torch.arange(60) % 3
    assert spread_ratio(x, y, x, y) == pytest.approx(1)
    assert spread_ratio(0.5 * x, y, x, y) == pytest.approx(0.5)
    collapsed = torch.where((y == 2)[:, None, None, None], x[:1], x)
    assert spread_ratio(collapsed, y, x, y) == pytest.approx(0)
    # The broken twin: over all classes together the collapse of one is hardly seen.
    together = torch.zeros_like(y)
    assert spread_ratio(collapsed, together, x, together) > 0.7
