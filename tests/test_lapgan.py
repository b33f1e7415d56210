"""The pyramid loses nothing, its levels are games of their own, and sampling chains them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from counterplay.data import load
from counterplay.dynamics import alternating
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games.lapgan import LAPGAN
from counterplay.latents.powers import renders
from counterplay.laws import Normal
from counterplay.networks.pyramid import (
    CoarseCritic,
    CoarseGenerator,
    LevelCritic,
    LevelGenerator,
    build,
    down,
    rebuild,
    up,
)
from counterplay.recipes.measures_errors import edge_energy, residual_match
from counterplay.train import Ema, State, train


def pictures(n: int = 8, size: int = 16, channels: int = 1) -> Tensor:
    return torch.rand(n, channels, size, size, generator=generator("pictures")) * 2 - 1


def game(size: int = 16, levels: int = 2, width: int = 4) -> LAPGAN:
    small = size // 2**levels
    with seeded("pyramid"):
        forgers = [LevelGenerator(1, width, 1) for _ in range(levels)]
        judges = [LevelCritic(1, size // 2**k, width) for k in range(levels)]
        return LAPGAN(
            [*forgers, CoarseGenerator(4, (1, small, small), 16)],
            [*judges, CoarseCritic((1, small, small), 16)],
            Normal(4),
            size,
            moves=(adam(1e-3, (0.5, 0.999)),) * 2,
        )


def test_a_latent_is_the_coarse_one_and_the_planes_of_the_levels() -> None:
    made = game()
    z = renders(made).latent.sample(3, generator("z"))
    assert z.shape == (3, 4 + 16**2 + 8**2)
    x = made.render(z)
    assert torch.allclose(x[:1], made.render(z[:1]), atol=1e-5)
    rng = generator(5, "sample")  # the numbers of sample(3, seed=5), in its own order
    parts = [torch.randn(3, 4, generator=rng)]
    parts += [torch.randn(3, 1, side, side, generator=rng).flatten(1) for side in (16, 8)]
    assert torch.allclose(made.render(torch.cat(parts, 1)), made.sample(3, seed=5), atol=1e-5)


@pytest.mark.parametrize(("size", "levels"), [(28, 2), (32, 2), (32, 3)])
def test_a_pyramid_is_rebuilt_without_any_error(size: int, levels: int) -> None:
    # Sixteenths: means, interpolations and differences of these are exact in float32.
    exact = (pictures(4, size, 3) * 16).round() / 16
    residuals, coarse = build(exact, levels)
    assert coarse.shape[-1] == size // 2**levels
    assert [h.shape[-1] for h in residuals] == [size // 2**k for k in range(levels)]
    assert torch.equal(rebuild(residuals, coarse), exact)
    # Pictures of 256 levels lie at no such numbers: not a level is off after rounding, either.
    raw = torch.randint(256, (4, 3, size, size), generator=generator("raw")).float()
    encoded = raw / 127.5 - 1
    back = rebuild(*build(encoded, levels))
    assert torch.equal(((back + 1) * 127.5).round(), raw)
    assert (back - encoded).abs().max() < 1e-6


def test_residuals_are_what_the_coarse_picture_lacks() -> None:
    flat = torch.full((1, 1, 16, 16), 0.25)
    residuals, coarse = build(flat, 2)
    assert all(not h.any() for h in residuals)
    assert (coarse == 0.25).all()
    sharp = pictures()
    # Leaving the residuals out is a blur; doubling them is not the picture either.
    for residual in ([h * 0 for h in build(sharp, 2)[0]], [h * 2 for h in build(sharp, 2)[0]]):
        assert (rebuild(residual, build(sharp, 2)[1]) - sharp).abs().mean() > 0.1
    torch.testing.assert_close(down(up(coarse)), coarse)


def test_the_critic_sees_the_sum_and_the_coarse_picture() -> None:
    critic = LevelCritic(1, 8, 4)
    residual, coarse = pictures(3, 8), pictures(3, 8).flip(0)
    seen: list[Tensor] = []
    hook = critic.body.register_forward_hook(lambda m, inputs, out: seen.append(inputs[0]))
    value = critic(residual, coarse)
    hook.remove()
    assert value.shape == (3,)
    assert torch.equal(seen[0], torch.cat([coarse + residual, coarse], 1))
    assert not torch.allclose(value, critic(coarse, residual))  # it is told which is which


def test_levels_are_independent_games() -> None:
    made = game()
    names = [player.name for player in made.players()]
    assert names == [f"{who}{side}" for side in (16, 8, 4) for who in ("critic", "generator")]
    batch = Batch(pictures())
    for player, seat in zip(made.players(), State(made).seats, strict=True):
        for p in made.parameters():
            p.grad = None
        alternating([seat], Round(batch))
        torch.stack(list(player.cost(Round(batch)).values())).sum().backward()
        touched = {name for name, p in made.named_parameters() if p.grad is not None}
        level = names.index(player.name) // 2
        assert {name.split(".")[1] for name in touched} == {str(level)}


def test_generators_of_a_level_see_real_coarse_pictures() -> None:
    made, x = game(), pictures()
    for k in range(3):
        real, fake = made.real(k, x), made.fake(k, Round(Batch(x)))
        assert [r.shape for r in real] == [f.shape for f in fake]
        if k < 2:
            assert torch.equal(real[1], fake[1])
            torch.testing.assert_close(real[0] + real[1], x if k == 0 else down(x))
            assert torch.equal(real[1], up(down(x) if k == 0 else down(down(x))))


def test_sampling_runs_the_pyramid_down_to_the_finest_level() -> None:
    made = game()
    found = made.sample(5, seed=3)
    rng = generator(3, "sample")
    z = torch.randn(5, 4, generator=rng)
    planes = [torch.randn(5, 1, side, side, generator=rng) for side in (16, 8)]
    with torch.no_grad():
        small = made.generators[2](z)
        middle = up(small) + made.generators[1](planes[1], up(small))
        fine = up(middle) + made.generators[0](planes[0], up(middle))
    assert torch.equal(found, fine.clamp(-1, 1))
    assert torch.equal(made.blurred(5, seed=3), up(up(small)))
    assert torch.equal(made.sample(300, seed=3), made.sample(300, seed=3))


def test_edge_energy_is_the_mean_square_of_neighbours_differences() -> None:
    stripes = torch.zeros(2, 1, 4, 4)
    stripes[..., ::2] = 1.0
    assert edge_energy(stripes) == pytest.approx(0.5)  # 1 across, 0 along
    assert edge_energy(stripes * 3) == pytest.approx(4.5)
    assert edge_energy(torch.full((2, 1, 4, 4), 0.7)) == 0.0
    assert edge_energy(up(down(pictures()))) < 0.5 * edge_energy(pictures())


def test_residuals_bring_back_the_edges_that_up_sampling_lacks() -> None:
    source = load("digits")  # 8 x 8, in levels of 8 and 4
    made = game(8, 1, 16)
    state = State(made, ema=Ema(50.0))
    for _ in train(made, source.batches(32, seed=0), steps=350, state=state):
        pass
    real = edge_energy(source.examples("test").x)
    samples = edge_energy(state.best.sample(256, seed=1)) / real
    assert 0.7 < samples < 1.3, samples
    assert edge_energy(state.best.blurred(256, seed=1)) / real < 0.5  # the broken twin


class Knows(nn.Module):
    """A generator that has learnt which residual each coarse picture asks for."""

    def __init__(self, residuals: Tensor, coarse: Tensor) -> None:
        super().__init__()
        self.residuals, self.coarse = residuals, coarse

    def forward(self, noise: Tensor, coarse: Tensor) -> Tensor:
        return self.residuals[torch.cdist(coarse.flatten(1), self.coarse.flatten(1)).argmin(1)]


class Noise(nn.Module):
    """Its twin: as many edges, and none of the picture."""

    def forward(self, noise: Tensor, coarse: Tensor) -> Tensor:
        return noise


def test_residuals_match_where_they_are_those_that_the_coarse_picture_asks_for() -> None:
    made, x = game(8, 1, 16), load("digits").examples("test").x
    made.generators[0] = Knows(*made.real(0, x))
    assert residual_match(made, x) == pytest.approx(1.0)
    assert abs(residual_match(made, x, turn=1)) < 0.2
    made.generators[0] = Noise()
    assert abs(residual_match(made, x)) < 0.1
