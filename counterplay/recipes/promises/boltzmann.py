"""Boltzmann machines: nats of binarised digits and of rows of bits."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

MNIST = "bits:../shared/data/binarized-mnist/binarized_mnist_packbits.npz"
ROWS = "../shared/data/binary-uci"

DEEP = "Deep Boltzmann machines (Salakhutdinov, Hinton, AISTATS 2009, not on arXiv), 500 and 1000"
NOTE = (
    "log Z is annealed from the data's base rates by 100 chains, from below on average, so that "
    "nats are too low if anything; log_z_width is what chains played backwards, which start at "
    "test digits after 200 Gibbs steps, add to it"
)
SURE = (
    Promise("log_z_width", "log Z from above less from below, 3,000 steps, nats"),
    Promise("log_z_drift", "log Z by 3,000 steps less by 1,000, nats"),
    Promise("effective_chains", "effective chains of 100, 3,000 steps"),
)


def _nats(at_most: float | None, published: float | None = None, citation: str = "") -> Promise:
    what = "nats of the whole test part"
    return Promise("nats", what, None, at_most, published, citation)


def _rows(data: str, at_most: float, words: str) -> Reproduction:
    return Reproduction(
        system=f"RBM of 16 hidden bits on {data}",
        recipe="rbm-bits",
        data=f"{ROWS}/{data}.npz",
        promises=(
            _nats(at_most),
            Promise("independent_nats", "independent bits beside it", at_most),
        ),
        seconds=600.0,
        note=f"{words}; log Z is exact, by enumeration of the hidden states",
    )


PROMISES: dict[str, Reproduction] = {
    "rbm-mnist": Reproduction(
        system="RBM of 500 hidden bits, persistent chains, fixed binarised MNIST",
        recipe="rbm-mnist",
        data=MNIST,
        promises=(
            _nats(100.0),
            *SURE,
            Promise("free_energy_gap", "free energy of test less training digits, nats"),
            Promise("saturated", "share of hidden units that are as good as constant"),
        ),
        seconds=1200.0,
        note=NOTE,
    ),
    "rbm-mnist-cd": Reproduction(
        system="The same by contrastive divergence of one step, its twin",
        recipe="rbm-mnist-cd",
        data=MNIST,
        promises=(
            Promise("nats", "nats of the whole test part, more than with chains that go on", 100.0),
            *SURE,
        ),
        note=NOTE,
    ),
    "dbm-mnist": Reproduction(
        system="DBM of 500 and 1000 hidden bits, fixed binarised MNIST",
        recipe="dbm-mnist",
        data=MNIST,
        promises=(_nats(150.0, 84.62, DEEP), *SURE),
        note=f"mean field bounds log p by the estimate of log Z: a bound of an estimate; {NOTE}",
    ),
    "rbm-dna": _rows("dna", 98.5, "1,400 rows of 180 bits"),
    "rbm-mushrooms": _rows("mushrooms", 25.0, "2,000 rows of 112 bits"),
}
