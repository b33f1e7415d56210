"""``counterplay latent``: pictures of what lies among a run's latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from counterplay.commands.arguments import parse
from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image
    from torch import Tensor

    from counterplay.latents import Renders
    from counterplay.latents.paths import Way
    from counterplay.recipes.opened import Opened

__all__ = ["TOOLS", "main"]

LOOKED_AT = 30_000_000
"""Numbers of training examples, at most, among which neighbours are looked for."""


@dataclass(frozen=True)
class Arguments:
    """Walk among the latents of a run, and draw what is there.

    sheet shows latents by their seeds; interpolate draws a path from each seed to the next;
    arithmetic draws mean(A) - mean(B) + mean(C), of the seeds of three sets of pictures (look for
    them on a sheet); truncation draws samples nearer and nearer to the typical one; neighbours
    draws samples beside the training examples nearest to them, in pixels and in features; invert
    looks for the latents of examples that were held out, and draws what they make beside them.
    """

    run: tyro.conf.Positional[Path]
    """Run folder."""
    what: tyro.conf.Positional[
        Literal["sheet", "interpolate", "arithmetic", "truncation", "neighbours", "invert"]
    ]
    """What to draw."""
    out: Path = Path("latent.png")
    """Where to; a .png."""
    seeds: tuple[int, ...] = ()
    """Latents by their seeds; 0, 1, 2, ... where they are not given."""
    a: tuple[int, ...] = ()
    """arithmetic: seeds of examples that have the one thing and the other."""
    b: tuple[int, ...] = ()
    """arithmetic: seeds of examples that have the thing to take away."""
    c: tuple[int, ...] = ()
    """arithmetic: seeds of examples that have the thing to put in its place."""
    steps: int = 8
    """interpolate: pictures from one seed to the next; neighbours: how many for each sample."""
    values: tuple[float, ...] = ()
    """truncation: thresholds of |z|, or psi of a generator by styles."""
    class_: Annotated[str | None, tyro.conf.arg(name="class")] = None
    """Class by name, where the game was shown classes; without it the first."""
    spherical: bool = True
    """Go along the way that the latents ask for, such as the arc; without, along the line."""
    examples: int = 10
    """invert: of how many."""
    data: str | None = None
    """neighbours, invert: data name or path; the run's own when it is not given."""
    checkpoint: str | None = None
    """last, best or a step; the one that the recipe ends with when it is not given."""
    raw: bool = False
    """Draw from the networks as they were played, not from the averaged ones."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""


LOOKS_AT: dict[str, tuple[str, ...]] = {
    "sheet": ("seeds",),
    "interpolate": ("seeds", "steps", "spherical"),
    "arithmetic": ("a", "b", "c"),
    "truncation": ("values",),
    "neighbours": ("seeds", "steps", "data"),
    "invert": ("examples", "data"),
}
"""What to draw -> the options it looks at, beside those of all."""


@dataclass(frozen=True)
class Tool:
    """What a tool is given: the arguments, the run, and its game as one that renders."""

    given: Arguments
    opened: Opened
    game: Renders
    label: int | None

    def pictures(self, z: Tensor) -> np.ndarray:
        """Return the examples of latents, in the data's own form."""
        from counterplay.latents import shown

        return self.decoded(shown(self.game, z, self.label))

    def synthesised(self, w: Tensor) -> np.ndarray:
        """Return the examples of styles, likewise."""
        game: Any = self.game
        return self.decoded(game.synthesise(w))

    def decoded(self, x: Tensor) -> np.ndarray:
        """Return examples in the data's own form."""
        return self.opened.sampler.domain.decode(x).cpu().numpy()

    def latents(self, seeds: Sequence[int]) -> Tensor:
        """Return the latents of seeds."""
        from counterplay.latents import numbered

        return numbered(self.game.latent, seeds)


def main(argv: Sequence[str]) -> int:
    """Draw, write, and say what was drawn."""
    given = parse(Arguments, argv, "latent")
    from counterplay.run import Run

    _check(given)
    Run.open(given.run)
    from counterplay.latents.powers import renders
    from counterplay.recipes.device import find
    from counterplay.recipes.opened import open_run
    from counterplay.run.files import write
    from counterplay.run.pictures import png

    opened = open_run(given.run, find(given.device), given.checkpoint, given.raw)
    if opened.sampler.domain.kind != "image":
        raise UserError(f"{given.run} makes rows of numbers; latents are shown of pictures")
    game = renders(opened.sampler.game)
    label = _label(opened, given.class_)
    picture, lines = TOOLS[given.what](Tool(given, opened, game, label))
    write(given.out, png(picture))
    if label is not None and given.class_ is None and given.what != "invert":
        lines = [
            *lines,
            f"all of class '{opened.sampler.domain.classes[label]}'; --class names one",
        ]
    print("\n".join([*opened.notes, *lines, f"{given.what} at step {opened.step:,}: {given.out}"]))
    return 0


