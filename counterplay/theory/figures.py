"""How the theory's pictures look and are written: one style, no window, no global state.

matplotlib is the extra ``plot``, and only this file and the topics' own ``figure`` functions, when
they are called, import it. Nothing here touches pyplot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from counterplay.errors import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

    from counterplay.theory.item import Item

__all__ = ["BLUE", "ENDINGS", "GREEN", "GREY", "OCHRE", "PURPLE", "RED", "TEAL", "draw", "save"]

RED, BLUE, GREEN = "#c8452b", "#2f6db3", "#2f8f5b"
OCHRE, PURPLE, TEAL, GREY = "#b07a12", "#7a4fb5", "#0d8a95", "#67707c"
"""The colours of the reports' curves. The data are blue, the generator red, the critic green."""

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": "#1f2328",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e5e8",
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "image.cmap": "cividis",
    "figure.facecolor": "white",
    "svg.hashsalt": "counterplay",
    "savefig.dpi": 120,
}

ENDINGS = (".png", ".svg", ".pdf", ".gif")
"""What a figure can be written as; ``.gif`` where it moves."""

FRAME_SECONDS = 0.1


def draw(paint: Callable[[Figure], None], size: tuple[float, float]) -> Figure:
    """Return a figure of ``size`` inches that ``paint`` has drawn on, in the house's style.

    Raises:
        UserError: when matplotlib is not installed.
    """
    _installed()
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    # Artists take their style from the context when they are made, so it covers the drawing.
    with rc_context(cast(Any, STYLE)):
        figure = Figure(figsize=size, layout="constrained")
        paint(figure)
    return figure


def save(item: Item, parameters: Any, path: Path) -> None:
    """Write the item's figure as the ending of ``path`` says; byte for byte the same each time.

    Raises:
        UserError: for an ending that is not known, a ``.gif`` of what does not move, a folder that
            is not there, or matplotlib missing.
    """
    writable(item, path)
    if path.suffix == ".gif" and item.frames:
        _animate(item.frames(parameters), item.size, path)
        return
    figure = draw(lambda blank: item.figure(parameters, blank), item.size)
    from matplotlib import rc_context

    dates = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with rc_context(cast(Any, STYLE)):
        figure.savefig(path, metadata=dates.get(path.suffix, {"Software": None}))


def writable(item: Item, path: Path) -> None:
    """Refuse a path to which the item's figure cannot be written, before any computing.

    Raises:
        UserError: saying what would work.
    """
    if path.suffix not in ENDINGS:
        raise UserError(f"--out {path}: figures are written as {', '.join(ENDINGS)}")
    if path.suffix == ".gif" and item.frames is None:
        raise UserError(f"--out {path}: '{item.name}' does not move; write it as .png, .svg, .pdf")
    if not path.parent.is_dir():
        raise UserError(f"--out {path}: there is no folder {path.parent}")
    _installed()


def _installed() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UserError(
            "figures need matplotlib, which is not installed: pip install 'counterplay[plot]'"
        ) from None


def _animate(
    frames: Sequence[Callable[[Figure], None]], size: tuple[float, float], path: Path
) -> None:
    pictures = [_pixels(draw(paint, size)) for paint in frames]
    pictures[0].save(
        path,
        save_all=True,
        append_images=pictures[1:],
        duration=int(1000 * FRAME_SECONDS),
        loop=0,
    )


def _pixels(figure: Figure) -> Image:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    with rc_context(cast(Any, STYLE)):
        canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
