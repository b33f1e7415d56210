"""``counterplay train``: the recipe is found, overridden and checked before torch is imported."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from counterplay.commands.arguments import parse
from counterplay.commands.options import arities, read_ahead, spelled_out
from counterplay.data import is_known
from counterplay.data.missing import missing
from counterplay.errors import UserError
from counterplay.recipes import RECIPES, Recipe, build, named, read, validate, write
from counterplay.recipes.changes import changes
from counterplay.recipes.choose import candidates
from counterplay.recipes.idle import refuse_idle
from counterplay.recipes.opened import stored_recipe
from counterplay.recipes.plan import new_folder, plan

if TYPE_CHECKING:
    from counterplay.recipes.plan import Plan
    from counterplay.recipes.session import Outcome, Place

__all__ = ["Arguments", "Request", "main", "request"]

SHORT = {
    "--batch": "--data.batch",
    "--size": "--data.size",
    "--dynamics": "--dynamics.rule",
}
"""Short spellings of what is asked for most."""

CODES = {"Ctrl-C": 130, "SIGTERM": 143, "finding": 1}
"""What the process ends with, by the reason; 0 for every other."""

ENDINGS = {
    "finished": "finished",
    "budget": "the minutes of the budget are over",
    "patience": "no better on the validation part any more,",
    "Ctrl-C": "stopped by Ctrl-C, saved",
    "SIGTERM": "stopped by SIGTERM, saved",
    "finding": "stopped, since something is sick (see counterplay diagnose), saved",
}

MORE = {"sequence": "-n 4", "table": "-n 100 --out samples.csv"}
"""By the kind of data, how more is drawn; pictures and points: a hundred in one picture."""

NONE = "say what to train on: a data name, a path or a recipe, such as: counterplay train digits"


@dataclass(frozen=True)
class Arguments:
    """Train on DATA (a known name or a path) or by a RECIPE, or go on with a run.

    The recipe comes first, then the --config file, then the options below: each overrides the
    ones before it. --batch, --size and --dynamics are short for --data.batch, --data.size and
    --dynamics.rule. `counterplay list` shows the recipes and the data that have names.
    """

    what: Annotated[
        tyro.conf.Positional[str | None], tyro.conf.arg(metavar="[DATA|RECIPE]", name="what")
    ] = None
    """Data name, path or recipe."""
    recipe: str | None = None
    """Recipe for DATA; chosen by the kind of data when it is not given."""
    config: Path | None = None
    """YAML file of a whole recipe, or of the fields to change."""
    resume: Path | None = None
    """Run folder to go on with."""
    out: Path | None = None
    """Run folder to make; by default runs/NAME-DATA, numbered when that is taken."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute; auto takes a GPU when there is one."""
    tracker: Literal["none", "tensorboard", "wandb", "trackio"] = "none"
    """A second place for the numbers, beside the run folder."""
    doctor_every: int = 100
    """Rounds between the doctor's check-ups, which change nothing of the training; 0: none."""
    on_finding: Literal["warn", "stop", "remedy"] = "warn"
    """When something is sick: say so, stop, or go back to where it was healthy and mend it."""
    quiet: bool = False
    """Print nothing but errors and the last lines."""
    dry_run: bool = False
    """Print the resolved recipe as YAML and stop."""
    fields: Annotated[Recipe, tyro.conf.arg(name="")] = field(default_factory=lambda: Recipe("run"))


@dataclass(frozen=True)
class Request:
    """What a command line asks for.

    Attributes:
        arguments: everything but the recipe's own fields.
        drafts: the recipe, resolved; several where the data, once opened, will choose.
        chosen: whether the recipe was named and there is nothing to choose.
        shrink: whether nobody asked for a batch, so that few examples may make it smaller.
    """

    arguments: Arguments
    drafts: dict[str, Recipe]
    chosen: bool
    shrink: bool = False


