"""Runs of normalising flows: exact densities, and on levels bits per dimension.

Flows of few examples learn them by heart, and so these runs end with the networks that were best on
the validation part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Adam, Data, Flow, PictureFlow, Recipe, VectorFlow

__all__ = ["RECIPES"]


def flow() -> Recipe:
    """Points in the plane and rows of numbers by a neural spline flow: their density."""
    return Recipe(
        "flow",
        Data("", batch=256),
        Flow(VectorFlow("spline", width=64), optimiser=Adam(2e-3, (0.9, 0.999))),
        steps=4000,
        decay=0.5,
        ema=100.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
        finish="best",
    )


def _rows(name: str, networks: VectorFlow) -> Recipe:
    return replace(flow(), name=name, game=replace(flow().game, networks=networks))


def flow_nice() -> Recipe:
    """Points and rows by NICE (2014): additive couplings, which keep volumes."""
    return _rows("flow-nice", VectorFlow("nice", width=64, blocks=8))


def flow_real_nvp() -> Recipe:
    """Points and rows by Real NVP (2016): affine couplings."""
    return _rows("flow-real-nvp", VectorFlow("real-nvp", width=64, blocks=8))


def flow_glow() -> Recipe:
    """Points and rows by the steps of Glow (2018): norms, invertible linear maps, couplings."""
    return _rows("flow-glow", VectorFlow("glow", width=64, blocks=8))


def flow_maf() -> Recipe:
    """Points and rows by masked autoregressive flows (2017): fast to score."""
    return _rows("flow-maf", VectorFlow("maf", width=64, blocks=5))


def flow_iaf() -> Recipe:
    """Points by inverse autoregressive flows (2016): fast to sample, D steps to learn from."""
    return _rows("flow-iaf", VectorFlow("iaf", width=64, blocks=5))


def flow_digits() -> Recipe:
    """The embedded 8x8 digits by splines in couplings of the pixels, row after row."""
    return Recipe(
        "flow-digits",
        Data("digits", batch=100),
        Flow(VectorFlow("spline", dropout=0.1), weight_decay=1e-2),
        steps=1200,
        decay=0.5,
        ema=50.0,
        precision="float32",
        look_every=100,
        checkpoint_every=100,
        finish="best",
        patience=5,
    )


def _digits(name: str, networks: VectorFlow) -> Recipe:
    return replace(flow_digits(), name=name, game=replace(flow_digits().game, networks=networks))


def flow_digits_maf() -> Recipe:
    """The embedded digits by five masked autoregressive transforms."""
    return _digits("flow-digits-maf", VectorFlow("maf", depth=1, blocks=5))


def flow_digits_real_nvp() -> Recipe:
    """The embedded digits by eight affine couplings."""
    return _digits("flow-digits-real-nvp", VectorFlow("real-nvp", blocks=8, dropout=0.1))


def flow_digits_classes() -> Recipe:
    """The embedded digits by Real NVP that is shown the class: it samples one, and tells them."""
    base = flow_digits_real_nvp()
    return replace(base, name="flow-digits-classes", game=replace(base.game, classes="networks"))


def flow_mnist() -> Recipe:
    """Pictures of any kind whose side divides by four, by Real NVP over two scales."""
    return Recipe(
        "flow-mnist",
        Data("", batch=64),
        Flow(PictureFlow("real-nvp", blocks=3), margin=1e-6),
        steps=6000,
        decay=0.5,
        ema=200.0,
        precision="float32",
        look_every=1500,
        checkpoint_every=1500,
        budget=14.0,
    )


def flow_mnist_glow() -> Recipe:
    """The same by Glow: squeezed pictures whose channels are mixed."""
    base = flow_mnist()
    networks = PictureFlow("glow", width=64, blocks=6)
    return replace(base, name="flow-mnist-glow", game=replace(base.game, networks=networks))


def flow_cifar10() -> Recipe:
    """Colour pictures of 32x32 by Glow over three scales: an hour on two cores."""
    return Recipe(
        "flow-cifar10",
        Data("", batch=64),
        Flow(PictureFlow("glow", width=128, scales=3, blocks=8)),
        steps=14_000,
        decay=0.5,
        ema=500.0,
        look_every=2_000,
        checkpoint_every=2_000,
        finish="best",
    )


def nonlinear_ica() -> Recipe:
    """Five sources that were mixed nonlinearly, found again: the latent's law is each segment's."""
    return Recipe(
        "nonlinear-ica",
        Data("sources", batch=256),
        Flow(
            VectorFlow("glow", width=32, depth=1, blocks=4),
            classes="prior",
            optimiser=Adam(1e-2, (0.9, 0.999)),
        ),
        steps=1500,
        decay=0.5,
        ema=50.0,
        precision="float32",
        look_every=750,
        checkpoint_every=750,
    )


def nonlinear_ica_twin() -> Recipe:
    """The same without the segments: the density is as good, and the sources stay mixed."""
    base = nonlinear_ica()
    return replace(base, name="nonlinear-ica-twin", game=replace(base.game, classes="none"))


RECIPES: dict[str, Callable[[], Recipe]] = {
    "flow": flow,
    "flow-nice": flow_nice,
    "flow-real-nvp": flow_real_nvp,
    "flow-glow": flow_glow,
    "flow-maf": flow_maf,
    "flow-iaf": flow_iaf,
    "flow-digits": flow_digits,
    "flow-digits-maf": flow_digits_maf,
    "flow-digits-real-nvp": flow_digits_real_nvp,
    "flow-digits-classes": flow_digits_classes,
    "flow-mnist": flow_mnist,
    "flow-mnist-glow": flow_mnist_glow,
    "flow-cifar10": flow_cifar10,
    "nonlinear-ica": nonlinear_ica,
    "nonlinear-ica-twin": nonlinear_ica_twin,
}
