"""``fit``: one line from data to a trained game."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.recipes.check import validate
from counterplay.recipes.choose import candidates
from counterplay.recipes.looks import draw, examine
from counterplay.recipes.plan import plan
from counterplay.recipes.registry import named
from counterplay.recipes.samples import Condition
from counterplay.recipes.schema import Recipe
from counterplay.recipes.text import write

if TYPE_CHECKING:
    import numpy as np
    import torch

    from counterplay.data import Domain
    from counterplay.game import Game
    from counterplay.recipes.session import Outcome

__all__ = ["Trained", "fit"]


@dataclass(frozen=True)
class Trained:
    """A trained game.

    Attributes:
        outcome: what the training left.
        device: where its networks are.
    """

    outcome: Outcome
    device: torch.device

    @property
    def game(self) -> Game:
        """The networks to sample from: the averaged ones where the recipe has them."""
        return self.outcome.sampler.game

    @property
    def domain(self) -> Domain:
        """What one example is."""
        return self.outcome.sampler.domain

    @property
    def recipe(self) -> Recipe:
        """By what it was trained, complete."""
        return self.outcome.plan.recipe

    @property
    def report(self) -> dict[str, Any]:
        """The evaluation at the end of training; empty when there was too little to measure."""
        return self.outcome.figures

    def sample(self, n: int, condition: Condition = None, seed: int = 0) -> np.ndarray:
        """Draw ``n`` new examples in the data's own form: uint8 (n, C, H, W) or float32 (n, D).

        Args:
            n: how many.
            condition: a class by number or name, or a number for each sample, where the game is
                shown classes.
            seed: the same seed gives the same samples.

        Raises:
            UserError: for an ``n`` below one, or a class that does not fit.
        """
        return self.outcome.sampler.sample(n, condition, seed)

    def evaluate(self, n: int | None = None, seed: int = 0) -> dict[str, Any]:
        """Measure ``n`` samples against the test part: see :func:`counterplay.metrics.evaluate`."""
        source, ema = self.outcome.plan.source, self.recipe.ema > 0
        return examine(self.outcome.sampler, source, self.device, ema=ema, n=n, seed=seed)

    def save(self, path: str | Path) -> Path:
        """Write a run folder with the networks, from which ``counterplay sample`` draws.

        Raises:
            UserError: when something is there already, or it cannot be written.
        """
        from counterplay.recipes.session import about
        from counterplay.run import Run, environment

        outcome = self.outcome
        run = Run.create(path, write(self.recipe), about(outcome.plan), environment())
        run.begin(outcome.state.step)
        run.save(outcome.state)
        picture = draw(outcome.sampler, outcome.plan.source, self.recipe.seed)
        run.look(outcome.state.step, picture, self.report)
        run.finish(outcome.state.step, outcome.reason)
        return run.path


def fit(
    data: Any,
    *,
    steps: int | None = None,
    minutes: float | None = None,
    labels: Any = None,
    recipe: str | Recipe | None = None,
    out: str | Path | None = None,
    seed: int = 0,
    device: str = "auto",
    quiet: bool = False,
) -> Trained:
    """Choose a recipe for ``data``, train by it and return the trained game.

    Args:
        data: anything :func:`counterplay.data.load` takes: an array, a tensor, a path, a name.
        steps: rounds to play; the recipe's own when ``None``.
        minutes: after which training ends, whatever ``steps`` says.
        labels: one label for each example, or the name of a table's column.
        recipe: a recipe or its name; one that fits the data when ``None``. Unless a recipe is given
            whole, its batch is smaller where the data have fewer examples than one.
        out: run folder to make; nothing is left on disk when ``None``.
        seed: decides the weights, the noise and the order of the data.
        device: "auto", "cpu" or "cuda".
        quiet: print nothing.

    Raises:
        UserError: when the data cannot be used, the recipe does not fit them, or ``out`` is taken.

    Example:
        game = counterplay.fit(pictures, minutes=2)   # uint8 (N, 28, 28)
        new = game.sample(64)
    """
    from counterplay.recipes.session import Watch, joined, start
    from counterplay.run import vacant

    if out is not None:
        vacant(out)
    drafts = _drafts(data, recipe, lambda r: _asked(r, steps, minutes, seed))
    say = (lambda line: None) if quiet else print
    with joined(device) as place:
        what = None if isinstance(data, str | Path) else data
        found = plan(
            drafts, place.device, what=what, labels=labels, shrink=not isinstance(recipe, Recipe)
        )
        watch = Watch(say=say, silent=quiet, paths=out is not None)
        if out is not None:
            return Trained(start(found, Path(out), place, watch), place.device)
        with tempfile.TemporaryDirectory(prefix="counterplay-") as folder:
            return Trained(start(found, Path(folder) / "run", place, watch), place.device)


def _drafts(
    data: Any, recipe: str | Recipe | None, asked: Callable[[Recipe], Recipe]
) -> dict[str, Recipe]:
    source = str(data) if isinstance(data, str | Path) else ""
    if recipe is None:
        found = [named(name) for name in candidates(source)]
    else:
        found = [named(recipe) if isinstance(recipe, str) else recipe]
    return {r.name: asked(replace(r, data=replace(r.data, source=source))) for r in found}


def _asked(recipe: Recipe, steps: int | None, minutes: float | None, seed: int) -> Recipe:
    recipe = replace(recipe, seed=seed, steps=recipe.steps if steps is None else steps)
    return validate(recipe if minutes is None else replace(recipe, budget=minutes))