def main(argv: Sequence[str]) -> int:
    """Train; return 0, or 130 and 143 when Ctrl-C and SIGTERM ended it early."""
    asked = request(argv)
    given = asked.arguments
    from counterplay.recipes.session import joined
    from counterplay.run import vacant

    if given.resume is None and given.out is not None:
        vacant(given.out)

    if given.doctor_every < 0:
        raise UserError(f"--doctor-every {given.doctor_every}: a whole number of rounds, 0 is none")
    if given.on_finding != "warn" and not given.doctor_every:
        raise UserError(f"--on-finding {given.on_finding} needs the doctor; drop --doctor-every 0")
    with joined(given.device) as place:
        found = plan(asked.drafts, place.device, shrink=asked.shrink)
        if given.dry_run:
            build.game(found.recipe, found.source.domain, found.share)  # or say why it cannot be
            print(write(found.recipe), end="")
            return 0
        outcome = _trained(asked, found, place)
        if place.world.leads:
            print(_ending(outcome), flush=True)
    return CODES.get(outcome.reason, 0)


def _trained(asked: Request, found: Plan, place: Place) -> Outcome:
    from counterplay.recipes.session import Watch, go_on, start
    from counterplay.run import Run

    given = asked.arguments
    talks = place.world.leads and not given.quiet
    say = print if talks else _unsaid
    say(_beginning(found))
    trackers = () if given.tracker == "none" else (given.tracker,)
    doctor = {"doctor_every": given.doctor_every, "on_finding": given.on_finding}
    watch = Watch(say, trackers, silent=given.quiet, **doctor)
    folder = given.resume or given.out or new_folder(found.recipe)
    say(f"run folder: {folder}")
    if given.resume is not None:
        return go_on(found, Run.open(folder), stored(folder), place, watch)
    return start(found, folder, place, watch)


def _unsaid(line: str) -> None:
    """Say nothing: quiet was asked for, or another process speaks."""


def _beginning(found: Plan) -> str:
    source, recipe = found.source, found.recipe
    why = f" ({found.reason})" if found.reason else ""
    notes, less = ("".join(f"\n  {note}" for note in each) for each in (source.notes, found.notes))
    return f"data: {source.name}{notes}\nrecipe: {recipe.name}{why}{less}"


def _ending(outcome: Outcome) -> str:
    """Return the metrics and the paths, and how to sample from the run and to go on with it."""
    path, step = outcome.run.path, outcome.step
    where = shlex.quote(str(path))
    lines = [f"{ENDINGS.get(outcome.reason, outcome.reason)} after {step:,} rounds"]
    if outcome.figures:
        from counterplay.metrics import text

        lines = [text(outcome.figures), "", *lines]
    rows = {
        "run folder": path,
        "samples": outcome.picture,
        "report": path / "report.html",
        "draw more": f"counterplay sample {where} {_few(outcome)}",
        "go on": _command(where, outcome),
    }
    return "\n".join([*lines, *(f"  {name:10}  {value}" for name, value in rows.items() if value)])


def _few(outcome: Outcome) -> str:
    return MORE.get(outcome.sampler.domain.kind, "-n 100 --out samples.png")


def _command(where: str, outcome: Outcome) -> str:
    recipe = outcome.plan.recipe
    if recipe.decay and outcome.step >= recipe.steps:
        return ""  # its learning rates have come to their end
    more = "" if outcome.step < recipe.steps else f" --steps {2 * recipe.steps}"
    minutes = recipe.budget if outcome.reason == "budget" else None
    longer = f" --budget {2 * minutes:g}" if minutes else ""
    return f"counterplay train --resume {where}{more}{longer}"


