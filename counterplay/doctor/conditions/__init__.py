"""Every condition: a table with one row each, and the verdict where none holds."""

from __future__ import annotations

from counterplay.doctor.conditions import of_games, of_models, of_samples, of_training
from counterplay.doctor.conditions.base import Condition

__all__ = ["CONDITIONS", "Condition"]

CONDITIONS: tuple[Condition, ...] = (
    *of_training.CONDITIONS,
    *of_samples.CONDITIONS,
    *of_models.CONDITIONS,
    *of_games.CONDITIONS,
)
