"""The ranges of a recipe's numbers, in one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from counterplay.errors import UserError
from counterplay.recipes.schema import Recipe

__all__ = ["leaves", "validate"]

Range = tuple[str, Callable[[Any], bool]]

ONE_OR_MORE: Range = ("a whole number from 1", lambda v: v >= 1)
ZERO_OR_MORE: Range = ("a number from 0", lambda v: 0 <= v < math.inf)
ABOVE_ZERO: Range = ("a number above 0", lambda v: 0 < v < math.inf)

RANGES: dict[str, Range] = {
    "name": ("a name of letters, digits, '-' and '_'", lambda v: _is_name(v)),
    "size": ("a side from 4 to 1024", lambda v: 4 <= v <= 1024),
    "batch": ONE_OR_MORE,
    "resolution": ("a whole number from 2 to 512", lambda v: 2 <= v <= 512),
    "transforms": ONE_OR_MORE,
    "steps": ONE_OR_MORE,
    "seed": ("a whole number from 0 to 2**63 - 1", lambda v: 0 <= v < 2**63),
    "decay": ("a share from 0 to 1", lambda v: 0 <= v <= 1),
    "ema": ZERO_OR_MORE,
    "accumulate": ONE_OR_MORE,
    "log_every": ONE_OR_MORE,
    "look_every": ONE_OR_MORE,
    "checkpoint_every": ONE_OR_MORE,
    "keep": ONE_OR_MORE,
    "budget": ABOVE_ZERO,
    "patience": ZERO_OR_MORE,
    "lr": ABOVE_ZERO,
    "betas": ("two numbers in [0, 1)", lambda v: all(0 <= b < 1 for b in v)),
    "eps": ABOVE_ZERO,
    "width": ONE_OR_MORE,
    "critic_width": ONE_OR_MORE,
    "inner": ("a whole number from 0 to 8", lambda v: 0 <= v <= 8),
    "depth": ONE_OR_MORE,
    "latent": ONE_OR_MORE,
    "class_weight": ZERO_OR_MORE,
    "information": ZERO_OR_MORE,
    "features": ONE_OR_MORE,
    "categories": ONE_OR_MORE,
    "places": ZERO_OR_MORE,
    "noise": ONE_OR_MORE,
    "hidden": ZERO_OR_MORE,
    "degrees": ("degrees from 0 to 180", lambda v: 0 <= v <= 180),
    "shear": ZERO_OR_MORE,
    "stretch": ZERO_OR_MORE,
    "r1": ZERO_OR_MORE,
    "r2": ZERO_OR_MORE,
    "penalty": ZERO_OR_MORE,
    "critic_steps": ONE_OR_MORE,
    "beta": ZERO_OR_MORE,
    "gamma": ZERO_OR_MORE,
    "look_ahead": ZERO_OR_MORE,
    "rate": ABOVE_ZERO,
    "kinds": ("0, or a whole number from 2", lambda v: v == 0 or v >= 2),
    "steady": ONE_OR_MORE,
    "fade": ONE_OR_MORE,
    "style": ONE_OR_MORE,
    "mixing": ("a share from 0 to 1", lambda v: 0 <= v <= 1),
    "path": ZERO_OR_MORE,
    "path_every": ONE_OR_MORE,
    "r1_every": ONE_OR_MORE,
    "critic_depth": ONE_OR_MORE,
    "pack": ONE_OR_MORE,
    "clip": ZERO_OR_MORE,
    "gradient": ZERO_OR_MORE,
    "one_sided": ZERO_OR_MORE,
    "dragan": ZERO_OR_MORE,
    "drift": ZERO_OR_MORE,
    "consistency": ZERO_OR_MORE,
    "every": ONE_OR_MORE,
    "real_label": ("a probability above 0", lambda v: 0 < v <= 1),
    "fake_label": ("a probability below 1", lambda v: 0 <= v < 1),
    "flips": ("a share from 0 to 0.5", lambda v: 0 <= v <= 0.5),
    "history": ZERO_OR_MORE,
    "instance_noise": ZERO_OR_MORE,
    "noise_rounds": ONE_OR_MORE,
    "chance": ("a probability from 0 to 1", lambda v: 0 <= v <= 1),
    "start": ("a probability from 0 to 1", lambda v: 0 <= v <= 1),
    "target": ("a mean of signs, between -1 and 1", lambda v: -1 < v < 1),
    "examples": ONE_OR_MORE,
    "few": ONE_OR_MORE,
    "length": ONE_OR_MORE,
    "skips": ONE_OR_MORE,
    "cycles": ONE_OR_MORE,
    "draw": ("a whole number from 0", lambda v: v >= 0),
    "generator_width": ONE_OR_MORE,
    "input_noise": ZERO_OR_MORE,
    "reach": ONE_OR_MORE,
    "levels": ONE_OR_MORE,
    "coarse_width": ONE_OR_MORE,
    "hidden_noise": ZERO_OR_MORE,
    "unsupervised": ZERO_OR_MORE,
    "supervised": ZERO_OR_MORE,
    "orders": ZERO_OR_MORE,
    "radius": ONE_OR_MORE,
    "components": ZERO_OR_MORE,
    "deviation": ABOVE_ZERO,
    "top_width": ONE_OR_MORE,
    "gibbs": ONE_OR_MORE,
    "chains": ZERO_OR_MORE,
    "burn": ONE_OR_MORE,
    "mean_field": ONE_OR_MORE,
    "blocks": ONE_OR_MORE,
    "bins": ("a whole number from 2 to 64", lambda v: 2 <= v <= 64),
    "bound": ABOVE_ZERO,
    "dropout": ("a share below 1", lambda v: 0 <= v < 1),
    "scales": ONE_OR_MORE,
    "margin": ("a share above 0 and below 0.5", lambda v: 0 < v < 0.5),
    "weight_decay": ZERO_OR_MORE,
    "layers": ZERO_OR_MORE,
    "latents": ("two or more whole numbers from 1", lambda v: len(v) > 1 and min(v) >= 1),
    "warm_up": ZERO_OR_MORE,
    "free_bits": ZERO_OR_MORE,
    "context": ONE_OR_MORE,
    "samples": ONE_OR_MORE,
    "pixels": ("a share above 0, up to 1", lambda v: 0 < v <= 1),
    "blur": ABOVE_ZERO,
    "links": ONE_OR_MORE,
    "stride": ABOVE_ZERO,
}
"""By the field's name, wherever it stands: what it must be, in words and as a test."""


