"""The K + 1 game: its algebra, its networks' start, its average, and what it is good for."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from itertools import islice

import clusters
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, softplus

from counterplay.costs import logistic_critic
from counterplay.data import Source, load
from counterplay.data.few_labels import few_labels
from counterplay.errors import UserError
from counterplay.game import Batch, Round, adam, generator, seeded
from counterplay.games.labelling import parted
from counterplay.games.semisupervised import SemiSupervised
from counterplay.laws import Uniform
from counterplay.networks.noisy import NoisyClassifier, NormedLinear, SoftGenerator
from counterplay.recipes import named
from counterplay.recipes.measures_errors import errors
from counterplay.recipes.opened import open_run
from counterplay.recipes.plan import plan
from counterplay.recipes.reproduction import shortened
from counterplay.recipes.session import Watch, joined, start
from counterplay.train import Ema, State, train

CPU = torch.device("cpu")


def draw(*shape: int, tag: str = "x") -> Tensor:
    return torch.randn(*shape, generator=generator(tag, shape))


def small(**options: object) -> SemiSupervised:
    with seeded("small"):
        forge, judge = SoftGenerator(4, (2,), 8), NoisyClassifier((2,), 3, 16)
        return SemiSupervised(forge, judge, Uniform(4), **options)


def triples(n: int = 4) -> Batch:
    return Batch(draw(3 * n, 2), torch.randint(3, (3 * n,), generator=generator("y")))


def test_a_pinned_logit_makes_z_over_z_plus_one() -> None:
    logits = draw(50, 10).double() * 5
    pinned = torch.cat([logits, torch.zeros(50, 1, dtype=torch.float64)], 1).softmax(1)
    z = logits.exp().sum(1)
    torch.testing.assert_close(1 - pinned[:, -1], z / (z + 1), rtol=0, atol=1e-12)
    torch.testing.assert_close(1 - pinned[:, -1], logits.logsumexp(1).sigmoid())
    # The K classes among themselves are what they are without a K + 1st.
    torch.testing.assert_close(pinned[:, :-1] / (z / (z + 1))[:, None], logits.softmax(1))


def test_pinning_the_logit_loses_nothing_and_a_free_one_is_one_too_many() -> None:
    free = draw(50, 11).double() * 3
    pinned = free - free[:, -1:]
    torch.testing.assert_close(free.softmax(1), pinned.softmax(1))
    # The broken twin: softmax over K + 1 logits does not see a constant added to all of them.
    moved = free + 7.0
    torch.testing.assert_close(moved.softmax(1), free.softmax(1))
    assert not torch.allclose(
        moved[:, :-1].logsumexp(1).sigmoid(), free[:, :-1].logsumexp(1).sigmoid()
    )


def test_the_unsupervised_term_is_the_published_one() -> None:
    real, fake = draw(20, 10).double(), draw(20, 10, tag="fake").double()
    a, b = real.logsumexp(1), fake.logsumexp(1)
    published = -0.5 * a.mean() + 0.5 * softplus(a).mean() + 0.5 * softplus(b).mean()
    torch.testing.assert_close(0.5 * logistic_critic(a, b), published, rtol=0, atol=1e-12)


def test_one_critic_pass_equals_three() -> None:
    game, batch = small(), triples()
    round = Round(batch)
    labelled, unlabelled, _ = parted(round)
    noise = [n.unflatten(0, (-1, 3)).unbind(1) for n in game.noise(round, "noise")]
    kinds = labelled.batch.x, unlabelled, game.fake(labelled)
    apart = [game.critic(x, [n[i] for n in noise]) for i, x in enumerate(kinds)]
    y = labelled.batch.y
    for a, b in zip(game.logits(round), apart, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-6)
    terms = game.critic_cost(round)
    torch.testing.assert_close(terms["supervised"], cross_entropy(apart[0], y), atol=1e-6, rtol=0)
    real, fake = (v.logsumexp(1) for v in apart[1:])
    source = 0.5 * logistic_critic(real, fake)
    torch.testing.assert_close(terms["unsupervised"], source, atol=1e-6, rtol=0)


def test_noise_follows_its_example_into_any_shard() -> None:
    game, batch = small(), triples(4)
    whole = game.logits(Round(batch))[:2]
    cut = [
        game.logits(Round(Batch(batch.x[6 * i : 6 * i + 6], batch.y[6 * i : 6 * i + 6]), shard=s))
        for i, s in enumerate([(0, 2), (1, 2)])
    ]
    for i, value in enumerate(whole):
        halves = torch.cat([part[i] for part in cut])
        torch.testing.assert_close(value, halves, rtol=0, atol=1e-6)


def test_labels_of_unlabelled_examples_are_not_looked_at() -> None:
    game, batch = small(), triples()
    hidden = torch.where(torch.arange(12) % 3 == 0, batch.y, -1)
    seen, unseen = (
        game.critic_cost(Round(Batch(batch.x, y))) | game.generator_cost(Round(Batch(batch.x, y)))
        for y in (batch.y, hidden)
    )
    assert all(torch.equal(seen[k], unseen[k]) for k in seen)


@pytest.mark.parametrize("batch", [Batch(draw(12, 2)), Batch(draw(10, 2), torch.zeros(10).long())])
def test_batches_that_are_no_triples_are_refused(batch: Batch) -> None:
    with pytest.raises(UserError, match="triples of one labelled and two unlabelled"):
        parted(Round(batch))


def test_the_generator_matches_batch_means_of_the_fifth_hidden_layer_and_not_pairs() -> None:
    game, batch = small(), triples()
    labelled, _, two = parted(Round(batch))
    noise = [game.noise(labelled, f"noise {kind}") for kind in ("real", "fake")]
    h = two
    for i, layer in enumerate(game.critic.hidden):
        h = layer(h + game.critic.deviations[i] * noise[0][i]).relu()
    assert len(game.critic.hidden) == 5
    fake = game.critic.features(game.fake(labelled), noise[1])
    expected = (h.mean(0) - fake.mean(0)).square().mean()
    found = game.generator_cost(Round(batch))["matching"]
    torch.testing.assert_close(found, expected)
    # Another order of the real rows beside the generated ones changes pairs, and not the cost.
    pairs, shuffled = ((h[order] - fake).square().mean() for order in ([0, 1, 2, 3], [3, 2, 1, 0]))
    torch.testing.assert_close((h[[3, 2, 1, 0]].mean(0) - fake.mean(0)).square().mean(), found)
    assert not torch.allclose(pairs, shuffled)


def test_units_have_weights_of_their_own_length() -> None:
    layer = NormedLinear(30, 7)
    x = draw(5, 30)
    torch.testing.assert_close(layer.weight.norm(dim=1), torch.ones(7))
    torch.testing.assert_close(layer(x), x @ layer.weight.T + layer.bias)
    before = layer(x)
    with torch.no_grad():
        layer.direction.mul_(10.0)
    torch.testing.assert_close(layer(x), before)  # the length of a direction is nothing
    # A gradient step can therefore not change it: it is orthogonal to the direction.
    layer(x).square().sum().backward()
    grad = layer.direction.grad
    assert grad is not None
    along = (grad * layer.direction).sum(1) / (grad.norm(dim=1) * layer.direction.norm(dim=1))
    assert along.abs().max() < 1e-5


def test_only_the_last_layers_lengths_are_learnt() -> None:
    critic = NoisyClassifier((1, 28, 28), 10)
    learnt = [name for name, _ in critic.named_parameters() if name.endswith("scale")]
    assert learnt == ["head.scale"]
    assert [layer.direction.shape[0] for layer in critic.hidden] == [1000, 500, 250, 250, 250]
    assert critic.deviations == [0.3, 0.5, 0.5, 0.5, 0.5, 0.5]


def test_the_start_makes_every_output_of_mean_zero_and_variance_one() -> None:
    with seeded("start"):
        critic = NoisyClassifier((1, 8, 8), 10, 64)
    x = draw(500, 1, 8, 8).tanh()
    noise = draw(500, sum(critic.widths), tag="n").split(critic.widths, 1)

    def outputs() -> list[Tensor]:
        found: list[Tensor] = []
        layers = [*critic.hidden, critic.head]
        hooks = [m.register_forward_hook(lambda m, i, out: found.append(out)) for m in layers]
        with torch.no_grad():
            critic(x, noise)
        for hook in hooks:
            hook.remove()
        return found

    def misfit() -> float:
        return max(
            max(float(y.mean(0).abs().max()), float((y.std(0, correction=0) - 1).abs().max()))
            for y in outputs()
        )

    assert misfit() > 0.5  # the broken twin: as drawn
    critic.start(x, noise)
    assert misfit() < 1e-4


def test_the_generator_does_not_see_whether_its_latents_begin_at_zero_or_at_minus_one() -> None:
    with seeded("forge"):
        forge = SoftGenerator(6, (1, 4, 4), 12)
    u = torch.rand(32, 6, generator=generator("u"))
    torch.testing.assert_close(forge(u), forge(2 * u - 1), atol=1e-4, rtol=0)
    assert forge(u).abs().max() <= 1


def test_the_critics_cost_does_not_reach_the_generator_nor_the_batch_statistics_twice() -> None:
    game = small()
    state = State(game)
    *_, (_, report) = train(game, [triples()] * 3, state=state)
    assert set(report) == {"critic/supervised", "critic/unsupervised", "generator/matching"}
    counts = [b for n, b in game.generator.named_buffers() if n.endswith("num_batches_tracked")]
    assert {int(c) for c in counts} == {3}


def test_classify_gives_probabilities_and_moves_nothing() -> None:
    game = small()
    before = copy.deepcopy(game.state_dict())
    p = game.classify(draw(7, 2))
    assert p.shape == (7, 3)
    torch.testing.assert_close(p.sum(1), torch.ones(7))
    assert torch.equal(p, game.classify(draw(7, 2)))  # no noise
    assert all(torch.equal(v, before[k]) for k, v in game.state_dict().items())


def test_trap_18b_adams_epsilon_inside_the_root_is_its_square_root_outside() -> None:
    # Published: m / sqrt(v + 1e-8). Where v → 0 that is m / 1e-4, which torch's m / (sqrt(v) + ε)
    # is for ε = 1e-4; where v is large neither matters. With torch's default, 1e-8, a gradient
    # of 1e-6 takes a full step in place of a hundredth of one.
    def step(size: float, eps: float) -> float:
        p = nn.Parameter(torch.zeros((), dtype=torch.float64))
        p.grad = torch.tensor(size, dtype=torch.float64)
        adam(1.0, (0.5, 0.999), eps=eps)([p]).step()
        return -float(p.detach())

    def published(size: float) -> float:
        return size / math.sqrt(size**2 + 1e-8)

    for size in (1e-7, 1e-6, 1e-2, 1.0):
        assert abs(step(size, 1e-4) / published(size) - 1) < 0.02, size
    worst = min(step(s, 1e-4) / published(s) for s in torch.logspace(-7, 0, 50).tolist())
    assert 0.7 < worst < 0.72  # at a gradient of 1e-4, where the two differ most: 1 / sqrt(2)
    assert step(1e-6, 1e-8) / published(1e-6) > 90  # the broken twin
    for name in ("ssl-mnist", "ssl-mnist-20min"):
        game = named(name).game
        assert (game.critic.eps, game.generator.eps) == (1e-4, 1e-4)


def test_the_average_follows_the_published_rule_without_its_bias_to_zero() -> None:
    rate = 0.02
    half_life = math.log(2) / -math.log1p(-rate)
    now, averaged = nn.Linear(3, 2), nn.Linear(3, 2)
    with torch.no_grad():
        averaged.weight.copy_(now.weight)
    ema, published = Ema(half_life, every=1), torch.zeros(2, 3)
    for t in range(1, 2001):
        with torch.no_grad():
            now.weight.copy_(1.0 + 0.1 * draw(2, 3, tag=f"w{t}"))
        published += rate * (now.weight.detach() - published)
        if t == 40:
            assert float(published.mean()) < 0.6  # the published average begins near zero
            assert abs(float(averaged.weight.mean().detach()) - 1) < 0.05  # ours does not
        ema.update(averaged, now, t)
    torch.testing.assert_close(averaged.weight, published, atol=1e-5, rtol=0)
    # 1e-4 a round is a half-life of 6,931 rounds.
    assert abs(named("ssl-mnist").ema / (math.log(2) / -math.log1p(-1e-4)) - 1) < 1e-3


def test_the_game_makes_fewer_errors_than_its_classifier_by_itself() -> None:
    game = [clusters.errors(SemiSupervised, seed) for seed in range(3)]
    alone = [clusters.errors(SemiSupervised, seed, unsupervised=0.0) for seed in range(3)]
    # Measured: 2.8 and 5.8 percent; an ideal classifier makes 0.7.
    assert sum(game) < 0.65 * sum(alone), (game, alone)
    assert sum(alone) / 3 > 0.04  # labels alone do not do


def digits(few: int = 2, draw: int = 0) -> Source:
    return few_labels(load("digits"), few, draw)


def test_batches_are_triples_of_one_label_and_two_unlabelled() -> None:
    source = digits()
    whole = load("digits")
    known = {tuple(x.flatten().tolist()) for x in whole.examples("train").x}
    seen: dict[tuple[float, ...], int] = {}
    for x, y in islice(source.batches(20, seed=3), 8):
        assert x.shape == (60, 1, 8, 8)
        assert (y[1::3] == -1).all()
        assert (y[2::3] == -1).all()
        assert torch.equal(y[::3].bincount(), torch.full((10,), 2))  # all twenty, in each batch
        seen |= {tuple(v.flatten().tolist()): int(k) for v, k in zip(x[::3], y[::3], strict=True)}
        assert all(tuple(v.flatten().tolist()) in known for v in x)
    assert len(seen) == 20
    truth = {
        tuple(x.flatten().tolist()): int(y) for x, y in zip(*whole.examples("train"), strict=True)
    }
    assert all(truth[x] == y for x, y in seen.items())


def test_unlabelled_streams_are_epochs_of_their_own() -> None:
    source = digits()
    n = source.splits["train"]
    size = n // 9
    batches = [b.x.unflatten(0, (-1, 3)) for b in islice(source.batches(size, seed=1), 9)]
    one, two = (torch.cat([b[:, i] for b in batches]).flatten(1) for i in (1, 2))
    assert len(one.unique(dim=0)) == len(one)  # each example once in an epoch
    assert len(two.unique(dim=0)) == len(two)
    assert float((one == two).all(1).float().mean()) < 0.05


def test_triples_stay_whole_in_shards_and_after_a_resume() -> None:
    source = digits()
    whole = list(islice(source.batches(20, seed=3), 4))
    halves = [islice(source.batches(20, seed=3, shard=(i, 2)), 4) for i in range(2)]
    for batch, *parts in zip(whole, *halves, strict=True):
        assert torch.equal(batch.x, torch.cat([p.x for p in parts]))
        assert torch.equal(batch.y, torch.cat([p.y for p in parts]))
    for batch, later in zip(whole[2:], source.batches(20, seed=3, start=2), strict=False):
        assert torch.equal(batch.x, later.x)


def test_a_draw_decides_which_labels_are_seen_and_nothing_that_is_measured() -> None:
    one, two, again = (digits(draw=d).supply.known.tolist() for d in (0, 1, 0))
    assert one == again
    assert len(set(one) & set(two)) < 5
    few, all_ = digits().examples("test"), load("digits").examples("test")
    assert torch.equal(few.x, all_.x)
    assert torch.equal(few.y, all_.y)
    assert digits().fingerprint == load("digits").fingerprint


def test_too_few_labels_or_none_at_all_are_named() -> None:
    with pytest.raises(UserError, match="500 labels of each class were asked for, 'digits' has"):
        digits(500)
    with pytest.raises(UserError, match="has no labels that could be kept"):
        few_labels(load("ring"), 3, 0)


def test_few_labels_and_a_game_that_learns_from_few_belong_together() -> None:
    few = named("ssl-mnist")
    ready = plan({few.name: replace(few, data=replace(few.data, source="digits"))}, CPU)
    assert (ready.recipe.data.few, ready.recipe.data.draw) == (10, 0)
    asked = replace(few, seed=7, data=replace(few.data, source="digits"))
    assert plan({few.name: asked}, CPU).recipe.data.draw == 7
    with pytest.raises(UserError, match=r"--data\.few says of how many"):
        plan({few.name: replace(few, data=replace(few.data, source="digits", few=None))}, CPU)
    other = named("digits")
    with pytest.raises(UserError, match="does not learn from few labels"):
        plan({"digits": replace(other, data=replace(other.data, few=3))}, CPU)


def test_errors_are_a_count_among_ten_thousand() -> None:
    source = load("digits")
    x, y = source.examples("test")

    class Knows:
        def classify(self, seen: Tensor) -> Tensor:
            assert torch.equal(seen, x)
            right = nn.functional.one_hot(y, 10).float()
            right[:3] = right[:3].roll(1, 1)
            return right

    assert errors(Knows(), source, CPU) == pytest.approx(10_000 * 3 / len(x))


@pytest.mark.parametrize("name", ["ssl-mnist", "supervised-mnist-100", "catgan-mnist"])
def test_the_recipes_train_and_start_from_the_data(name: str, tmp_path) -> None:
    recipe = named(name)
    networks = replace(recipe.game.networks, width=32, generator_width=16)
    critic = replace(recipe.game.critic, lr=3e-3)  # of so few rounds something is to be seen
    tiny = replace(
        shortened(recipe),
        data=replace(recipe.data, source="digits"),
        game=replace(recipe.game, networks=networks, critic=critic),
    )
    with joined("cpu") as place:
        ready = plan({name: tiny}, place.device)
        watch = Watch(say=lambda line: None, silent=True, examine=False)
        outcome = start(ready, tmp_path / "run", place, watch)
        again = open_run(tmp_path / "run", place.device)
    x = ready.source.examples("test").x
    assert torch.equal(outcome.sampler.game.classify(x), again.sampler.game.classify(x))
    assert errors(outcome.state.game, ready.source, CPU) < 8_500  # the classes are ten
