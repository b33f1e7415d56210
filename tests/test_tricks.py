"""What is done to examples before a critic sees them: the views' laws, and their adaptation."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.networks import MLP, ConvCritic, ConvGenerator
from counterplay.penalties import r1
from counterplay.train import State, train
from counterplay.views import (
    AUGMENTATIONS,
    Adapt,
    Noise,
    View,
    colour,
    cutout,
    instance_noise,
    packed,
    translation,
)

ALWAYS, NEVER = torch.tensor(1.0), torch.tensor(0.0)


def noise(x: Tensor, step: int = 0, scope: str = "view") -> Noise:
    return Noise(Round(Batch(x), step), scope)


def pictures(n: int = 64, channels: int = 3, size: int = 16) -> Tensor:
    return torch.rand(n, channels, size, size, generator=generator("pictures")) * 2 - 1


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_an_augmentation_that_never_happens_changes_nothing(name: str) -> None:
    x = pictures()
    assert torch.allclose(AUGMENTATIONS[name](x, noise(x), NEVER), x, atol=1e-6)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_an_augmentation_happens_as_often_as_its_chance(name: str) -> None:
    x = pictures(400, 3, 8)
    for chance in (0.3, 1.0):
        seen = AUGMENTATIONS[name](x, noise(x), torch.tensor(chance))
        changed = ((seen - x).abs().flatten(1).amax(1) > 1e-5).float().mean().item()
        # Colour has three chances; a translation by (0, 0) is one in nine on 8 pixels.
        expected = {
            "colour": 1 - (1 - chance) ** 3,
            "translation": chance * 8 / 9,
            "cutout": chance,
        }
        assert changed == pytest.approx(expected[name], abs=0.09)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_an_augmentation_is_differentiable_in_the_example_and_in_it_alone(name: str) -> None:
    x = pictures(4).double().requires_grad_()
    step = AUGMENTATIONS[name]
    drawn = noise(x)
    assert torch.autograd.gradcheck(
        lambda at: step(at, drawn, ALWAYS)[:, :, ::5, ::5], (x,), fast_mode=True
    )
    (slope,) = torch.autograd.grad(step(x, drawn, ALWAYS)[0].sum(), x)
    assert slope[0].abs().max() > 0
    assert slope[1:].abs().max() == 0


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_real_and_generated_examples_have_one_law_and_other_draws(name: str) -> None:
    x = pictures(1).expand(3000, -1, -1, -1)[:, :, :8, :8]
    real, fake = (AUGMENTATIONS[name](x, noise(x, scope=s), ALWAYS) for s in ("real", "fake"))
    assert not torch.equal(real, fake)
    assert torch.allclose(real.mean(0), fake.mean(0), atol=0.06)
    assert torch.allclose(real.std(0), fake.std(0), atol=0.06)


def test_colour_moves_brightness_contrast_and_saturation() -> None:
    flat = torch.zeros(2000, 3, 2, 2)
    shift = colour(flat, noise(flat), ALWAYS)
    assert torch.equal(shift, shift[:, :1, :1, :1].expand_as(shift))
    assert -0.5 <= shift.min() < -0.48
    assert 0.48 < shift.max() <= 0.5
    x = pictures(500)
    seen = colour(x, noise(x), ALWAYS)
    # Contrast is about the mean, and saturation about grey: the mean moves by brightness alone.
    moved = seen.mean((1, 2, 3)) - x.mean((1, 2, 3))
    assert moved.abs().max() <= 0.5 + 1e-6
    grey = (seen - seen.mean(1, keepdim=True)).flatten(1).norm(dim=1)
    before = (x - x.mean(1, keepdim=True)).flatten(1).norm(dim=1)
    assert (grey / before).min() < 0.1
    assert 2 < (grey / before).max() <= 3 + 1e-5


def test_translation_moves_whole_pictures_by_whole_pixels() -> None:
    x = torch.zeros(300, 1, 16, 16)
    x[:, :, 8, 5] = 1
    seen = translation(x, noise(x), ALWAYS)
    assert torch.equal(seen.flatten(1).sum(1), torch.ones(300))
    places = seen.flatten(1).argmax(1)
    rows, columns = places // 16 - 8, places % 16 - 5
    assert set(rows.tolist()) == set(columns.tolist()) == {-2, -1, 0, 1, 2}
    # What comes in from outside is grey.
    full = translation(torch.ones_like(x), noise(x), ALWAYS)
    assert set(full.unique().tolist()) == {0.0, 1.0}


def test_cutout_hides_a_square_of_half_the_side() -> None:
    x = torch.ones(500, 2, 16, 16)
    hidden = cutout(x, noise(x), ALWAYS)[:, 0] == 0
    areas = hidden.flatten(1).sum(1)
    assert areas.max() == 64
    assert areas.min() >= 16
    rows, columns = hidden.any(2).sum(1), hidden.any(1).sum(1)
    assert torch.equal(rows * columns, areas)


def test_augmenting_vectors_is_refused() -> None:
    x = torch.zeros(4, 2)
    for name, step in AUGMENTATIONS.items():
        with pytest.raises(UserError, match=f"{name} augments pictures"):
            step(x, noise(x), ALWAYS)


def test_instance_noise_falls_to_nothing() -> None:
    x = torch.zeros(2000, 2)
    step = instance_noise(0.4, 100)
    for at, std in [(0, 0.4), (50, 0.2), (75, 0.1), (100, 0.0), (1000, 0.0)]:
        assert step(x, noise(x, at), ALWAYS).std().item() == pytest.approx(std, rel=0.05)


def test_packs_are_examples_after_each_other() -> None:
    x = torch.arange(12.0).view(6, 2)
    assert torch.equal(packed(x, 3)[1], torch.tensor([6.0, 7.0, 8.0, 9.0, 10.0, 11.0]))
    y = pictures(4)
    assert torch.equal(packed(y, 2)[1], torch.cat([y[2], y[3]]))
    assert packed(x, 1) is x


def test_the_views_noise_does_not_depend_on_the_shards() -> None:
    x = pictures(8)
    view = View(AUGMENTATIONS | {"noise": instance_noise(0.1, 10)}, pack=2)
    whole = view(x, noise(x))
    parts = [
        view(part, Noise(Round(Batch(part), shard=(i, 2)), "view"))
        for i, part in enumerate(x.chunk(2))
    ]
    assert torch.equal(whole, torch.cat(parts))
    strided = Noise(Round(Batch(x)), "penalty", stride=2).uniform()
    shares = [
        Noise(Round(Batch(part), shard=(i, 2)), "penalty", stride=2).uniform()
        for i, part in enumerate(x.chunk(2))
    ]
    assert torch.equal(strided, torch.cat(shares))


def heard(values: float, rounds: int, **options: float) -> list[float]:
    """Return the chance before each round, where the critic says ``values`` of all that is real."""
    view = View(AUGMENTATIONS, chance=0.2, adapt=Adapt(examples=320, every=2, **options))
    x, path = pictures(16), []
    for step in range(rounds):
        view.turn(Round(Batch(x), step))
        path.append(view.chance.item())
        view.hear(torch.full((16,), values))
    return path


def test_the_chance_follows_the_critics_overfitting() -> None:
    # 16 examples a round, two rounds a step, 320 for the whole way: steps of 0.1.
    sure = heard(3.0, 14)
    assert sure[:6] == pytest.approx([0.2, 0.2, 0.3, 0.3, 0.4, 0.4])
    assert sure[-1] == pytest.approx(0.8)
    unsure = heard(-3.0, 10)
    assert unsure[:6] == pytest.approx([0.2, 0.2, 0.1, 0.1, 0.0, 0.0])
    assert unsure[-1] == 0
    # At a target that is exactly met nothing moves.
    assert heard(1.0, 6, target=1.0) == pytest.approx([0.2] * 6)


def test_the_chance_is_one_for_all_parts_and_processes_of_a_round() -> None:
    x = pictures(8)
    values = torch.tensor([1.0, 1, 1, 1, 1, 1, -1, -1])
    adapt = Adapt(target=0.4, examples=80, every=1)
    whole, parts = View(adapt=adapt), View(adapt=adapt)
    shards = [View(adapt=adapt) for _ in range(2)]
    for step in range(3):
        round = Round(Batch(x), step, parts=2)
        whole.turn(Round(Batch(x), step))
        whole.hear(values)
        for i, part in enumerate(round.split()):
            parts.turn(part)
            parts.hear(values.chunk(2)[i])
            shards[i].turn(Round(part.batch, step, shard=(i, 2)))
            shards[i].hear(values.chunk(2)[i])
        # As the loop does after each round: buffers are averaged over processes.
        for name in ("chance", "signs", "heard"):
            mean = torch.stack([getattr(s, name) for s in shards]).mean()
            for s in shards:
                getattr(s, name).copy_(mean)
    assert whole.chance.item() == pytest.approx(0.8)
    assert parts.chance.item() == pytest.approx(whole.chance.item())
    assert all(s.chance.item() == pytest.approx(whole.chance.item()) for s in shards)


def test_the_chance_never_leaves_the_device() -> None:
    # Tensors on the meta device have no values: reading one is an error.
    view = View(AUGMENTATIONS, adapt=Adapt()).to("meta")
    x = torch.empty(8, 3, 16, 16, device="meta")
    for step in range(9):
        view.turn(Round(Batch(x), step))
        view.hear(view(x, noise(x, step)).mean((1, 2, 3)))
    with pytest.raises(RuntimeError):
        view.chance.item()


def adaptive(penalty: object = r1) -> GAN:
    with seeded("game"):
        return GAN(
            ConvGenerator(4, 1, 16, 4),
            ConvCritic(1, 16, 4),
            Normal(4),
            view=View(AUGMENTATIONS, adapt=Adapt(examples=200, every=1), chance=0.5),
            penalties={"it": (1.0, penalty)},
            moves=(adam(1e-2), adam(1e-4)),
        )


def test_adaptation_is_saved_and_resumed_and_belongs_to_the_critic() -> None:
    game = adaptive()
    state = State(game)
    batches = [Batch(pictures(8, 1))] * 12
    for _ in train(game, batches, state=state):
        pass
    chance = game.view.chance.item()
    assert chance != 0.5
    again = State(adaptive())
    again.load({k: v.clone() for k, v in state.tensors().items()}, state.scalars())
    assert again.game.view.chance.item() == chance
    before = copy.deepcopy(game.view.state_dict())
    game.generator_cost(Round(Batch(pictures(8, 1)), 99))
    assert all(torch.equal(v, before[k]) for k, v in game.view.state_dict().items())


def test_the_critic_and_its_penalties_see_what_is_shown() -> None:
    seen = {}

    def spy(critic: object, real: Tensor, fake: Tensor, noise: Noise) -> Tensor:
        seen.update(real=real.detach(), fake=fake.detach())
        return real.new_zeros(())

    game = adaptive(spy)
    x = pictures(8, 1)
    round = Round(Batch(x))
    game.critic_cost(round)
    shown = game.view(x, Noise(round, "view/real"))
    assert torch.equal(seen["real"], shown)
    assert not torch.equal(seen["real"], x)
    assert torch.equal(seen["fake"], game.view(game.fake(round)[0], Noise(round, "view/fake")))


def test_the_generators_gradient_passes_through_the_view() -> None:
    game = adaptive()
    round = Round(Batch(pictures(8, 1)))
    own = list(game.generator.parameters())
    through = torch.autograd.grad(game.generator_cost(round)["adversarial"], own)
    assert all(g.abs().max() > 0 for g in through)
    # The broken twin: samples augmented outside the graph teach the generator nothing.
    cut = game.critic(game.view(game.fake(round)[0].detach(), noise(round.batch.x)))
    assert not any(
        g.abs().max() > 0
        for g in torch.autograd.grad(cut.mean(), own, allow_unused=True, materialize_grads=True)
    )


def test_augmenting_real_examples_alone_shows_and_the_same_view_of_both_does_not() -> None:
    # At q = p a critic that sees both through one view has nothing to tell; through a view of the
    # real ones alone it has.
    law = torch.randn(4000, 2, generator=generator("law"))
    other = torch.randn(4000, 2, generator=generator("other law"))
    view = View({"shift": lambda x, noise, chance: x + noise.uniform(2)})
    gaps = [
        (view(law, noise(law, scope="real")).mean() - shown.mean()).abs().item()
        for shown in (view(other, noise(other, scope="fake")), other)
    ]
    assert gaps[0] < 0.05
    assert gaps[1] > 0.4


def test_a_plain_view_has_no_state_and_changes_nothing() -> None:
    view, x = View(), pictures(4)
    assert not view.state_dict()
    assert not list(view.buffers())
    assert view(x, noise(x)) is x
    assert not GAN(MLP([2, 2]), MLP([2, 1]), Normal(2)).view.state_dict()