def request(argv: Sequence[str]) -> Request:
    """Read a command line, without torch.

    Raises:
        UserError: for an unknown option, recipe, name or path, and a value that cannot be.
    """
    words = spelled_out(argv, SHORT)
    if any(word in ("-h", "--help") for word in words):
        words = [word for word in words if not word.startswith("-")][:1]
        parse(Arguments, ["--help"], "train", Arguments(fields=_shown(words)))
    free, given = read_ahead(words, arities(Arguments))
    if len(free) > 1:
        raise UserError(f"train takes one DATA or RECIPE, not {' and '.join(free)}")
    bases = _bases(free[0] if free else None, given)
    drafts, errors = {}, []
    for name, base in bases.items():
        try:
            drafts[name] = _parsed(words, given, base)
        except UserError as error:
            errors.append(error)
    if not drafts:
        raise errors[0]
    fields = {name: arguments.fields for name, arguments in drafts.items()}
    if "--resume" in given:
        for recipe in fields.values():
            changes(stored(given["--resume"][0]), recipe)
    asked = {"--data.batch", "--config", "--resume"} & set(given)
    return Request(next(iter(drafts.values())), fields, len(bases) == 1, not asked)


def stored(run: str | Path) -> Recipe:
    """Return the recipe of the run folder ``run``."""
    from counterplay.run import Run  # beside tyro it is what takes longest to import

    return stored_recipe(Run.open(run))


def _parsed(words: list[str], given: Iterable[str], base: Recipe) -> Arguments:
    default = Arguments(fields=base)
    own = arities(Arguments, value=default)
    for name in given:
        if name not in own:
            raise UserError(f"the recipe '{base.name}' has no {name}; --recipe chooses another")
    arguments = parse(Arguments, words, "train", default)
    validate(arguments.fields)
    refuse_idle(arguments.fields, given)
    return arguments


def _bases(what: str | None, given: dict[str, list[str]]) -> dict[str, Recipe]:
    """Return the recipes that the command line may start from, configuration included."""
    overlay = _overlay(given.get("--config", [None])[0])
    if "--resume" in given:
        kept = stored(given["--resume"][0])
        _same_run(given, kept)
        changed = _on(overlay(kept), what)
        changes(kept, changed)
        return {kept.name: changed}
    if "--recipe" in given:
        name = given["--recipe"][0]
        return {name: _ready(_on(overlay(named(name)), what))}
    if what is None:
        return {"": _ready(overlay(None))}
    if is_known(what):
        return {name: _on(overlay(named(name)), what) for name in candidates(what)}
    if what in RECIPES:
        return {what: _ready(overlay(named(what)))}
    raise UserError(missing(what, RECIPES))


def _same_run(given: dict[str, list[str]], kept: Recipe) -> None:
    """Refuse options by which a run would go on elsewhere, or as another."""
    run = given["--resume"][0]
    out, recipe = (given.get(option, [None])[0] for option in ("--out", "--recipe"))
    if out is not None and Path(out).resolve() != Path(run).resolve():
        raise UserError(f"--resume {run} goes on in that folder; leave --out {out} out")
    if recipe is not None and recipe != kept.name:
        raise UserError(
            f"--resume {run} goes on by its own recipe '{kept.name}'; --recipe {recipe} takes a "
            "new run"
        )


def _overlay(path: str | None) -> Callable[[Recipe | None], Recipe]:
    """Return what a configuration file does to a recipe; no file leaves it as it is."""
    if path is None:
        return _as_it_is
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"--config {path}: cannot be read ({_reason(error)})") from None

    def overlay(base: Recipe | None) -> Recipe:
        try:
            return read(text, base)
        except UserError as error:
            raise UserError(f"{path}: {error}") from None

    return overlay


def _as_it_is(base: Recipe | None) -> Recipe:
    if base is None:
        raise UserError(NONE)
    return base


def _on(recipe: Recipe, source: str | None) -> Recipe:
    return recipe if source is None else replace(recipe, data=replace(recipe.data, source=source))


def _ready(recipe: Recipe) -> Recipe:
    if recipe.data.source:
        return recipe
    raise UserError(
        f"the recipe '{recipe.name}' has no data of its own; "
        f"name yours: counterplay train DATA --recipe {recipe.name}"
    )


def _shown(words: list[str]) -> Recipe:
    """Return the recipe whose defaults the help shows."""
    name = next((word for word in words if word in RECIPES), "digits")
    return named(name)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "not text in UTF-8")