def _check(given: Arguments) -> None:
    if given.out.suffix.lower() != ".png" or given.out.is_dir():
        raise UserError(f"--out {given.out}: name a .png file")
    if not given.out.parent.is_dir():
        raise UserError(f"--out {given.out}: there is no folder {given.out.parent}")
    if given.steps < 2:
        raise UserError(f"--steps {given.steps}: 2 or more are needed")
    if given.examples < 1:
        raise UserError(f"--examples {given.examples}: 1 or more are needed")
    _check_used(given)
    odd = [seed for seed in (*given.seeds, *given.a, *given.b, *given.c) if seed < 0]
    if odd:
        raise UserError(f"seed {odd[0]}: whole numbers from 0 are seeds")


def _check_used(given: Arguments) -> None:
    """Refuse options that the tool would not look at."""
    bare = Arguments(given.run, given.what)
    every = sorted({name for names in LOOKS_AT.values() for name in names})
    for name in every:
        if name not in LOOKS_AT[given.what] and getattr(given, name) != getattr(bare, name):
            flag = "--no-spherical" if name == "spherical" else f"--{name}"
            takers = [what for what, names in LOOKS_AT.items() if name in names]
            raise UserError(f"{flag}: {given.what} takes none; {' and '.join(takers)} would")


def _label(opened: Opened, named: str | None) -> int | None:
    """Return the class to draw, ``None`` for a game that knows none."""
    sampler = opened.sampler
    if not sampler.share and named is None:
        return None
    if not sampler.share and sampler.names:  # its networks are shown no class beside a latent
        raise UserError(
            "--class: this game's category is part of its latent; sample --class asks for one"
        )
    _, classes = sampler.encoded(1, named or 0)
    return None if classes is None else int(classes[0])


def _seeds(tool: Tool, default: int) -> list[int]:
    return list(tool.given.seeds) or list(range(default))


def _sheet(tool: Tool) -> tuple[Image.Image, list[str]]:
    seeds = _seeds(tool, 100)
    firsts = [str(seed) for seed in seeds[::10]]
    return _rows(tool.pictures(tool.latents(seeds)), firsts, [10] * len(firsts)), []


def _interpolate(tool: Tool) -> tuple[Image.Image, list[str]]:
    from counterplay.latents import Styled, path

    given, seeds = tool.given, _seeds(tool, 6)
    if len(seeds) < 2:
        raise UserError("--seeds: a path goes from one seed to another; give two or more")
    z, draw = tool.latents(seeds), tool.pictures
    how, said = _way(tool.game) if given.spherical else ("line", [])
    if isinstance(tool.game, Styled):
        z, draw = tool.game.styles(z), tool.synthesised
    points = path(z[:-1], z[1:], given.steps, how)
    rows = [f"{one} to {two}" for one, two in pairwise(seeds)]
    return _rows(draw(points.flatten(0, 1)), rows, [given.steps] * len(rows)), said


def _way(game: Renders) -> tuple[Way, list[str]]:
    """Return the path between the latents of a game, and what to say of it."""
    from counterplay.latents import Styled, lerp, slerp, way

    if isinstance(game, Styled):
        said = "along lines between styles, of which no length is more usual than another"
        return lerp, [said]
    found = way(game.latent)
    if found is slerp:
        return found, []
    if found is lerp:
        return found, ["along lines: the latents are not normal"]
    return found, ["each part of the latents along its own way; categories change half-way"]


NEAR = 9
"""Pictures around a sum."""


def _arithmetic(tool: Tool) -> tuple[Image.Image, list[str]]:
    import torch

    from counterplay.game import generator
    from counterplay.latents import analogy, jittered

    given = tool.given
    sets = {"A": given.a, "B": given.b, "C": given.c}
    empty = [name for name, seeds in sets.items() if not seeds]
    if empty:
        raise UserError(
            f"--{empty[0].lower()}: arithmetic takes the seeds of three sets, A - B + C; look at "
            f"them first: counterplay latent {given.run} sheet --out sheet.png"
        )
    parts = {name: tool.latents(seeds) for name, seeds in sets.items()}
    # As long as draws are, whatever their law.
    norm = float(torch.cat(list(parts.values())).norm(dim=1).mean())
    found = analogy(parts["A"], parts["B"], parts["C"], norm)
    near = jittered(found, NEAR, generator("near"))
    z = torch.cat([*parts.values(), near])
    return _rows(tool.pictures(z), [*sets, "A - B + C"], [*map(len, sets.values()), NEAR]), []


