"""What may change when a run is gone on with: how long and how closely it is watched, no more."""

from __future__ import annotations

from typing import Any

from counterplay.errors import UserError
from counterplay.recipes.check import leaves
from counterplay.recipes.schema import Recipe

__all__ = ["HARMLESS", "changes"]

HARMLESS = {
    "steps",
    "log_every",
    "look_every",
    "checkpoint_every",
    "keep",
    "budget",
}
"""Fields that change nothing of what is computed in a round."""

CHECKED = {"data.source"}
"""Fields that may change when the data themselves are the same, which their fingerprint tells."""


def changes(stored: Recipe, asked: Recipe, done: int = 0) -> dict[str, list[Any]]:
    """Return field -> [before, after] for the harmless differences.

    Args:
        stored: the recipe of the run.
        asked: the recipe it is to go on by.
        done: rounds that are finished.

    Raises:
        UserError: for a difference that would make it another training.
    """
    before = {path: value for path, _, value in leaves(stored)}
    after = {path: value for path, _, value in leaves(asked)}
    found = {
        path: [before.get(path), after.get(path)]
        for path in [*before, *(p for p in after if p not in before)]
        if before.get(path) != after.get(path)
    }
    for path, (old, new) in found.items():
        if path not in HARMLESS | CHECKED:
            raise UserError(
                f"--resume cannot change {path} (from {old} to {new}): the rounds that are played "
                "would be another training's; leave it out, or train anew into another --out"
            )
    if asked.steps < done:
        raise UserError(
            f"--steps {asked.steps}: this run has played {done} rounds already; ask for more"
        )
    if "steps" in found and done > min((1 - r.decay) * r.steps for r in (stored, asked)):
        raise UserError(
            f"--resume cannot change steps (from {stored.steps} to {asked.steps}): the learning "
            f"rates fall towards the last of them (decay {stored.decay:g}) and have begun to; "
            "leave it out, or train anew into another --out"
        )
    return found
