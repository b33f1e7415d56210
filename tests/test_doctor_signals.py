"""Signals whose truth is known."""

from __future__ import annotations

import pytest
import torch

from counterplay.doctor import History, diagnose


def test_the_critic_is_ranked_by_what_it_separates_whatever_its_scale():
    from counterplay.doctor.critic import auc, null, tied

    rng = torch.Generator().manual_seed(0)
    a, b = torch.randn(300, generator=rng), torch.randn(300, generator=rng)
    assert auc(a, a) == 0.5
    assert auc(a + 100, b) == 1.0
    assert auc(a, b) == pytest.approx(auc(7 * a, 7 * b))
    spread = torch.tensor([auc(*torch.randn(2, 60, generator=rng)) for _ in range(400)]).std()
    assert float(spread) == pytest.approx(null(60, 60).std, rel=0.15)
    alone = torch.randn(64, 30, 5, generator=rng)
    assert tied(alone) == pytest.approx(1.0, abs=0.2)
    assert tied(alone + torch.randn(64, 1, 5, generator=rng)) > 10


@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
@pytest.mark.parametrize("classes", [0, 3])
def test_a_critics_values_of_real_examples_alone_are_its_verdicts_to_the_last_bit(norm, classes):
    from counterplay.data.domain import Image
    from counterplay.doctor.powers import Values
    from counterplay.game import Batch, Round, generator, still
    from counterplay.recipes import build
    from counterplay.recipes.schema import Dcgan, Gan, Recipe

    names = tuple("abc")[:classes]
    networks = Dcgan(width=4, critic_norm=norm, inner=1)
    recipe = Recipe("r", game=Gan(networks, conditional=bool(classes), latent=4))
    game = build.game(recipe, Image(1, 8, names), (1 / 3,) * classes)
    assert isinstance(game, Values)
    x = torch.randn(12, 1, 8, 8, generator=generator("x"))
    round = Round(Batch(x, torch.arange(12) % 3 if classes else None), 5, 1)
    with still([game]):
        both = game.verdicts(round)[0]
    passes = []
    game.generator.register_forward_hook(lambda *_: passes.append(1))
    with still([game]):
        alone = game.values(Round(round.batch, 5, 1))
    assert torch.equal(alone, both)
    assert bool(passes) is (norm != "batch")  # a pass over samples is what is saved


def test_classes_that_are_alike_or_of_one_picture_are_told_apart():
    from counterplay.doctor.classes import of_classes

    rng = torch.Generator().manual_seed(0)
    labels = torch.arange(400) % 4
    means = 5 * torch.randn(4, 3, generator=rng)
    real = means[labels] + torch.randn(400, 3, generator=rng)
    again = of_classes(means[labels] + torch.randn(400, 3, generator=rng), labels, real, labels)
    assert all(v == pytest.approx(1.0, abs=0.15) for v in again.values())
    deaf = of_classes(means[torch.randperm(400, generator=rng) % 4], labels, real, labels)
    assert deaf["class_share"] < 0.1
    assert abs(deaf["class_heard"]) < 0.1
    one = of_classes(means[labels], labels, real, labels)
    assert one["class_diversity"] < 1e-3
    assert one["class_share"] > 0.9
    assert one["class_heard"] > 0.9
    alike = of_classes(real, labels, torch.randn(400, 3, generator=rng), labels)
    assert "class_heard" not in alike  # classes that means do not tell apart
    assert of_classes(real[:3], labels[:3], real, labels) == {}


def test_classes_whose_means_are_alike_are_told_by_their_nearest():
    """Points on two rings about one middle: no mean tells them apart."""
    from counterplay.doctor.classes import of_classes, of_labels

    rng = torch.Generator().manual_seed(0)

    def rings(n):
        labels = torch.arange(n) % 2
        turn = 6.2832 * torch.rand(n, generator=rng)
        circle = torch.stack([turn.cos(), turn.sin()], 1)
        return (1.0 + labels[:, None]) * circle, labels

    (real, known), (made, asked) = rings(600), rings(200)
    assert of_classes(made, asked, real, known)["class_heard"] == pytest.approx(1.0, abs=0.05)
    deaf = of_classes(made, asked[torch.randperm(200, generator=rng)], real, known)
    assert abs(deaf["class_heard"]) < 0.25
    slipped = known[torch.randperm(600, generator=rng)]
    for labels, said in ((known, False), (slipped, True)):
        facts = of_labels(real, labels)
        assert facts["data/told"] <= facts["data/drawn"]
        assert ("data-labels" in {f.name for f in diagnose(History(facts, {}, []))}) == said