def _truncation(tool: Tool) -> tuple[Image.Image, list[str]]:
    import numpy as np

    from counterplay.latents import Styled, spread, sweep
    from counterplay.latents.truncation import PSI, THRESHOLDS

    styled = isinstance(tool.game, Styled)
    values = tool.given.values or (PSI if styled else THRESHOLDS)
    sign = "psi" if styled else "|z| <="
    shots = sweep(tool.game, values, 10, label=tool.label)
    names = [f"{sign} {value:g}" for value in values]
    decoded = np.concatenate([tool.decoded(each) for each in shots])
    picture = _rows(decoded, names, [10] * len(names))
    wide = sweep(tool.game, values, 512, label=tool.label)
    said = [f"{sign} {v:g}: spread {spread(x):.4f}" for v, x in zip(values, wide, strict=True)]
    return picture, said


def _neighbours(tool: Tool) -> tuple[Image.Image, list[str]]:
    import math

    import torch

    from counterplay.latents import nearest_examples, shown
    from counterplay.metrics import choose_features
    from counterplay.recipes.opened import held_against

    seeds = _seeds(tool, 10)
    source, notes = held_against(tool.opened, tool.given.data)
    most = max(tool.given.steps, LOOKED_AT // math.prod(source.domain.shape))
    train = source.examples("train", most).x
    samples = shown(tool.game, tool.latents(seeds), tool.label).cpu()
    features = choose_features(train)[0]
    kinds = {"pixels": None, features.name: features}
    found = [nearest_examples(samples, train, tool.given.steps, each) for each in kinds.values()]
    shots = [
        torch.cat([samples[i : i + 1], train[each.index[i]]])
        for i in range(len(seeds))
        for each in found
    ]
    names = [f"{seed}, {kind}" for seed in seeds for kind in kinds]
    said = (
        f"each row: the sample of a seed, then the nearest of {len(train):,} training examples, "
        f"in pixels and in {features.name} features"
    )
    lengths = [1 + tool.given.steps] * len(names)
    return _rows(tool.decoded(torch.cat(shots)), names, lengths), [*notes, said]


def _invert(tool: Tool) -> tuple[Image.Image, list[str]]:
    import torch

    from counterplay.latents import inverted
    from counterplay.recipes.opened import held_against

    source, notes = held_against(tool.opened, tool.given.data)
    split = next(name for name in ("test", "validation", "train") if source.splits.get(name))
    asked, own = source.examples(split, tool.given.examples)
    # A game that was shown classes makes an example only in its own, unless another is asked for.
    told = tool.label is not None and tool.given.class_ is None
    labels = [tool.label] * len(asked) if own is None or not told else own.tolist()
    made, errors = torch.empty_like(asked), torch.empty(2, len(asked))
    for label in set(labels):
        rows = torch.tensor([i for i, each in enumerate(labels) if each == label])
        found = inverted(tool.game, asked[rows], label=label)
        made[rows], errors[:, rows] = found.x.cpu(), torch.stack([found.error, found.start]).cpu()
    after, before = errors.mean(1).tolist()
    said = f"{split} examples: mean square error {after:.4f}, {before:.4f} where it began"
    picture = _rows(tool.decoded(torch.cat([asked, made])), ["asked", "found"], [len(asked)] * 2)
    return picture, [*notes, said]


def _rows(pictures: np.ndarray, names: Sequence[str], lengths: Sequence[int]) -> Image.Image:
    """Draw pictures (N, C, H, W), so many to each row, the last of which may be shorter."""
    from counterplay.run.pictures import grid

    rows = [row for row, length in enumerate(lengths) for _ in range(length)][: len(pictures)]
    return grid(pictures, labels=rows, classes=names)


TOOLS: dict[str, Callable[[Tool], tuple[Any, list[str]]]] = {
    "sheet": _sheet,
    "interpolate": _interpolate,
    "arithmetic": _arithmetic,
    "truncation": _truncation,
    "neighbours": _neighbours,
    "invert": _invert,
}
"""What to draw -> (tool) -> (picture, lines to print)."""
