"""A run folder, opened to sample from it and to measure it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import build
from counterplay.recipes.plan import open_data
from counterplay.recipes.samples import Sampler
from counterplay.recipes.schema import Recipe
from counterplay.recipes.text import read

if TYPE_CHECKING:
    import torch

    from counterplay.data import Domain, Source
    from counterplay.run import Checkpoint, Run

__all__ = ["Opened", "held_against", "open_run", "stored_recipe"]


@dataclass(frozen=True)
class Opened:
    """A run at one of its checkpoints.

    Attributes:
        run: its folder.
        recipe: by which it was trained.
        sampler: draws from it.
        step: rounds finished at that checkpoint.
        ema: whether the networks are the averaged ones.
        notes: what a person should hear about the checkpoint.
    """

    run: Run
    recipe: Recipe
    sampler: Sampler
    step: int
    ema: bool
    notes: tuple[str, ...]


def open_run(
    path: Path, device: torch.device, checkpoint: str | None = None, raw: bool = False
) -> Opened:
    """Open the run at ``path``.

    Args:
        path: the run folder.
        device: where its networks go.
        checkpoint: "last", "best", or a step; ``None``: the one that the recipe ends with.
        raw: take the networks as they were played, not the averaged ones.

    Raises:
        UserError: when there is no run, no such checkpoint, or it does not fit the recipe.
    """
    from counterplay.data import from_json
    from counterplay.run import Run
    from counterplay.train import Ema, State

    run = Run.open(path)
    recipe = stored_recipe(run)
    about = run.domain
    share = tuple(about.pop("share", ()))
    about.pop("fingerprint", None)
    domain = from_json(about)
    found, notes = _checkpoint(run, checkpoint or _settled(run, recipe))
    game = build.game(recipe, domain, share).to(device)
    state = State(game, ema=Ema(recipe.ema) if recipe.ema else None)
    state.load(found.tensors, found.scalars)
    averaged = recipe.ema > 0 and not raw
    sampler = Sampler(state.best if averaged else state.game, domain, share)
    return Opened(run, recipe, sampler, found.step, averaged, notes)


def stored_recipe(run: Run) -> Recipe:
    """Return the recipe of a run folder."""
    try:
        return read(run.recipe_yaml)
    except UserError as error:
        raise UserError(f"{run.path / 'recipe.yaml'}: {error}") from None


def held_against(opened: Opened, data: str | None) -> tuple[Source, tuple[str, ...]]:
    """Return the data to measure a run against, encoded as its networks saw theirs, and notes.

    Args:
        opened: the run.
        data: a name or path; the run's own data when ``None``.

    Raises:
        UserError: when the data have another shape.
    """
    spec = opened.recipe.data
    if data is None and not spec.source:
        raise UserError("this run was trained on data in memory; name data with --data")
    source = open_data(spec if data is None else replace(spec, source=data))
    own: Any = opened.sampler.domain
    if source.domain.kind != own.kind or (own.kind != "table" and source.domain.shape != own.shape):
        raise UserError(
            f"the run makes {_words(own)}, '{source.name}' has {_words(source.domain)}; "
            "name other data with --data"
        )
    before = opened.run.domain.get("fingerprint")
    notes = () if source.fingerprint == before else (f"not the run's own data: {source.name}",)
    if own.kind == "table":
        from counterplay.data.cells import like

        return like(source, own), notes
    return replace(source, domain=_scaled(source.domain, own)), notes


def _scaled(domain: Any, own: Any) -> Domain:
    """Return ``domain`` with the scaling that the run's networks know."""
    if getattr(domain, "symbols", "") != getattr(own, "symbols", ""):
        raise UserError("these data have other characters than the run's own; name others")
    return replace(domain, mean=own.mean, std=own.std) if domain.kind == "vector" else domain


def _settled(run: Run, recipe: Recipe) -> str:
    ranked = recipe.finish == "best" and run.best() is not None
    return "best" if ranked else "last"


def _checkpoint(run: Run, which: str) -> tuple[Checkpoint, tuple[str, ...]]:
    from counterplay.run import checkpoint

    there = checkpoint.steps(run.checkpoints)
    if which == "last":
        found, notes = run.latest_good()
    elif which == "best":
        found, notes = run.best(), ()
    elif which.isdigit():
        notes, found = (), checkpoint.read(there[int(which)]) if int(which) in there else None
    else:
        raise UserError(f"--checkpoint {which}: say last, best or a step")
    if found is not None:
        return found, notes
    if which == "best":
        raise UserError(f"{run.path}: no checkpoint was ranked; --checkpoint last works")
    if not there:
        raise UserError(f"{run.path} has no checkpoint yet; it is written while it trains")
    steps = ", ".join(map(str, there))
    raise UserError(f"--checkpoint {which}: this run has checkpoints of steps {steps}")


def _words(domain: Domain) -> str:
    shape = "x".join(map(str, domain.shape))
    words = {"image": f"pictures {shape}", "sequence": f"sequences of {shape} steps"}
    return words.get(domain.kind, f"rows of {shape} numbers")