def validate(recipe: Recipe) -> Recipe:
    """Return ``recipe`` when every number is in its range.

    Raises:
        UserError: naming the first field that is not, its value, and what would work.
    """
    for path, name, value in leaves(recipe):
        words, holds = RANGES.get(name, ("", lambda v: True))
        if value is not None and not holds(value):
            raise UserError(f"{path}: expected {words}, got {_show(value)}")
    if recipe.data.batch % recipe.accumulate:
        raise UserError(
            f"accumulate: {recipe.accumulate} parts do not divide a batch of {recipe.data.batch}"
        )
    part, pack = recipe.data.batch // recipe.accumulate, getattr(recipe.game, "pack", 1)
    if part % pack:
        works = f"take a multiple of {pack}" if part > pack else f"--game.pack {part} works"
        raise UserError(f"game.pack: a batch of {part} cannot be packed by {pack}; {works}")
    return recipe


def leaves(spec: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield (dotted path, field name, value) for every field that is not itself a spec."""
    for f in fields(spec):
        value, where = getattr(spec, f.name), f"{path}{f.name}"
        if is_dataclass(value):
            yield from leaves(value, f"{where}.")
        else:
            yield where, f.name, value


def _is_name(word: str) -> bool:
    return bool(word) and word.isascii() and word.replace("-", "").replace("_", "").isalnum()


def _show(value: Any) -> str:
    return str(list(value)) if isinstance(value, tuple) else repr(value)
