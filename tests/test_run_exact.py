"""Through the disk and back, a real training is the same training to the bit (trap 15)."""

from __future__ import annotations

import itertools

import torch

from counterplay.game import Batch, generator, seeded
from counterplay.games import GAN
from counterplay.laws import Normal
from counterplay.networks import ConvCritic, ConvGenerator
from counterplay.run import Run, environment
from counterplay.train import Ema, State, train


def played(run: Run, until: int) -> tuple[State, dict[int, dict[str, torch.Tensor]]]:
    """Train on from the last checkpoint as a new process would; return state and reports."""
    with seeded("networks"):
        critic = ConvCritic(1, 16, 4, norm="spectral")
        game = GAN(ConvGenerator(4, 1, 16, 4), critic, Normal(4))
    state = State(game, ema=Ema(half_life=10.0, every=2))
    start = run.restore(state).step
    run.begin(start, log_every=2, batch=8)
    batches = (
        Batch(torch.rand(8, 1, 16, 16, generator=generator("x", t)) * 2 - 1)
        for t in itertools.count(start)
    )
    reports = {}
    for step, report in train(game, batches, steps=until, state=state):
        run.log(step, report)
        reports[step] = report
        if step % 3 == 0:
            run.save(state)
    run.close()
    return state, reports


def test_a_convolutional_gan_goes_on_to_the_bit(tmp_path):
    straight, whole = played(Run.create(tmp_path / "a", "a: 1", {}, environment()), 9)
    Run.create(tmp_path / "b", "a: 1", {}, environment())
    reports = {}
    for until in (4, 8, 9):  # killed at 4 and at 8, gone on from 3 and from 6
        broken, some = played(Run.open(tmp_path / "b"), until)
        reports |= some
    wanted, got = straight.tensors(), broken.tensors()
    assert wanted.keys() == got.keys()
    for name, value in wanted.items():
        assert torch.equal(value, got[name]), name
        assert value.dtype == got[name].dtype
        assert value.stride() == got[name].stride(), name
    for step, report in whole.items():
        assert report.keys() == reports[step].keys()
        assert all(torch.equal(value, reports[step][name]) for name, value in report.items())
