"""Whole runs as data: recipes, their YAML, and which one fits which data."""

from __future__ import annotations

from counterplay.recipes.check import validate
from counterplay.recipes.registry import RECIPES, named, summary
from counterplay.recipes.schema import (
    Adam,
    Data,
    Dcgan,
    Dynamics,
    Gan,
    Mlp,
    Promise,
    Recipe,
    Vae,
    WganGp,
)
from counterplay.recipes.text import read, write

__all__ = [
    "RECIPES",
    "Adam",
    "Data",
    "Dcgan",
    "Dynamics",
    "Gan",
    "Mlp",
    "Promise",
    "Recipe",
    "Vae",
    "WganGp",
    "named",
    "read",
    "summary",
    "validate",
    "write",
]
