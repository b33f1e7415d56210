"""Healthy trainings of every family.

Healthy means that more rounds of the same recipe lead to good samples, or that it has got there:
not that it is finished.
"""

from __future__ import annotations

from dataclasses import replace

from counterplay.recipes.doctor_bench.case import of_condition
from counterplay.recipes.doctor_bench.healthy_games import GAMES
from counterplay.recipes.doctor_bench.healthy_models import MODELS

__all__ = ["CASES"]

PROOF = 5
"""Times as many rounds as the doctor sees after which it shows that a game was a healthy one."""

CASES = of_condition("", *(replace(g, proof=PROOF * g.steps) for g in GAMES), *MODELS)
"""Every healthy training, every second of them held."""
