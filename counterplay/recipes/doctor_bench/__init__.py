"""The doctor tried as a medical test is: on trainings of which it is known what is wrong."""

from __future__ import annotations

from counterplay.recipes.doctor_bench.case import SEEDS, Case, recipe_of
from counterplay.recipes.doctor_bench.catalogue import CASES, CONDITIONS

__all__ = ["CASES", "CONDITIONS", "SEEDS", "Case", "recipe_of"]
