"""Latent tools: the laws of paths, sums, truncation and neighbours, each beside what breaks it."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import nn

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.games.gan import GAN
from counterplay.games.infogan import Joined
from counterplay.latents import (
    PATHS,
    Renders,
    Styled,
    analogy,
    jittered,
    lerp,
    nearest_examples,
    numbered,
    path,
    shown,
    slerp,
    spread,
    sweep,
    truncated,
    way,
)
from counterplay.latents.powers import renders
from counterplay.laws import Labels, Normal, Uniform
from counterplay.networks import MLP


def ends(n=4000, dim=100):
    return torch.randn(2, n, dim, generator=generator("ends"))


def test_the_middle_of_an_arc_is_as_long_as_a_draw_and_that_of_a_line_is_not():
    a, b = ends()
    prior = math.sqrt(100)
    assert float(slerp(a, b, 0.5).norm(dim=1).mean()) == pytest.approx(prior, rel=0.01)
    assert float(lerp(a, b, 0.5).norm(dim=1).mean()) < 0.75 * prior


@pytest.mark.parametrize("how", PATHS)
def test_paths_begin_and_end_where_they_should(how):
    a, b = ends(5, 7)
    points = path(a, b, 6, how)
    assert points.shape == (5, 6, 7)
    assert torch.equal(points[:, 0], a)
    assert torch.equal(points[:, -1], b)
    for t in (0.0, 1.0):
        assert torch.allclose(PATHS[how](a, b, t), a if t == 0 else b, atol=1e-5)


@pytest.mark.parametrize("how", PATHS)
def test_the_way_back_is_the_way_there(how):
    a, b = ends(5, 7)
    assert torch.allclose(path(a, b, 5, how).flip(1), path(b, a, 5, how), atol=1e-5)


def test_an_arc_turns_evenly_and_stays_on_the_sphere():
    a, b = ends(3, 50)
    a, b = a / a.norm(dim=1, keepdim=True), b / b.norm(dim=1, keepdim=True)
    points = path(a, b, 9)
    assert torch.allclose(points.norm(dim=2), torch.ones(3, 9), atol=1e-5)
    turns = (points[:, 1:] * points[:, :-1]).sum(2).clamp(-1, 1).acos()
    assert torch.allclose(turns, turns[:, :1].expand_as(turns), atol=1e-3)
    straight = path(a, b, 9, "line")
    assert float(straight.norm(dim=2)[:, 4].max()) < 0.95


def test_arcs_between_parallel_opposite_and_zero_latents_are_finite():
    a = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [1.0, 2.0]])
    b = torch.tensor([[2.0, 0.0], [-1.0, 0.0], [3.0, 1.0], [1.0, 2.0]])
    middle = slerp(a, b, 0.5)
    assert torch.isfinite(middle).all()
    assert torch.allclose(middle, lerp(a, b, 0.5))


def test_each_row_may_have_its_own_place():
    a, b = ends(3, 4)
    t = torch.tensor([0.0, 0.5, 1.0])
    rows = slerp(a, b, t)
    assert torch.allclose(rows[1], slerp(a, b, 0.5)[1])
    assert torch.allclose(rows[2], b[2], atol=1e-5)


def test_each_part_of_a_latent_goes_its_own_way_and_categories_are_never_mixed():
    law = Joined(Normal(50), Labels((0.25,) * 4), Uniform(2))
    a, b = law.sample(64, generator(0)), law.sample(64, generator(1))
    for t in (0.0, 0.3, 0.5, 1.0):
        z, hot, place = law.split(way(law)(a, b, t))
        assert torch.equal(z, slerp(a[:, :50], b[:, :50], t))
        assert torch.equal(place, lerp(a[:, -2:], b[:, -2:], t))
        assert torch.equal(hot, (a if t < 0.5 else b)[:, 50:54])
    assert not torch.equal(law.split(lerp(a, b, 0.3))[1], a[:, 50:54])
    assert way(Normal(3)) is slerp
    assert way(Uniform(3)) is lerp


def test_a_path_of_one_step_is_refused():
    with pytest.raises(UserError, match="2 or more, both ends included"):
        path(*ends(1, 2), 1)


def test_sums_of_means_find_a_factor_that_is_a_direction():
    """z = noise + factor · direction: A − B + C has C's factors with A's in the place of B's."""
    rng = generator("factors")
    one, two = torch.randn(2, 64, generator=rng)

    def some(has_one, has_two, n=30):
        return torch.randn(n, 64, generator=rng) * 0.3 + has_one * one + has_two * two

    z = analogy(some(1, 0), some(0, 0), some(0, 1))
    assert torch.allclose(z, (one + two)[None], atol=0.5)
    assert float(analogy(some(1, 0), some(0, 0), some(0, 1), norm=8.0).norm()) == pytest.approx(8.0)
    single = torch.stack([analogy(some(1, 0, 1), some(0, 0, 1), some(0, 1, 1))[0] for _ in "123"])
    away = (single - one - two).norm(dim=1).min()
    assert away > 2 * (z - one - two).norm()  # single exemplars do worse: their own noise stays


def test_sums_refuse_empty_sets_and_other_widths():
    z = torch.zeros(2, 3)
    for bad in ((z[:0], z, z), (z, z, torch.zeros(1, 4))):
        with pytest.raises(UserError, match="each of the three sets takes"):
            analogy(*bad)


