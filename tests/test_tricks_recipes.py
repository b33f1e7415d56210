"""Every cost, penalty and trick by its name in a recipe, and the combinations that are refused."""

from __future__ import annotations

import re
import typing

import pytest
import torch

from counterplay.costs import COSTS, hinge, logistic_critic, non_saturating
from counterplay.data.domain import Image, Vector
from counterplay.errors import UserError
from counterplay.game import Batch, generator
from counterplay.games import GAN
from counterplay.networks.minibatch import MINIBATCH
from counterplay.penalties import SLOPES, Charge, Clipped, drift
from counterplay.recipes import build, read
from counterplay.recipes.schema import Mlp, Recipe
from counterplay.recipes.specs.gan import Gan
from counterplay.train import State, train

POINTS = Vector(2, ("x", "y"), (0.0, 0.0), (1.0, 1.0))
PICTURES = Image(1, 16, ("a", "b"))


def made(game: str, domain: Image | Vector = POINTS, networks: str = "mlp, width: 8") -> GAN:
    if domain is PICTURES:
        networks = "dcgan, width: 4, critic_norm: none"
    text = f"name: t\ngame: {{type: gan, latent: 2, networks: {{type: {networks}}}{game}}}\n"
    return build.game(read(text), domain, (0.5, 0.5))


def played(game: GAN, domain: Image | Vector = POINTS) -> dict[str, torch.Tensor]:
    draws = (torch.randn(8, *domain.shape, generator=generator(t)) for t in range(2))
    *_, (_, report) = train(game, [Batch(x.clamp(-1, 1)) for x in draws], state=State(game))
    return report


def test_every_cost_has_a_name_in_a_recipe() -> None:
    options = typing.get_args(typing.get_type_hints(Gan)["cost"])
    assert set(options) == COSTS.keys()
    for name in options:
        game = made(f", cost: {name}")
        assert game.cost is COSTS[name]
        assert all(v.isfinite() for v in played(game).values())


def test_every_penalty_has_a_name_in_a_recipe() -> None:
    inner = {
        "gradient": "gradient_penalty",
        "one_sided": "one_sided",
        "dragan": "dragan",
        "drift": "drift",
        "consistency": "consistency",
    }
    for field, name in inner.items():
        for domain in (POINTS, PICTURES):
            game = made(f", penalties: {{{field}: 0.5}}", domain)
            assert [(n, c.weight, c.every) for n, c in game.penalties.items()] == [(name, 0.5, 1)]
            assert f"critic/{name}" in played(game, domain)
    game = made(", r1: 0.1, r2: 0.2")
    assert {name: charge.weight for name, charge in game.penalties.items()} == {
        "r1": 0.1,
        "r2": 0.2,
    }
    assert {*inner.values(), "r1", "r2"} == {*SLOPES, "drift", "consistency"}


def test_penalties_may_be_lazy_on_pictures_and_not_on_points() -> None:
    game = made(", r1: 1, penalties: {every: 4}", PICTURES)
    assert game.penalties["r1"] == Charge(1.0, SLOPES["r1"], 4)
    with pytest.raises(UserError, match=r"game.penalties.every: 4 rounds .* 1 works"):
        made(", r1: 1, penalties: {every: 4}")


def test_labels_are_smoothed_and_flipped() -> None:
    smooth = made(", tricks: {real_label: 0.9}").cost
    a, b = torch.randn(2, 8, generator=generator("values"))
    assert smooth.critic(a, b) != non_saturating.critic(a, b)
    flipped = made(", cost: hinge, tricks: {flips: 0.1}").cost
    expected = 0.9 * hinge.critic(a, b) + 0.1 * hinge.critic(b, a)
    assert flipped.critic(a, b).item() == pytest.approx(expected.item())
    with pytest.raises(UserError, match="taught no labels to flip"):
        made(", cost: relativistic, tricks: {flips: 0.1}")
    with pytest.raises(UserError, match="smoothed for logistic critics"):
        made(", cost: hinge, tricks: {real_label: 0.9}")


def test_features_history_packs_and_minibatch_layers() -> None:
    game = made(", tricks: {match_features: true}")
    assert game.cost.features
    assert game.cost.critic is logistic_critic
    assert "critic/history" in played(made(", tricks: {history: 0.1}"))
    for domain in (POINTS, PICTURES):
        for pack in (2, 4):
            game = made(f", pack: {pack}", domain)
            assert game.view.pack == pack
            assert all(v.isfinite() for v in played(game, domain).values())
        for kind in MINIBATCH:
            game = made(f", tricks: {{minibatch: {kind}}}", domain)
            assert game.apart
            assert all(v.isfinite() for v in played(game, domain).values())
    with pytest.raises(UserError, match="packs have no class"):
        made(", pack: 2, conditional: true", PICTURES)


