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
    one = of_classes(means[labels], labels, real, labels)
    assert one["class_diversity"] < 1e-3
    assert one["class_share"] > 0.9
    assert of_classes(real[:3], labels[:3], real, labels) == {}


def test_the_data_themselves_are_looked_at():
    from counterplay.doctor.examples import of_examples

    rng = torch.Generator().manual_seed(0)
    fine = (torch.rand(300, 1, 8, 8, generator=rng) * 2 - 1).clamp(-1, 1)
    seen = {
        "fine": of_examples(fine, 300),
        "constant": of_examples(fine[:1].expand(300, -1, -1, -1), 300),
        "doubled": of_examples(fine[:30].repeat(10, 1, 1, 1), 300),
        "misread": of_examples((fine > 0).float() / 127.5 - 1, 300),  # 0 and 1 read as of 255
        "few": of_examples(fine[:20], 20),
    }
    found = {
        name: {f.name for f in diagnose(History({**facts, "data/pictures": 1.0}, {}, []))}
        for name, facts in seen.items()
    }
    assert found["fine"] == {"healthy-unfinished"}
    assert "data-constant" in found["constant"]
    assert "data-doubled" in found["doubled"]
    assert "data-range" in found["misread"]
    assert "data-few" in found["few"]


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