def test_jitter_is_around_and_the_sum_itself_first():
    z = torch.zeros(1, 50)
    near = jittered(z, 20, generator("near"))
    assert torch.equal(near[:1], z)
    assert float(near.abs().max()) <= 0.25
    assert float(near[1:].std()) == pytest.approx(0.25 / math.sqrt(3), rel=0.1)


def test_a_truncated_law_is_the_normal_one_drawn_again():
    """Moments of N(0, 1) given |z| ≤ t: variance 1 − 2 t φ(t) / (2 F(t) − 1)."""
    for t in (0.5, 1.0, 2.0):
        z = truncated(Normal(100), t).sample(2000, generator("truncated"))
        density = math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
        variance = 1 - 2 * t * density / math.erf(t / math.sqrt(2))
        assert float(z.abs().max()) <= t + 1e-6
        assert float(z.var()) == pytest.approx(variance, rel=0.02)
        rejected = torch.randn(400_000, generator=generator("again"))
        assert float(z.var()) == pytest.approx(float(rejected[rejected.abs() <= t].var()), rel=0.02)


def test_a_wide_threshold_leaves_the_law_and_zero_leaves_one_latent():
    rng = generator("wide")
    assert float(truncated(Normal(50), 9.0).sample(4000, rng).std()) == pytest.approx(1, rel=0.01)
    assert float(truncated(Normal(5), 0.0).sample(3, rng).abs().max()) == 0


def test_only_normal_latents_are_truncated():
    with pytest.raises(UserError, match="only normal ones have"):
        truncated(Uniform(3), 0.5)
    with pytest.raises(UserError, match="a number from 0 is needed"):
        truncated(Normal(3), -1.0)


def game(labels=None):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return GAN(MLP([8, 16, 6]), MLP([6, 8, 1]), Normal(8), labels=labels)


def test_spread_strictly_falls_along_a_sweep():
    shots = sweep(game(), (4.0, 1.5, 1.0, 0.5, 0.0), 300)
    wide = [spread(x) for x in shots]
    assert all(a > b for a, b in pairwise(wide))
    assert wide[-1] == 0


def test_a_sweep_moves_the_same_examples_inwards():
    near, nearer = sweep(game(), (1.0, 0.98), 50)
    assert float((near - nearer).abs().max()) < 0.1 * spread(near) * 5
    assert not torch.equal(near, nearer)


def test_a_latent_is_named_by_its_seed_alone():
    law = Normal(8)
    assert torch.equal(numbered(law, [3, 5, 7])[1], numbered(law, [5])[0])
    with pytest.raises(UserError, match="a latent is named by its seed"):
        numbered(law, [])


def test_what_a_game_renders_is_shown_and_the_game_stays_as_it_was():
    one = game()
    assert isinstance(one, Renders)
    before = {k: v.clone() for k, v in one.state_dict().items()}
    z = numbered(one.latent, [0, 1])
    assert torch.equal(shown(one, z), shown(one, z))
    assert all(torch.equal(v, before[k]) for k, v in one.state_dict().items())


def test_a_game_without_latents_is_refused():
    with pytest.raises(UserError, match="has no latents to choose"):
        renders(nn.Linear(2, 2))


def test_copies_are_their_own_nearest_neighbours():
    train = torch.randn(40, 3, 4, 4, generator=generator("train"))
    found = nearest_examples(train[[7, 11]], train, k=3)
    assert found.index[:, 0].tolist() == [7, 11]
    assert found.distance[:, 0].tolist() == [0, 0]
    assert (found.distance.diff(dim=1) >= 0).all()
    whole = torch.cdist(train[[7, 11]].flatten(1), train.flatten(1))
    assert torch.equal(found.index, whole.topk(3, largest=False).indices)


def test_neighbours_in_features_see_what_pixels_do_not():
    """A mirrored copy is far in pixels, and at distance 0 in features that no mirror changes."""
    train = torch.randn(40, 1, 6, 6, generator=generator("train"))
    mirrored = train[[5]].flip(3)
    same = nearest_examples(mirrored, train, features=lambda x: x.sum(3))
    assert same.index.tolist() == [[5]]
    assert float(same.distance) < 1e-5
    assert float(nearest_examples(mirrored, train).distance) > 1


def test_neighbours_refuse_other_shapes_and_too_many():
    train = torch.zeros(3, 2)
    with pytest.raises(UserError, match="no neighbours among examples of"):
        nearest_examples(torch.zeros(1, 3), train)
    with pytest.raises(UserError, match="1 to 3 can be had"):
        nearest_examples(train, train, k=4)


def styled():
    from counterplay.games.style import StyleGAN
    from counterplay.networks.style import StyleCritic, StyleGenerator

    with torch.random.fork_rng():
        torch.manual_seed(0)
        generator = StyleGenerator(8, 1, 8, 4, 8, 2)
        one = StyleGAN(generator, StyleCritic(1, 8, 4), Normal(8))
        # Untrained, the mean style is 0: that of many latents is what a training would follow.
        generator.follow(generator.mapping(torch.randn(64, 8)))
    return one


def test_styles_are_drawn_towards_their_mean():
    """ψ = 1 is what the game renders, ψ = 0 one picture, and the spread falls between."""
    one = styled()
    assert isinstance(one, Styled)
    shots = sweep(one, (1.0, 0.7, 0.5, 0.3, 0.0), 64)
    z = one.latent.sample(64, generator(0, "truncation"))
    assert torch.allclose(shots[0], one.render(z), atol=1e-5)
    wide = [spread(x) for x in shots]
    assert all(a > b for a, b in pairwise(wide))
    assert wide[-1] < 1e-6
