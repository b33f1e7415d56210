"""``counterplay sample``: new examples from a run, as a picture, a file of numbers or a folder."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import tyro

from counterplay.commands.arguments import parse
from counterplay.commands.sample_sequences import drawn, file_of, folder_of, usual
from counterplay.commands.sample_tables import ENDINGS, write_table, write_vectors
from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from counterplay.data.domain import Table
    from counterplay.recipes.samples import Sampler

__all__ = ["FORMATS", "main"]


@dataclass(frozen=True)
class Arguments:
    """Draw new examples from a run.

    The ending of --out says what is written: .png a picture of them all, .npz or .npy the numbers
    (pictures as uint8 (N, C, H, W), tables in their own units), .csv a table, .wav and .txt sounds
    and texts one after the other, and no ending a folder with one .png for each picture, one .wav
    for each sound, in a folder for each class where there are any.
    """

    run: tyro.conf.Positional[Path]
    """Run folder."""
    n: Annotated[int, tyro.conf.arg(aliases=("-n",))] = 64
    """How many."""
    out: Path = Path("samples.*")
    """Where to; a star is .png, for text .txt, for sound a folder."""
    class_: Annotated[str | None, tyro.conf.arg(name="class")] = None
    """Class by name, where the game was shown classes, or by number where it found some by itself
    (InfoGAN); without it, as often as in the data."""
    where: tuple[str, ...] = ()
    """Columns of a table and what they are to hold, as job=nurse or age=30..40: other rows are
    thrown away, and so the rest have the game's law given that."""
    seed: int = 0
    """The same seed draws the same samples."""
    checkpoint: str | None = None
    """last, best or a step; the one that the recipe ends with when it is not given."""
    raw: bool = False
    """Draw from the networks as they were played, not from the averaged ones."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""


def main(argv: Sequence[str]) -> int:
    """Draw, write, and say what was written."""
    given = parse(Arguments, argv, "sample")
    from counterplay.run import Run

    if given.out.suffix == ".*":
        given = replace(given, out=usual(given.out, Run.open(given.run).domain))
    write = _writer(given.out)
    Run.open(given.run)
    if given.n < 1:
        raise UserError(f"-n {given.n}: 1 or more samples can be drawn")
    if given.seed < 0:
        raise UserError(f"--seed {given.seed}: a whole number from 0 is needed")
    if given.where and given.out.suffix.lower() not in ENDINGS:
        raise UserError(f"--where is for files of tables ({', '.join(ENDINGS)}), not {given.out}")
    from counterplay.recipes.device import find
    from counterplay.recipes.opened import open_run

    opened = open_run(given.run, find(given.device), given.checkpoint, given.raw)
    write(opened.sampler, given)
    which = "averaged" if opened.ema else "unaveraged"
    for note in opened.notes:
        print(note)
    print(f"{given.n:,} samples of step {opened.step:,} ({which} networks): {given.out}")
    return 0


def _picture(sampler: Sampler, given: Arguments) -> None:
    from counterplay.run.files import write
    from counterplay.run.pictures import picture, png

    samples, classes = _drawn(sampler, given)
    if sampler.domain.kind == "sequence":
        write(given.out, png(drawn(samples, classes, sampler.domain)))
        return
    names = getattr(sampler.domain, "names", ())
    if sampler.domain.kind == "table":
        samples = cast("Table", sampler.domain).points(samples)
    write(given.out, png(picture(samples, names=names)))


def _npz(sampler: Sampler, given: Arguments) -> None:
    import numpy as np

    from counterplay.run.files import write

    samples, classes = _drawn(sampler, given)
    labels: dict[str, Any] = {} if classes is None else {"y": classes}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=samples, **labels)
    write(given.out, buffer.getvalue())


def _npy(sampler: Sampler, given: Arguments) -> None:
    import numpy as np

    from counterplay.run.files import write

    buffer = io.BytesIO()
    np.save(buffer, _drawn(sampler, given)[0], allow_pickle=False)
    write(given.out, buffer.getvalue())


def _csv(sampler: Sampler, given: Arguments) -> None:

    domain: Any = sampler.domain
    if domain.kind == "table" or given.where:
        if given.class_ is not None:
            raise UserError(
                f"--class {given.class_}: a game on a table is shown no classes; "
                "--where COLUMN=VALUE asks for rows that hold it"
            )
        write_table(sampler, given.out, given.n, given.seed, given.where)
        return
    if domain.kind != "vector":
        raise UserError(
            f"--out {given.out}: pictures do not fit a table; .png, .npz or a folder do"
        )
    samples, classes = _drawn(sampler, given)
    write_vectors(sampler, samples, classes, given.out)


def _folder(sampler: Sampler, given: Arguments) -> None:
    from counterplay.run.files import telling
    from counterplay.run.pictures import png

    if sampler.domain.kind == "sequence":
        folder_of(given.out, *_drawn(sampler, given), sampler.domain)
        return
    if sampler.domain.kind != "image":
        raise UserError(f"--out {given.out}: a folder is for pictures; .csv or .npz fit a table")
    samples, classes = _drawn(sampler, given)
    folders = [_safe(name) for name in sampler.names]
    with telling(given.out), _whole(given.out) as top:
        for i, pixels in enumerate(samples):
            folder = top if classes is None else top / folders[classes[i]]
            folder.mkdir(exist_ok=True)
            (folder / f"{i:06d}.png").write_bytes(png(_image(pixels)))


def _sequences(sampler: Sampler, given: Arguments) -> None:
    file_of(given.out, _drawn(sampler, given)[0], sampler.domain)


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the name of ``folder`` once it is full."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.replace(folder)  # an empty folder gives way
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


FORMATS: dict[str, Callable[[Sampler, Arguments], None]] = {
    ".png": _picture,
    ".npz": _npz,
    ".npy": _npy,
    **dict.fromkeys(ENDINGS, _csv),
    ".wav": _sequences,
    ".txt": _sequences,
    "": _folder,
}
"""The ending of --out -> how it is written."""


def _writer(out: Path) -> Callable[[Sampler, Arguments], None]:
    """Return how ``out`` is written, after a look at whether it can be."""
    ending = out.suffix.lower()
    if ending not in FORMATS:
        known = ", ".join(f for f in FORMATS if f)
        raise UserError(f"--out {out}: samples are written as {known} or into a folder")
    if ending and out.is_dir():
        raise UserError(f"--out {out}: a folder stands there; name a file")
    if ending and not out.parent.is_dir():
        raise UserError(f"--out {out}: there is no folder {out.parent}")
    if not ending and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"--out {out}: something is there already; name a new folder")
    return FORMATS[ending]


def _drawn(sampler: Sampler, given: Arguments) -> tuple[np.ndarray, np.ndarray | None]:
    """Return samples in the data's own form, and their classes where the game knows any."""
    return sampler.drawn(given.n, given.class_, given.seed)


def _image(pixels: np.ndarray) -> Image.Image:
    """Return one picture (C, H, W) at its own size."""
    import numpy as np
    from PIL import Image

    grey = len(pixels) == 1
    return Image.fromarray(np.ascontiguousarray(pixels[0] if grey else pixels.transpose(1, 2, 0)))


def _safe(name: str) -> str:
    """Return a class's name as the name of a folder."""
    plain = "".join(c if c.isalnum() or c in " -_.+" else "_" for c in name).strip(" .")
    return plain or "_"