def test_weights_are_clipped_and_players_move_by_different_rules() -> None:
    wgan = ", cost: wasserstein, clip: 0.01, critic_steps: 5, critic: {rule: rmsprop, lr: 5e-5}"
    game = made(wgan)
    assert game.moves[0].bound == 0.01
    assert isinstance(game.moves[0], Clipped)
    assert game.critic_steps == 5
    mixed = State(made(", critic: {rule: sgd, lr: 0.1, betas: [0.9, 0]}, generator: {lr: 1e-3}"))
    rules = [type(seat.optimiser) for seat in mixed.seats]
    assert rules == [torch.optim.SGD, torch.optim.Adam]
    assert mixed.seats[0].optimiser.param_groups[0]["momentum"] == 0.9
    with pytest.raises(UserError, match="r1 and clipped weights both bound"):
        made(wgan + ", r1: 1")


def test_augmentation_and_instance_noise() -> None:
    game = made(", augment: {colour: true, cutout: true, chance: 0.5}", PICTURES)
    assert list(game.view.steps) == ["colour", "cutout"]
    assert game.view.chance == 0.5
    game = made(", augment: {translation: true, adaptive: true, target: 0.5}", PICTURES)
    assert game.view.adapt.target == 0.5
    game = made(", tricks: {instance_noise: 0.1}")
    assert list(game.view.steps) == ["instance_noise"]
    with pytest.raises(UserError, match="pictures are augmented, and the data are vectors"):
        made(", augment: {colour: true}")
    with pytest.raises(UserError, match=r"augment.adaptive: nothing is augmented"):
        made(", augment: {adaptive: true}, tricks: {instance_noise: 0.1}", PICTURES)
    with pytest.raises(UserError, match=r"augment.chance: nothing is augmented"):
        made(", augment: {chance: 0.5}", PICTURES)


def test_augmentation_adapts_from_none_to_a_sign_that_says_something() -> None:
    moved = ", augment: {translation: true, adaptive: true}"
    assert made(moved, PICTURES).view.chance == 0
    assert made(", augment: {translation: true}", PICTURES).view.chance == 1
    for cost in ("least_squares", "wasserstein", "relativistic", "kl"):
        with pytest.raises(UserError, match=r"are not centred at 0; --game\.cost non_saturating"):
            made(f"{moved}, cost: {cost}", PICTURES)
    assert made(f"{moved}, cost: pearson", PICTURES).view.adapt


def test_labels_the_wrong_way_round_and_payments_of_nothing_are_refused() -> None:
    with pytest.raises(UserError, match="the critic would learn the opposite"):
        made(", tricks: {real_label: 0.1, fake_label: 0.9}")
    with pytest.raises(UserError, match=r"penalties.every: nothing is paid"):
        made(", penalties: {every: 4}", PICTURES)


def test_batch_norm_is_refused_under_slopes_and_pays_for_values() -> None:
    normed = "dcgan, width: 4, critic_norm: batch"
    with pytest.raises(UserError, match="r1 needs the gradient of each example by itself"):
        build.game(
            read(f"name: t\ngame: {{type: gan, r1: 1, networks: {{type: {normed}}}}}"), PICTURES
        )
    text = f"name: t\ngame: {{type: gan, penalties: {{drift: 1}}, networks: {{type: {normed}}}}}"
    assert build.game(read(text), PICTURES).penalties["drift"].penalty is drift


@pytest.mark.parametrize(
    ("changes", "option"),
    [
        ("r1: 1, networks: {type: dcgan, critic_norm: batch}", "--game.networks.critic-norm none"),
        ("r2: 1, tricks: {minibatch: std}", "--game.pack 2"),
        ("cost: hinge, tricks: {real_label: 0.9}", "--game.cost non_saturating"),
        ("pack: 2, conditional: true", "--game.no-conditional"),
    ],
)
def test_what_is_refused_names_the_option_that_would_do(changes: str, option: str) -> None:
    networks = "" if "networks" in changes else ", networks: {type: dcgan, critic_norm: none}"
    recipe = read(f"name: t\ngame: {{type: gan, {changes}{networks}}}")
    with pytest.raises(UserError, match=re.escape(option)):
        build.game(recipe, PICTURES)


def test_a_recipes_plain_game_is_what_it_was() -> None:
    game = build.game(Recipe("t", game=Gan(Mlp(8))), POINTS)
    assert game.cost is non_saturating
    assert not game.penalties
    assert not game.view.steps
    assert {name.split(".")[0] for name in game.state_dict()} == {"generator", "critic"}
