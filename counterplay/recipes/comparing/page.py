"""The report of a comparison: one file that loads nothing."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counterplay.recipes.comparing.rows import AXES, Cell, Row, axis
from counterplay.recipes.comparing.trilemma import trilemma
from counterplay.run.style import STYLE

__all__ = ["BYSTANDERS", "page", "text"]

BYSTANDERS = {
    "real": "real examples (half of the training part)",
    "copies": "copies of the training set",
}
"""Rows that are no games: what the figures come to without any."""

COLUMNS: dict[str, str] = {
    "quality": "precision",
    "distance": "Fréchet",
    "coverage": "coverage",
    "recall": "recall",
    "modes": "modes",
    "classes": "rarest class",
    "utility": "utility",
    "detection": "told apart",
    "columns": "pairs alike",
    "authenticity": "new",
    "likelihood": "bits per number",
}
"""Axis -> the head of its column. Columns that no row has are left out."""

EXPLAINED = {
    "quality": "precision: share of samples that lie among real examples",
    "distance": "Fréchet: distance between the two clouds of features, 0 is best",
    "coverage": "coverage: share of real examples that have a sample near them",
    "recall": "recall: share of real examples that lie among the samples",
    "modes": "modes: how many of the law's modes are hit",
    "classes": "rarest class: share of samples in the class that a judge sees least",
    "utility": "utility: how well a model that was fitted to samples predicts real rows",
    "detection": "told apart: how well a classifier tells samples from real rows; 0.5: not",
    "columns": "pairs alike: how alike pairs of columns depend on one another, 1 is best",
    "authenticity": "new: share of samples that are no copies of training examples",
    "likelihood": "bits per number: how surprised the model is by held-out examples, 0 is best",
}

PLAIN = {
    "samples_per_second_alone": "samples/s one by one",
    "samples_per_second": "samples/s at best",
    "steps_per_sample": "steps in a row",
    "parameters": "parameters",
    "trained_seconds": "training, s",
}

Others = Mapping[str, Mapping[str, Any]]


def text(rows: Sequence[Row], others: Others) -> str:
    """Return the tables as aligned plain text."""
    return "\n\n".join(_aligned(lines) for lines in (_cells(rows, others), _costs(rows)))


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    # A reason is as long as it is, and widens no column.
    short = [line for line in lines if not any(word.startswith("failed: ") for word in line)]
    widths = [max(len(line[i]) for line in short) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def page(
    title: str,
    about: Sequence[str],
    rows: Sequence[Row],
    others: Others,
    advice: Sequence[str],
    folder: Path,
    command: str,
) -> str:
    """Return the page.

    Args:
        title: the data's name.
        about: what was done, a sentence each.
        rows: the games.
        others: the figures of real examples and of copies.
        advice: what to pick and why.
        folder: of the comparison, where each training's pictures are.
        command: makes it again.
    """
    sections = [
        _section("What to pick", "".join(f"<p>{_e(line)}</p>" for line in advice)),
        _section("The figures", _table(_cells(rows, others)), _explained(rows)),
        _section("What they cost", _table(_costs(rows))),
        _section("Quality, coverage, speed", trilemma(rows)),
        _section("Samples", _pictures(rows, folder, "samples.png")),
        _section("Walks between latents", _pictures(rows, folder, "walk.png")),
        _section("What was done", f"<ul>{''.join(f'<li>{_e(a)}</li>' for a in about)}</ul>"),
        _section("Make it again", f"<pre>{_e(command)}</pre>"),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_e(title)} · Counterplay</title><style>{STYLE}</style></head>\n"
        f"<body><main><header><p class=brand>Counterplay comparison</p><h1>{_e(title)}</h1>"
        "</header>\n" + "\n".join(each for each in sections if each) + "\n</main></body></html>\n"
    )


def _e(words: object) -> str:
    return html.escape(str(words))


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{_e(title)}</h2>{''.join(parts)}</section>" if any(parts) else ""


def _asked(rows: Sequence[Row]) -> list[str]:
    return [name for name in COLUMNS if any(axis(row, name) is not None for row in rows)]


def _cells(rows: Sequence[Row], others: Others) -> list[list[str]]:
    """Return the lines of the table of figures, its head first, as words."""
    asked = _asked(rows)
    heads = [COLUMNS[name] for name in asked] or [""]  # no game was measured
    lines = [["game", *heads]]
    for row in rows:
        cells = [_value(axis(row, name)) for name in asked] or [""]
        lines.append([row.name, *(cells if row.seeds else _reason(row, len(heads)))])
    for name, found in others.items():
        lines.append([BYSTANDERS[name], *([_figure(found, each) for each in asked] or [""])])
    return lines


def _costs(rows: Sequence[Row]) -> list[list[str]]:
    """Return the lines of the table of speed and size, its head first, as words."""
    doctor = any(word for row in rows for word in row.verdicts)
    lines = [["game", *PLAIN.values(), *(["the doctor says"] if doctor else [])]]
    for row in rows:
        if "parameters" in row.cells:  # of a peer only its samples are known
            numbers = [_number(row.cells[name].value) for name in PLAIN]
            lines.append([row.name, *numbers, *([_verdict(row)] if doctor else [])])
    return lines


def _reason(row: Row, columns: int) -> list[str]:
    return [f"failed: {row.failed[0]}", *[""] * (columns - 1)]


def _verdict(row: Row) -> str:
    return "; ".join(dict.fromkeys(word for word in row.verdicts if word))


def _value(found: Cell | None) -> str:
    if found is None:
        return "–"
    half = (found.high - found.low) / 2
    return f"{_number(found.value)} ± {_number(half, 2)}" if half else _number(found.value)


def _figure(found: Mapping[str, Any], name: str) -> str:
    entry = next((found[m] for m in AXES[name] if m in found), None)
    return "–" if entry is None else _number(float(entry["value"]))


def _number(value: float, digits: int = 3) -> str:
    """Return a few significant digits, without an exponent.

    >>> _number(0.91234), _number(123456.0), _number(0.0123, 2)
    ('0.912', '123,456', '0.012')
    """
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def _table(lines: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{_e(word)}</th>" for word in lines[0])
    body = "".join(_tr(line) for line in lines[1:])
    return (
        f"<div class=scroll><table class=numbers><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _tr(line: Sequence[str]) -> str:
    if len(line) > 1 and line[1].startswith("failed: "):
        words = f"<div style='max-width: 52rem; white-space: normal'>{_e(line[1])}</div>"
        return f"<tr><th>{_e(line[0])}</th><td colspan={len(line) - 1}>{words}</td></tr>"
    cells = "".join(f"<td class=n>{_stacked(word)}</td>" for word in line[1:])
    return f"<tr><th>{_e(line[0])}</th>{cells}</tr>"


def _stacked(word: str) -> str:
    """Return a number with its interval below it, so that many columns fit a page."""
    value, mark, half = word.partition(" ± ")
    return f"{_e(value)}<br><small>± {_e(half)}</small>" if mark else _e(word)


def _explained(rows: Sequence[Row]) -> str:
    lines = [EXPLAINED[name] for name in _asked(rows)]
    several = any(row.seeds > 1 for row in rows)
    lines.append(
        "± is half an interval of 95 %: over the seeds, and at least that over the examples"
        if several
        else "± is half an interval of 95 % over the examples; one seed was trained"
    )
    kinds = {c.about for row in rows if (c := axis(row, "likelihood")) is not None}
    lines += [
        f"{row.name}: {c.about}" for row in rows if (c := axis(row, "likelihood")) is not None
    ]
    if len({"discrete" in kind for kind in kinds}) > 1:
        lines.append("masses (discrete) and densities (continuous) are not comparable")
    return f"<ul>{''.join(f'<li>{_e(line)}</li>' for line in lines)}</ul>"


def _pictures(rows: Sequence[Row], folder: Path, name: str) -> str:
    found = []
    for row in rows:
        path = next(folder.glob(f"{row.name}-[0-9]*/{name}"), None)
        if path is not None:
            found.append(_image(path, row.name))
    real = folder / "real.png"
    if found and name == "samples.png" and real.is_file():
        found.insert(0, _image(real, "real examples"))
    return f'<div class="charts">{"".join(found)}</div>' if found else ""


def _image(path: Path, caption: str) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    return (
        f'<figure><img alt="{_e(caption)}" src="data:image/png;base64,{data}">'
        f"<figcaption>{_e(caption)}</figcaption></figure>"
    )
