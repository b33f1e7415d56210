"""The judge: that it learns, that it is a function of its seed, and that its cache is sound."""

from __future__ import annotations

import json

import pytest
import torch
from sklearn.datasets import load_digits

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import judge
from counterplay.metrics.judge import judge_network


@pytest.fixture(scope="module")
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    bunch = load_digits()
    x = torch.tensor(bunch.images, dtype=torch.float32)[:, None] / 8 - 1
    order = torch.randperm(len(x), generator=generator("digits"))
    return x[order], torch.tensor(bunch.target)[order]


def quick(x: torch.Tensor, y: torch.Tensor, **options):
    return judge(
        x[:300], y[:300], 10, **{"examples": 1500, "test": (x[300:400], y[300:400])} | options
    )


def test_it_learns_the_digits(digits):
    x, y = digits
    found = judge(x[:1437], y[:1437], 10, test=(x[1437:], y[1437:]))
    assert found.accuracy >= 0.97
    assert found.held_out == 360
    right = found.classify(x[1437:]).argmax(1) == y[1437:]
    assert float(right.double().mean()) == found.accuracy
    features = found(x[:1437])
    assert features.shape == (1437, 128)
    assert features.mean(0).abs().max() < 0.01
    assert float(features.var(0).mean()) == pytest.approx(1, abs=0.01)


def test_it_is_a_function_of_its_seed_and_of_nothing_global(digits):
    state = torch.get_rng_state()
    one, again, other = quick(*digits), quick(*digits), quick(*digits, seed=1, name="independent")
    probe = digits[0][400:450]
    assert torch.equal(one.classify(probe), again.classify(probe))
    assert not torch.allclose(one.classify(probe), other.classify(probe))
    assert other.name == "independent"
    assert torch.equal(state, torch.get_rng_state())


def test_judging_leaves_it_as_it_was_and_chunks_change_nothing(digits, monkeypatch):
    found, probe = quick(*digits), digits[0][:64]
    before = {name: value.clone() for name, value in found.network.state_dict().items()}
    whole = found.classify(probe)
    monkeypatch.setitem(judge.__globals__, "PIXELS", 64 * 5)
    assert torch.allclose(found.classify(probe), whole, atol=1e-5)
    assert all(torch.equal(before[k], v) for k, v in found.network.state_dict().items())
    assert torch.allclose(whole.sum(1), torch.ones(64))
    assert not found(probe.requires_grad_(True)).requires_grad


def test_without_a_test_set_a_tenth_is_held_out(digits):
    found = quick(*digits, test=None)
    assert found.held_out == 30
    assert 0.5 < found.accuracy <= 1


def trained_anew(monkeypatch) -> list[int]:
    """Count the trainings from here on."""
    seen: list[int] = []
    train = judge.__globals__["_train"]
    monkeypatch.setitem(
        judge.__globals__, "_train", lambda *given: (seen.append(1), train(*given))[1]
    )
    return seen


def test_the_cache_gives_the_same_judge_back(digits, tmp_path, monkeypatch):
    cache, probe = tmp_path / "deep" / "cache", digits[0][400:450]
    one = quick(*digits, cache=cache)
    assert sorted(path.suffix for path in cache.iterdir()) == [".json", ".safetensors"]
    trainings = trained_anew(monkeypatch)
    again = quick(*digits, cache=cache)
    assert not trainings
    assert torch.equal(one.classify(probe), again.classify(probe))
    assert torch.equal(one(probe), again(probe))
    assert one.accuracy == again.accuracy
    # Another example, another label, another seed: another judge.
    x, y = digits[0].clone(), digits[1].clone()
    x[0, 0, 0, 0] += 0.5
    quick(x, digits[1], cache=cache)
    y[0] = (y[0] + 1) % 10
    quick(digits[0], y, cache=cache)
    quick(*digits, cache=cache, seed=1)
    assert len(trainings) == 3


@pytest.mark.parametrize("damage", ["truncated", "flipped", "gone", "no json", "foreign"])
def test_a_damaged_cache_is_trained_anew(digits, tmp_path, monkeypatch, damage):
    one = quick(*digits, cache=tmp_path)
    (weights,), (facts,) = tmp_path.glob("*.safetensors"), tmp_path.glob("*.json")
    content = weights.read_bytes()
    if damage == "truncated":
        weights.write_bytes(content[:1000])
    elif damage == "flipped":
        weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "gone":
        weights.unlink()
    elif damage == "no json":
        facts.write_text("{")
    else:
        facts.write_text(json.dumps(["of", "another", "make"]))
    trainings = trained_anew(monkeypatch)
    again = quick(*digits, cache=tmp_path)
    assert len(trainings) == 1
    assert torch.equal(one(digits[0][:5]), again(digits[0][:5]))
    quick(*digits, cache=tmp_path)
    assert len(trainings) == 1  # and mended
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(("channels", "size"), [(3, 8), (1, 17), (3, 32), (2, 128)])
def test_any_size_and_channels(channels, size):
    network = judge_network(channels, size, 4, 0).eval()
    features, logits = network(torch.zeros(2, channels, size, size))
    assert features.shape == (2, 128)
    assert logits.shape == (2, 4)


def test_every_parameter_is_drawn_and_every_class_counts():
    network = judge_network(1, 16, 3, 0).train()
    _, logits = network(torch.randn(8, 1, 16, 16, generator=generator("x")))
    logits.square().sum().backward()
    for name, parameter in network.named_parameters():
        assert torch.isfinite(parameter).all(), name
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_mistakes_are_told_in_a_line(digits, tmp_path):
    x, y = digits
    (tmp_path / "file").write_text("")
    cases = [
        (lambda: judge(x[:9], y[:9], 10), "at least 20"),
        (lambda: judge(x, y[:5], 10), "one label an image"),
        (lambda: judge(x, y, 7), "0 to classes - 1"),
        (lambda: judge(x[:, :, :5, :5], y, 10), "at least 8 pixels"),
        (lambda: judge((x * 8).to(torch.uint8), y, 10), "float images"),
        (lambda: judge(x.flatten(1), y, 10), "float images"),
        (lambda: judge(x / 0, y, 10), "NaN or infinite"),
        (lambda: quick(x, y, cache=tmp_path / "file" / "cache"), "cannot be made"),
        (lambda: quick(x, y)(x[:, :, :4]), "was trained on examples of shape"),
    ]
    for make, says in cases:
        with pytest.raises(UserError, match=says):
            make()
