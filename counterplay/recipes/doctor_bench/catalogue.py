"""The catalogue: every cause of every condition, and every healthy training."""

from __future__ import annotations

from counterplay.recipes.doctor_bench import (
    fresh_games,
    fresh_healthy,
    fresh_models,
    healthy,
    held_games,
    held_healthy,
    held_models,
    last_critics,
    last_data,
    last_games,
    last_healthy,
    last_models,
    late_critics,
    late_data,
    late_games,
    late_healthy,
    late_models,
    new_critics,
    new_data,
    new_games,
    new_healthy,
    new_models,
    next_critics,
    next_data,
    next_games,
    next_healthy,
    next_models,
    sick_critics,
    sick_data,
    sick_games,
    sick_models,
    sick_moves,
)
from counterplay.recipes.doctor_bench.case import Case

__all__ = ["CASES", "CONDITIONS"]

CASES: tuple[Case, ...] = (
    *sick_games.CASES,
    *sick_critics.CASES,
    *sick_moves.CASES,
    *sick_models.CASES,
    *sick_data.CASES,
    *healthy.CASES,
    *held_games.CASES,
    *held_models.CASES,
    *held_healthy.CASES,
    *fresh_games.CASES,
    *fresh_models.CASES,
    *fresh_healthy.CASES,
    *last_games.CASES,
    *last_critics.CASES,
    *last_models.CASES,
    *last_data.CASES,
    *last_healthy.CASES,
    *new_games.CASES,
    *new_critics.CASES,
    *new_models.CASES,
    *new_data.CASES,
    *new_healthy.CASES,
    *late_games.CASES,
    *late_critics.CASES,
    *late_models.CASES,
    *late_data.CASES,
    *late_healthy.CASES,
    *next_games.CASES,
    *next_critics.CASES,
    *next_models.CASES,
    *next_data.CASES,
    *next_healthy.CASES,
)
"""A row for each cause and for each healthy training."""

CONDITIONS: tuple[str, ...] = tuple(dict.fromkeys(c.condition for c in CASES if c.condition))
"""The sicknesses that are tried, in the catalogue's order."""
