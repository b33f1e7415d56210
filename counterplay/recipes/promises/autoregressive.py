"""Belief nets and PixelCNNs: exact nats on the published splits."""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PROMISES"]

DNA, MUSHROOMS = ("../shared/data/binary-uci/dna.npz", "../shared/data/binary-uci/mushrooms.npz")
BITS = "bits:../shared/data/binarized-mnist/binarized_mnist_packbits.npz"
MASKED = "MADE (Germain, Gregor, Murray, Larochelle, 2015, arXiv:1502.03509), Table 4"
KARPATHY = (
    f"{MASKED}; 94.5 is what github.com/karpathy/pytorch-made reaches on a fixed binarisation"
)
OORD = (
    "Pixel Recurrent Neural Networks (van den Oord, Kalchbrenner, Kavukcuoglu, 2016, "
    "arXiv:1601.06759), Table 4, a PixelCNN without gates"
)
FIXED = (
    "the fixed binarisation of 50,000 training pictures; models of fresh draws do one or two nats "
    "better"
)


def _nats(at_most: float, published: float | None = None, source: str = MASKED) -> Promise:
    what = "-log p of a test example, exact, nats"
    return Promise("nats", what, None, at_most, published, source if published else "")


def _belief(system: str, recipe: str, data: str, nats: Promise, seconds: float) -> Reproduction:
    about = "columns that are independent of each other, beside it, nats"
    independent = Promise("independent", about, at_least=100.0 if data == DNA else 34.0)
    note = "trained on the published training part; the validation part chose the checkpoint"
    return Reproduction(system, recipe, (nats, independent), seconds, 3, data, note)


PROMISES: dict[str, Reproduction] = {
    "fvsbn-dna": _belief("FVSBN, DNA", "fvsbn", DNA, _nats(83.6, 83.64), 300.0),
    "made-dna": _belief("MADE of 500 units, DNA", "made", DNA, _nats(84.5, 83.63), 300.0),
    "nade-dna": _belief("NADE of 100 units, DNA", "nade", DNA, _nats(84.8, 84.81), 600.0),
    "made-orders-dna": _belief(
        "MADE of 500 units in four orders, DNA",
        "made-orders",
        DNA,
        _nats(83.6, 79.66),
        900.0,
    ),
    "fvsbn-mushrooms": _belief(
        "FVSBN, mushrooms", "fvsbn-mushrooms", MUSHROOMS, _nats(10.6, 10.27), 300.0
    ),
    "made-mushrooms": _belief(
        "MADE of 500 units in four orders, mushrooms",
        "made-mushrooms",
        MUSHROOMS,
        _nats(9.8, 9.68),
        600.0,
    ),
    "nade-mushrooms": _belief(
        "NADE of 100 units, mushrooms", "nade-mushrooms", MUSHROOMS, _nats(9.9, 9.81), 600.0
    ),
    "made-mnist": Reproduction(
        system="MADE of 500 units, binarised MNIST",
        recipe="made-mnist",
        promises=(_nats(95.0, 94.5, KARPATHY),),
        seconds=3600.0,
        data=BITS,
        note=f"{FIXED}; with masked connections from inputs to outputs, so that no pair is lost",
    ),
    "pixelcnn-mnist": Reproduction(
        system="Small gated PixelCNN, binarised MNIST, two cores",
        recipe="pixelcnn-mnist",
        promises=(_nats(88.0),),
        seconds=2400.0,
        data=BITS,
        note=FIXED,
    ),
    "pixelcnn-mnist-large": Reproduction(
        system="Gated PixelCNN of eight layers, MNIST binarised anew each round, two cores",
        recipe="pixelcnn-mnist-large",
        promises=(_nats(82.0, 81.30, OORD),),
        data="../shared/data/mnist",
        note="training pictures are binarised anew each round by their grey values, the test part "
        "once; the published network was of that kind, and its time is not known",
    ),
    "pixelcnn-digits": Reproduction(
        system="Gated PixelCNN shown classes, the embedded digits of 8x8 on 17 levels",
        recipe="pixelcnn-digits",
        promises=(
            Promise("bits_per_dim", "-log2 p of a test example's number, exact", None, 1.9),
            Promise("confident", "share of samples that the judge is sure of", 0.75),
        ),
        seconds=300.0,
        seeds=3,
        note="p is the mean over classes: the likelihood is of pictures alone; a uniform law has "
        "log2 17 = 4.09 bits",
    ),
}
