"""Which games are sensible for which data: family -> recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterplay.errors import UserError, nearest
from counterplay.recipes.choose import choose
from counterplay.recipes.registry import RECIPES

if TYPE_CHECKING:
    from counterplay.data import Domain

__all__ = ["DEFAULT", "sensible", "wanted"]

DEFAULT = "gan"
"""The family whose recipe is the one that ``train`` chooses."""

_SMALL = 16

_TINY_PICTURES = {
    "wgan-gp": "digits-wgan-gp",
    "vae": "vae-digits",
    "flow": "flow-digits",
    "autoregressive": "pixelcnn-digits",
    "boltzmann": "rbm-digits",
}
_PICTURES = {
    "wgan-gp": "digits-wgan-gp",
    "vae": "vae-pictures",
    "flow": "flow-mnist",
    "autoregressive": "pixelcnn-photos",
    "boltzmann": "rbm-mnist",
}
_BITS = {
    "vae": "vae-mnist",
    "autoregressive": "made",
    "fvsbn": "fvsbn",
    "nade": "nade",
    "boltzmann": "rbm-bits",
}
_SOUND = {"wavenet": "wavenet", "wavenet-near": "wavenet-near"}
_TEXT = {"characters": "characters", "characters-near": "characters-near"}
_MIXED = {
    "autoregressive": "mixed",
    "gan": "gan-mixed",
    "vae": "vae-mixed",
    "flow": "flow-mixed",
}
_NUMBERS = {
    "wgan-gp": "table",
    "vae": "vae-table",
    "flow": "flow",
    "flow-maf": "flow-maf",
    "boltzmann": "rbm-reals",
}


def sensible(domain: Domain, count: int, name: str = "") -> dict[str, str]:
    """Return family -> recipe for ``count`` training examples of ``domain``.

    Args:
        domain: the data's.
        count: training examples.
        name: the data's name, for the data that have a recipe of their own.
    """
    others = _others(domain)
    if domain.kind in ("table", "sequence"):
        return others
    usual, _ = choose(domain, count, name)
    # The recipe that train chooses may be one of the others: it stands once, under that name.
    return {**({} if usual in others.values() else {DEFAULT: usual}), **others}


def _others(domain: Domain) -> dict[str, str]:
    if domain.kind == "table":
        return _MIXED
    if domain.kind == "image":
        grey = domain.shape[0] == 1
        found = _TINY_PICTURES if domain.shape[-1] <= _SMALL else _PICTURES
        return found if grey else {k: v for k, v in found.items() if k != "boltzmann"}
    if domain.kind == "vector":
        return _BITS if getattr(domain, "levels", 0) else _NUMBERS
    return _TEXT if getattr(domain, "symbols", ()) else _SOUND


def wanted(asked: str, domain: Domain, count: int, name: str = "") -> dict[str, str]:
    """Return family or recipe -> recipe for a list such as ``"gan,vae,flow-maf"``; "" for all.

    Raises:
        UserError: for a name that is neither a family for these data nor a recipe, or stands twice.
    """
    usual = sensible(domain, count, name)
    names = [word.strip() for word in asked.split(",") if word.strip()]
    for word in names:
        if word not in usual and word not in RECIPES:
            raise UserError(
                f"--games {word}: no family for these data ({', '.join(usual)}) and no recipe; "
                f"{nearest(word, {**usual, **RECIPES})}"
            )
        if names.count(word) > 1:
            raise UserError(f"--games: '{word}' stands twice")
    return {word: usual.get(word, word) for word in names} if names else usual
