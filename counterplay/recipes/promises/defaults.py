"""The default recipe of every kind of data, on every data set at hand.

Bounds are minimums, set before anything was measured: a share of what as many training examples
have in the place of samples, and for Fréchet distances, of which real ones are nearly 0 where there
are many, a multiple. Where the held-out part is small, that value is noisy, and the note says so.
"""

from __future__ import annotations

from counterplay.recipes.promises.reproduction import Reproduction
from counterplay.recipes.schema import Promise

__all__ = ["PREFIX", "PROMISES"]

PREFIX = "default-"
SHARED = "../shared/data"


def _row(
    what: str, recipe: str, data: str, features: str, share: float, far: float, small: str = ""
) -> Reproduction:
    """Return a row: coverage and precision at least ``share`` of real, Fréchet at most ``far``."""
    note = f"chosen by `counterplay train {data}`"
    return Reproduction(
        system=f"Default recipe for {what}",
        recipe=recipe,
        data=data,
        promises=(
            Promise(f"coverage/{features}", "coverage, k = 5", share, relative=True),
            Promise(f"precision/{features}", "precision, k = 5", share, relative=True),
            Promise(f"frechet/{features}", "Fréchet distance", None, far, relative=True),
        ),
        seconds=900.0,
        note=f"{note}; {small}" if small else note,
    )


def _few(count: int) -> str:
    return f"{count} held-out examples only: every figure, the real one too, is noisy"


TABLES = {
    "airfoil": 150,
    "bike": 1737,
    "concrete": 103,
    "elevators": 1659,
    "energy": 76,
    "kin40k": 4000,
    "parkinsons": 587,
    "protein": 4573,
    "skillcraft": 333,
    "wine": 159,
    "yacht": 30,
}
"""Tables of UCI -> held-out rows."""

PROMISES: dict[str, Reproduction] = {
    "default-digits": _row(
        "the embedded 8x8 digits", "digits", "digits", "judge", 0.8, 30, _few(179)
    ),
    "default-mnist": _row(
        "labelled pictures, on MNIST", "mnist", f"{SHARED}/mnist", "judge", 0.8, 30
    ),
    "default-fashion-mnist": _row(
        "labelled pictures, on Fashion-MNIST", "mnist", f"{SHARED}/fashion-mnist", "judge", 0.7, 60
    ),
    "default-cifar10": _row(
        "labelled pictures, on two fifths of CIFAR-10's training part",
        "mnist",
        f"{SHARED}/cifar10",
        "judge",
        0.4,
        300,
    ),
    "default-svhn": _row(
        "few pictures, on 499 house numbers", "photos-few", f"{SHARED}/svhn-small", "judge", 0.3, 30
    ),
    "default-faces": _row(
        "few pictures, on 320 faces",
        "photos-few",
        f"{SHARED}/att-faces",
        "convolution",
        0.3,
        50,
        _few(40),
    ),
    "default-emoji": _row(
        "few pictures, on 876 emoji",
        "photos-few",
        f"{SHARED}/emoji-captions/emojitwo_64.zip",
        "convolution",
        0.3,
        50,
        _few(109),
    ),
    "default-facades": _row(
        "few pictures, on 400 photographs of facades",
        "photos-few",
        f"{SHARED}/facades/facades_128_derived.zip",
        "convolution",
        0.3,
        50,
        _few(106),
    ),
    **{
        f"default-uci-{name}": _row(
            f"tables, on UCI's {name}",
            "table",
            f"{SHARED}/uci/{name}_data.csv.gz",
            "raw",
            0.5,
            100,
            _few(held) if held < 500 else "",
        )
        for name, held in TABLES.items()
    },
}
