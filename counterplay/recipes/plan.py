"""What is to be run, decided: the data opened, the recipe chosen, every open field resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from counterplay.errors import UserError
from counterplay.recipes.check import validate
from counterplay.recipes.choose import choose
from counterplay.recipes.device import precise
from counterplay.recipes.schema import Data, Recipe
from counterplay.recipes.text import to_plain

if TYPE_CHECKING:
    import torch

    from counterplay.data import Source

__all__ = ["Plan", "brief", "new_folder", "open_data", "plan"]


@dataclass(frozen=True)
class Plan:
    """A run that is ready to begin.

    Attributes:
        recipe: complete: no field is left to be chosen.
        source: its data, opened.
        reason: why this recipe, in a few words; empty when it was named.
        share: how often each class occurs, for a conditional game; else empty.
        notes: what was decided differently from the recipe.
    """

    recipe: Recipe
    source: Source
    reason: str
    share: tuple[float, ...]
    notes: tuple[str, ...] = ()


def plan(
    drafts: Mapping[str, Recipe],
    device: torch.device,
    *,
    what: Any = None,
    labels: Any = None,
    shrink: bool = False,
) -> Plan:
    """Open the data, choose among ``drafts`` and resolve what the recipe leaves open.

    Args:
        drafts: recipe's name -> recipe. With one there is nothing to choose.
        device: where it will run, which decides ``precision: auto``.
        what: data that are not a name or a path; by default the recipe's own.
        labels: for :func:`counterplay.data.load`; by default the recipe's own.
        shrink: take a smaller batch where the data have fewer examples than one.

    Raises:
        UserError: when the data cannot be used, or do not fit the recipe.
    """
    first = next(iter(drafts.values()))
    source = open_data(first.data, what, labels)
    recipe, reason = _chosen(drafts, source)
    batch, notes = recipe.data.batch, ()
    if shrink:
        batch, notes = _affordable(batch, source)
    source.check_batch(batch)
    own = {name: getattr(source.domain, name, None) for name in ("size", "length")}
    data = replace(recipe.data, batch=batch, **own)
    recipe = replace(recipe, data=data, precision=precise(recipe.precision, device))
    recipe, source = _few(recipe, source)
    return Plan(validate(recipe), source, reason, _share(recipe, source), notes)


def open_data(spec: Data, what: Any = None, labels: Any = None) -> Source:
    """Return the source that ``spec`` names, or that of ``what``.

    Raises:
        UserError: when the data cannot be used.
    """
    from counterplay.data import binarised, load

    if what is None and not spec.source:
        raise UserError("the data were in memory and have no name; say where they are, as DATA")
    found = labels if labels is not None else spec.labels
    chosen = spec.source if what is None else what
    options = {"drop": spec.drop, "types": spec.types, "length": spec.length}
    source = load(chosen, size=spec.size, labels=found, **options)
    return binarised(source, spec.binarise)


def _chosen(drafts: Mapping[str, Recipe], source: Source) -> tuple[Recipe, str]:
    if len(drafts) == 1:
        return next(iter(drafts.values())), ""
    name, reason = choose(source.domain, source.splits["train"], source.name)
    if name not in drafts:
        raise UserError(
            f"{reason}: the recipe '{name}' would be chosen, and it has not all of these options; "
            "--recipe names another"
        )
    return drafts[name], reason


def _affordable(batch: int, source: Source) -> tuple[int, tuple[str, ...]]:
    """Return a batch that the training part can fill, and a note where it is a smaller one."""
    train = source.splits["train"]
    most = 1 << max(0, train.bit_length() - 1)
    if batch <= most:
        return batch, ()
    return most, (f"a batch of {most} in the place of {batch}: there are {train} to train on",)


def _few(recipe: Recipe, source: Source) -> tuple[Recipe, Source]:
    """Hide all labels but a few from a game that learns from few, and say which draw it was."""
    from counterplay.data.few_labels import few_labels

    spec, wanted = recipe.data, getattr(recipe.game, "triples", False)
    if spec.few is None and wanted:
        raise UserError(
            f"the recipe '{recipe.name}' learns from few labels: --data.few says of how many "
            "examples of each class"
        )
    if spec.few is None:
        return recipe, source
    if not wanted:
        raise UserError(
            f"--data.few {spec.few}: the recipe '{recipe.name}' does not learn from few labels; "
            "--recipe ssl-mnist does"
        )
    draw = recipe.seed if spec.draw is None else spec.draw
    return replace(recipe, data=replace(spec, draw=draw)), few_labels(source, spec.few, draw)


SEEN = 10_000
"""Training examples among which classes are counted."""


def _share(recipe: Recipe, source: Source) -> tuple[float, ...]:
    """Return the share of each class, so that samples are drawn as the data are."""
    if not getattr(recipe.game, "conditional", False) or len(source.domain.classes) < 2:
        return ()
    import torch

    labels = source.examples("train", SEEN).y
    if labels is None:
        return ()
    counts = torch.bincount(labels, minlength=len(source.domain.classes))
    return tuple((counts / counts.sum()).tolist())


def brief(recipe: Recipe) -> str:
    """Return the whole recipe on a few lines: one for each group, one for the rest."""
    plain = to_plain(recipe)
    groups = {key: value for key, value in plain.items() if isinstance(value, dict)}
    rest = {key: value for key, value in plain.items() if key not in groups}
    return "\n".join(f"  {key}: {_flow(value)}" for key, value in [*groups.items(), ("run", rest)])


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10**6)
    return text.strip().removesuffix("...").strip().removeprefix("{").removesuffix("}")


def new_folder(recipe: Recipe, under: Path = Path("runs")) -> Path:
    """Return a folder that is free: ``runs/DATA-RECIPE``, numbered when it is taken."""
    data = Path(recipe.data.source).name.split(".")[0] or "data"
    words = [data] if recipe.name == data else [data, recipe.name]
    name = "-".join("".join(c if c.isalnum() or c in "-_" else "-" for c in w) for w in words)
    taken = (under / name, *(under / f"{name}-{i}" for i in range(2, 10_000)))
    return next(path for path in taken if not path.exists())