def test_scrambled_examples_keep_their_values_and_lose_what_ties_them():
    from counterplay.doctor.samples import scrambled

    rng = torch.Generator().manual_seed(0)
    x = torch.randn(512, 1, 1, 1, generator=rng) + 0.1 * torch.randn(512, 1, 4, 4, generator=rng)
    torn = scrambled(x, rng)
    assert torch.equal(torn.flatten(1).sort(0).values, x.flatten(1).sort(0).values)
    before, after = (torch.corrcoef(each.flatten(1).T) - torch.eye(16) for each in (x, torn))
    assert float(before.abs().sum() / 240) > 0.95
    assert float(after.abs().sum() / 240) < 0.1


def test_blurred_samples_are_as_near_to_strangers_and_copies_are_not():
    from counterplay.doctor.samples import measured, reference

    rng = torch.Generator().manual_seed(0)
    train, held, fresh = (torch.randn(n, 12, generator=rng) for n in (600, 100, 256))

    def seen(x):
        return measured(x, reference(train, held, torch.nn.Flatten(), 256))[0]

    blurred, copied = seen(0.6 * fresh), seen(train[:256] + 0.05 * fresh)
    assert blurred["authentic"] < 0.3
    assert copied["authentic"] < 0.3
    assert blurred["impartial"] == pytest.approx(1.0, abs=0.3)
    assert copied["impartial"] < 0.1
    assert (
        "impartial" not in measured(fresh, reference(train, held[:9], torch.nn.Flatten(), 256))[0]
    )


def test_chains_that_stay_are_told_from_chains_that_mix():
    from counterplay.doctor.likelihoods import flips

    rng = torch.Generator().manual_seed(0)
    now, later = (torch.rand(64, 40, generator=rng) < 0.5 for _ in range(2))
    assert flips(later, now)["chains/flipped"] == pytest.approx(1.0, abs=0.1)
    assert flips(now, now)["chains/flipped"] == 0.0


def test_a_sketch_tells_how_far_and_which_way_players_move():
    from counterplay.doctor.players import moves

    here = [{"p": torch.full((100,), 1.0 + 0.01 * t)} for t in range(3)]
    straight = moves(here[2], here[1], here[0], 10)
    assert straight["p/turn"] == pytest.approx(1.0, abs=1e-4)
    assert straight["p/moved"] == pytest.approx(0.01 / 1.02 / 10, rel=1e-3)
    back = moves(here[0], here[1], here[0], 10)
    assert back["p/turn"] == pytest.approx(-1.0, abs=1e-4)
    assert moves(here[0], {}, {}, 10) == {}


def test_the_norm_of_a_player_becomes_that_of_its_largest_matrix():
    from counterplay.doctor.players import norms
    from counterplay.dynamics import Seat
    from counterplay.game import Player, seeded, sgd

    with seeded(0, "norms"):
        module = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3), torch.nn.Linear(40, 12), torch.nn.Linear(5, 5)
        )
    player = Player("p", module, lambda _: {}, sgd(0.1))
    parameters = list(module.parameters())
    seats = [Seat(player, lambda _: {}, sgd(0.1)(parameters))]
    memory: dict[str, torch.Tensor] = {}
    seen = [norms(seats, memory)["p/norm"] for _ in range(40)]
    wide = [p.detach().flatten(1) for p in parameters if p.ndim > 1]
    exact = max(float(torch.linalg.matrix_norm(p, 2)) for p in wide)
    assert seen[0] <= exact * (1 + 1e-5)  # from below
    assert seen[-1] == pytest.approx(exact, rel=1e-3)
    assert max(len(v) for v in memory.values()) <= 12  # a vector on the shorter side
    with torch.no_grad():
        module[1].weight.mul_(50)
    assert norms(seats, memory)["p/norm"] > 20 * exact


def test_an_angle_tells_whether_a_player_would_go_on_as_it_came():
    from counterplay.doctor.players import angles

    start, here = {"p": torch.tensor([2.0, 0.0])}, {"p": torch.tensor([1.0, 0.0])}
    for slope, told in (([1.0, 0.0], 1.0), ([0.0, 3.0], 0.0), ([-1.0, 0.0], -1.0)):
        found = angles(here, start, {"p": torch.tensor(slope)}, {"p": torch.tensor([1.0, 0.0])})
        assert found["p/angle"] == pytest.approx(told)
        assert found["p/agree"] == pytest.approx(told)
    assert angles(here, {}, {"p": torch.ones(2)}, {}) == {}


