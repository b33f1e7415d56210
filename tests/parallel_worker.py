"""What each process of ``test_parallel.py`` does: started by torchrun, writes its end state."""

from __future__ import annotations

import datetime
import os
import sys

import torch
from safetensors.torch import save_file

from counterplay.game import Batch, adam, generator, seeded
from counterplay.games import GAN, wgan_gp
from counterplay.laws import Labels, Normal
from counterplay.networks import MLP, ConditionalMLP, ConvCritic, ConvGenerator
from counterplay.parallel import average, join, leave
from counterplay.penalties import r1
from counterplay.train import Ema, State, train

QUICK = (adam(1e-3, (0.5, 0.9)), adam(1e-3, (0.5, 0.9)))


def penalised() -> GAN:
    return wgan_gp(MLP([2, 16, 2]), MLP([2, 16, 1]), Normal(2), critic_steps=2, moves=QUICK)


def conditional_r1() -> GAN:
    return GAN(
        ConditionalMLP([2, 16, 2], 3),
        ConditionalMLP([2, 16, 1], 3),
        Normal(2),
        labels=Labels((1 / 3,) * 3),
        penalties={"r1": (1.0, r1)},
        moves=QUICK,
    )


def batch_norm() -> GAN:
    return GAN(ConvGenerator(2, 1, 16, 2), ConvCritic(1, 16, 2, norm="batch"), Normal(2))


GAMES = {"gp": penalised, "r1": conditional_r1, "bn": batch_norm}


def global_batch(name: str, t: int, n: int = 16) -> Batch:
    rng = generator("parallel", t)
    x = (
        torch.randn(n, 1, 16, 16, generator=rng)
        if name == "bn"
        else torch.randn(n, 2, generator=rng)
    )
    return Batch(x, torch.randint(3, (n,), generator=rng))


def main(name: str, rounds: int, out: str, dies: int = -1) -> None:
    here = join(patience=datetime.timedelta(seconds=60))
    with seeded("weights", here.rank):  # ranks start apart: rank 0's weights must win
        game = GAMES[name]()
    state = State(game, ema=Ema(10.0, every=1))

    def shards():
        for t in range(rounds):
            if t == dies and here.rank == 1:
                os._exit(7)
            yield Batch(*(part.chunk(here.size)[here.rank] for part in global_batch(name, t)))

    accumulate = 1 if name == "bn" else 2
    *_, (_, report) = train(game, shards(), state=state, accumulate=accumulate)
    tensors = {k: v.contiguous() for k, v in state.tensors().items()}
    tensors |= {f"report/{k}": v for k, v in report.items()}
    save_file(tensors, f"{out}.{here.rank}.safetensors")
    leave()


def uneven(out: str) -> None:
    """Average gradients of which each process has others: a on rank 0, b on rank 1, c nowhere."""
    here = join(patience=datetime.timedelta(seconds=60))
    a, b, c = (torch.nn.Parameter(torch.zeros(n)) for n in (2, 3, 4))
    mine = (a, b)[here.rank]
    mine.grad = torch.ones_like(mine)
    average([a, b, c])
    assert c.grad is None
    save_file({"a": a.grad, "b": b.grad}, f"{out}.{here.rank}.safetensors")
    leave()


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "uneven":
        uneven(sys.argv[3])
        sys.exit()
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
