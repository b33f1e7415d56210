"""A restricted Boltzmann machine on an epoch of MNIST against scikit-learn's BernoulliRBM.

    python -m benchmarks.boltzmann [--epochs 5 --blocks 5 --rounds 500]

Both have 500 hidden bits, batches of 100 and persistent chains of one Gibbs step a round, and see
the same 50,000 binarised digits, handed over as floats. scikit-learn has a chain for each example
of a batch; ours half as many, as the recipe has, and is timed with as many besides. scikit-learn is
shown the digits in float64, in which pixels divided by 255 are and which it keeps, and in float32.
Ours multiplies in bf16 where the processor can, as recipes do. Then each is trained anew for some
epochs, with its own start and ours with its falling learning rate, and scored on the 10,000 test
digits: log Z by annealed importance sampling from the training digits' base rates, with the same
chains and steps for both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from sklearn.neural_network import BernoulliRBM
from torch import Tensor

from benchmarks.timing import MNIST, Row, answer, arguments, interleaved, ratio
from counterplay.ais import Annealed, betas, forward, rbm_path
from counterplay.game import Batch, generator, seeded, sgd
from counterplay.games.boltzmann import Boltzmann
from counterplay.networks.boltzmann import RBM
from counterplay.recipes.device import precise
from counterplay.train import State, falling, train

HIDDEN, BATCH, CHAINS, RATE = 500, 100, 50, 0.05
PACKED = MNIST.parent / "binarized-mnist" / "binarized_mnist_packbits.npz"


def load(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the training digits, in an order drawn by a seed, and the test digits, of bits."""
    with np.load(file, allow_pickle=False) as packed:
        x, test = (np.unpackbits(packed[part], axis=1) for part in ("train", "test"))
    return x[np.random.default_rng(0).permutation(len(x))], test


def ours(x: np.ndarray, chains: int = CHAINS) -> Boltzmann:
    """Return our machine before its first round."""
    with seeded("benchmark"):
        game = Boltzmann(RBM(x.shape[1], HIDDEN), chains=chains, move=sgd(RATE))
    game.start(torch.from_numpy(x).float())
    return game


def theirs(epochs: int = 1) -> BernoulliRBM:
    """Return scikit-learn's machine, as it comes."""
    return BernoulliRBM(
        n_components=HIDDEN, batch_size=BATCH, learning_rate=RATE, n_iter=epochs, random_state=0
    )


def batches(rows: Tensor, epochs: int = 1) -> Iterator[Batch]:
    """Yield the rows in turn, as scikit-learn does."""
    for _ in range(epochs):
        for part in rows.split(BATCH):
            yield Batch(part)


def trained(x: np.ndarray, epochs: int) -> RBM:
    """Return our machine after ``epochs``, the learning rate falling to zero over all of them."""
    game = ours(x)
    pace = falling(epochs * len(x) // BATCH, 1.0)
    rows = torch.from_numpy(x).float()
    for _ in train(game, batches(rows, epochs), state=State(game, precision=numbers()), pace=pace):
        pass
    return game.rbm


def fitted(x: np.ndarray, epochs: int) -> RBM:
    """Return scikit-learn's machine after ``epochs``, as one of ours."""
    found = theirs(epochs).fit(x.astype(np.float32))
    rbm = RBM(x.shape[1], HIDDEN)
    with torch.no_grad():
        rbm.weight.copy_(torch.from_numpy(found.components_.T))
        rbm.visible.bias.copy_(torch.from_numpy(found.intercept_visible_))
        rbm.hidden.bias.copy_(torch.from_numpy(found.intercept_hidden_))
    return rbm


def numbers() -> str:
    """Return the numbers that a recipe would multiply in."""
    return precise("auto", torch.device("cpu"))


def scored(rbm: RBM, base: Tensor, test: np.ndarray, steps: int) -> tuple[float, Annealed]:
    """Return nats of the test digits, and what was said of log Z."""
    found = forward(rbm_path(rbm, base), BATCH, betas(steps), generator("benchmark", "anneal"))
    with torch.no_grad():
        energy = rbm.free_energy(torch.from_numpy(test).float()).double().mean()
    return float(energy) + found.value, found


def speed(x: np.ndarray, rounds: int, blocks: int) -> list[Row]:
    """Return how many times our seconds of ``rounds`` rounds scikit-learn takes."""
    part = x[: rounds * BATCH]
    double, single = part.astype(np.float64), part.astype(np.float32)
    rows = torch.from_numpy(single)
    times = interleaved(
        {
            "ours": _playing(ours(part), rows),
            "as many chains": _playing(ours(part, BATCH), rows),
            "float64": lambda: theirs().fit(double),
            "float32": lambda: theirs().fit(single),
        },
        blocks,
    )
    each = {name: 1e3 * min(found) / rounds for name, found in times.items()}

    def row(name: str, own: str, at_least: float | None = None) -> Row:
        chains = "" if own == "ours" else f" of {own}"
        note = (
            f"{rounds} rounds, {blocks} turns, ours in {numbers()} {each[own]:.2f} ms a round, "
            f"theirs {each[name]:.2f} ms"
        )
        what = f"scikit-learn in {name} over ours{chains}"
        return Row(what, ratio(times[name], times[own]), "×", at_least, note=note)

    return [
        row("float64", "ours", 3.0),
        row("float32", "ours"),
        row("float64", "as many chains"),
        row("float32", "as many chains"),
    ]


def _playing(game: Boltzmann, rows: Tensor) -> Callable[[], None]:
    """Return what plays an epoch of ``rows``, going on from the last one."""
    state = State(game, precision=numbers())

    def play() -> None:
        for _ in train(game, batches(rows), state=state):
            pass

    return play


def likelihoods(x: np.ndarray, test: np.ndarray, epochs: int, steps: int) -> list[Row]:
    """Return by how many nats our machine is the better one after as many epochs."""
    base = ours(x).base
    (mine, below), (other, beside) = (
        scored(rbm, base, test, steps) for rbm in (trained(x, epochs), fitted(x, epochs))
    )
    note = (
        f"{epochs} epochs, {mine:.2f} and {other:.2f} nats, log Z by {BATCH} chains of {steps} "
        f"steps, {below.effective:.0f} and {beside.effective:.0f} of them effective"
    )
    return [Row("test nats of scikit-learn less ours", other - mine, "nats", 0.0, note=note)]


def main() -> int:
    """Measure, print, and return 1 when a promise is not kept."""
    given = arguments(__doc__ or "", rounds=500, blocks=5, epochs=5, steps=10_000, file=PACKED)
    x, test = load(given.file)
    rows = speed(x, given.rounds, given.blocks)
    rows += likelihoods(x, test, given.epochs, given.steps)
    return answer(rows, given.json)


if __name__ == "__main__":
    sys.exit(main())