def test_a_cost_that_has_a_gradient_in_it_is_asked_for_too():
    """Costs are asked for without gradients, and a penalty on one cannot be had so."""
    from counterplay.doctor.players import replayed
    from counterplay.game import Batch, Game, Player, sgd

    class Steep(Game):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Linear(3, 1, bias=False)

        def players(self):
            return [Player("steep", self.w, self._cost, sgd(0.1))]

        def _cost(self, round):
            x = round.batch.x.detach().requires_grad_()
            (slope,) = torch.autograd.grad(self.w(x).sum(), x, create_graph=True)
            return {"slope": slope.square().sum(1).mean()}

        def sample(self, n, condition=None, seed=0):
            return torch.zeros(n, 3)

    game = Steep()
    found = replayed(game, {"train": Batch(torch.randn(32, 3))}, 0, 0)
    assert found["steep/train"] == pytest.approx(game.w.weight.square().sum().item())
    assert game.w.weight.grad is None


def test_costs_that_swing_are_told_from_costs_that_drift():
    from counterplay.doctor.players import echoes, totals

    swing = totals([{"p/a": (-1.0) ** i, "p/b": 1.0} for i in range(40)])
    drift = totals([{"p/a": 0.1 * i} for i in range(40)])
    assert swing["p"][:2] == [2.0, 0.0]
    assert echoes(swing)["p/echo"] < -0.9
    assert echoes(drift)["p/echo"] > 0.9
    assert echoes({"p": [1.0] * 9}) == {"p/echo": 0.0}
    assert echoes({"p": [1.0, 2.0]}) == {}


def test_the_drift_of_a_partition_function_is_that_of_the_exact_one():
    from counterplay.doctor.likelihoods import dreams, drift
    from counterplay.game import generator, seeded
    from counterplay.games.boltzmann import Boltzmann
    from counterplay.networks.boltzmann import RBM

    with seeded(0, "drift"):
        game = Boltzmann(RBM(7, 5, scale=0.6), chains=64)
    rbm, rng = game.rbm, generator("drift")
    v = rbm.draw(64, rng)  # exact draws in the place of chains that mix
    game.chains.copy_(rbm.hidden.mean(rbm.up(v)).bernoulli(generator=rng).to(torch.uint8))
    before = float(rbm.log_partition().detach())
    dreamt = dreams(game, rng)
    energies = rbm.free_energy(dreamt).detach().double()
    assert drift(game, dreamt, energies)["chains/drift"] == pytest.approx(0.0, abs=1e-5)
    with torch.no_grad():
        rbm.weight.add_(0.1)
        rbm.visible.bias.add_(0.2)
    exact = float(rbm.log_partition().detach()) - before
    found = drift(game, dreamt, energies)
    assert exact > 0.5
    assert found["chains/drift"] == pytest.approx(exact, abs=0.15)
    assert 0.3 < found["chains/counted"] < 1
    with torch.no_grad():
        rbm.visible.bias.add_(20.0)  # so far that no chain says anything of it
    assert drift(game, dreamt, energies)["chains/counted"] < 0.2


def test_how_far_chains_stray_does_not_grow_with_the_machine():
    """Where units are independent both deviations go as the root of their number."""
    from counterplay.doctor.likelihoods import dreams, drift
    from counterplay.game import generator, seeded
    from counterplay.games.boltzmann import Boltzmann
    from counterplay.networks.boltzmann import RBM

    def found(width: int) -> dict[str, float]:
        with seeded(0, "strayed"):
            game = Boltzmann(RBM(width, 4, scale=0.0), chains=64)
        rbm, rng = game.rbm, generator("strayed", width)
        with torch.no_grad():
            rbm.visible.bias.normal_(generator=rng)
        dreamt = dreams(game, rng)
        energies = rbm.free_energy(dreamt).detach().double()
        with torch.no_grad():
            rbm.visible.bias.add_(0.3 * torch.randn(width, generator=rng))
        return drift(game, dreamt, energies)

    small, large = found(50), found(3200)
    assert small["chains/strayed"] == pytest.approx(large["chains/strayed"], rel=0.35)
    assert large["chains/counted"] < 0.5 * small["chains/counted"]  # which does


class Line(torch.nn.Module):
    """z -> A z, with what a sensitivity asks for."""

    def __init__(self, a):
        from counterplay.laws import Normal

        super().__init__()
        self.a = torch.nn.Parameter(a)
        self.latent = Normal(a.shape[1])

    def render(self, z):
        return z @ self.a.T


def test_the_sensitivity_of_a_line_is_that_of_its_covariance():
    from counterplay.doctor.likelihoods import sensitivity
    from counterplay.game import generator

    a = torch.randn(30, 20, generator=generator("line"))
    scale = float(a.norm())
    found = sensitivity(Line(a), None, scale, generator("nudged"))["latents/sensitivity"]
    assert found == pytest.approx(1.0, abs=0.1)
    deaf = sensitivity(Line(0.01 * a), None, scale, generator("nudged"))["latents/sensitivity"]
    assert deaf == pytest.approx(0.01 * found)


def test_the_volume_of_a_flow_is_that_of_its_map():
    from counterplay.doctor.likelihoods import of_volume
    from counterplay.laws import Normal

    class Scaled:
        latent = Normal(3)

        def inverse_error(self, x):
            return torch.zeros(())

        def encode(self, x):
            return 2 * x

        def log_prob(self, x):
            return self.latent.log_prob(2 * x) + 3 * torch.tensor(2.0).log()

    found = of_volume(Scaled(), torch.randn(9, 3))
    assert found["flow/shrunk"] == pytest.approx(0.6931, abs=1e-4)
    assert found["flow/grown"] == pytest.approx(0.6931, abs=1e-4)


def test_families_offer_what_they_are_asked_for():
    """A critic's values, and what latents cost: of every game that has a critic, or latents."""
    from counterplay.data import load
    from counterplay.doctor.powers import Judges, Posterior
    from counterplay.game import Batch, Round
    from counterplay.recipes import build
    from counterplay.recipes.schema import Bigan, Dense, Dfc, Hierarchical, Mlp, Recipe, VaeGan
    from counterplay.recipes.specs.semisupervised import Lapgan, Pyramid

    source = load("digits")
    batch = Batch(source.examples("train", 16).x)
    specs = {
        "bigan": Bigan(Mlp(8, 1), latent=3, features=8),
        "vaegan": VaeGan(Mlp(8, 1), latent=3),
        "lapgan": Lapgan(Pyramid(levels=1)),
        "dfc": Dfc(Dense(8, 1), latent=3, taps="random"),
        "ladder": Hierarchical(Dense(8, 1), (3, 2), decoder="gaussian"),
    }
    games = {k: build.game(Recipe(k, game=v), source.domain) for k, v in specs.items()}
    for name in ("bigan", "vaegan", "lapgan"):
        assert isinstance(games[name], Judges)
        a, b = games[name].verdicts(Round(batch))
        assert (a.shape, b.shape) == ((16,), (16,))
    for name, latents in (("dfc", 3), ("ladder", 5)):
        assert isinstance(games[name], Posterior)
        rates = games[name].rates(batch.x)
        assert rates.shape == (latents,)
        if name == "dfc":
            cost = games[name].cost(Round(batch))["rate"].detach()
            assert float(rates.sum()) == pytest.approx(float(cost), rel=1e-4)


def test_lines_that_are_no_checkups_are_passed_over():
    from counterplay.doctor.history import from_records

    good = {"step": 3, "signals": {"a": 1.0, "b": None, "c": "x", "d": float("inf")}}
    odd = [{"step": "x", "signals": {}}, {"step": 9, "signals": [1]}, {"normal": 3}, {}]
    (found,) = from_records([*odd, good, *odd]).checkups
    assert (found.step, found.values) == (3, {"a": 1.0, "d": 1e30})


def test_a_critics_values_are_told_with_what_they_are_worth():
    from counterplay.doctor.critic import verdicts
    from counterplay.game import Batch

    class Told(torch.nn.Module):
        def verdicts(self, round):
            return round.batch.x[:, 0], torch.zeros(len(round.batch.x))

    game = Told()
    real, held = (Batch(torch.full((8, 1), value)) for value in (2.0, 1.0))
    found = verdicts(game, game, real, held, 0, 0)
    assert (found["critic/real"], found["critic/made"], found["critic/unseen"]) == (2.0, 0.0, 1.0)
    assert (found["critic/gap"], found["critic/r_v"], found["critic/r_t"]) == (2.0, 0.5, 1.0)
    assert (found["critic/auc"], found["critic/held"]) == (1.0, 1.0)
    bare = verdicts(game, game, real, None, 0, 0)
    assert bare.keys() & {"critic/held", "critic/r_v", "critic/unseen"} == set()
