"""The findings of the doctor, as a section of the report."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from counterplay.run.log import Record, records

__all__ = ["NAME", "found_in"]

NAME = "findings.jsonl"

WORDS = {"sick": "sick", "warning": "warning", "note": "note", "healthy": "healthy"}


def found_in(path: Path, image: Callable[[Path, str], str]) -> str:
    """Return what the run folder's findings say last, and the remedies that were tried.

    Args:
        path: the run folder.
        image: (path, caption) -> an embedded picture.
    """
    told = records(path / NAME)
    health = [r for r in told if "findings" in r]
    if not health:
        return ""
    found = "".join(_finding(f, path, image) for f in health[-1]["findings"])
    tried = [r for r in told if r.get("event") == "remedy"]
    return found + (_tried(tried) if tried else "")


def _finding(f: Mapping[str, Any], path: Path, image: Callable[[Path, str], str]) -> str:
    healthy = f["severity"] == "healthy"
    when = f"round {f['step']:,}" if healthy else f"since round {f['since']:,}"
    head = f"{f['name']} ({WORDS.get(f['severity'], '')}, {when})"
    seen = image(path / f["picture"], f"{f['name']}, samples") if f.get("picture") else ""
    return (
        f"<h3>{_text(head)}</h3><p>{_text(f['meaning'])}</p>"
        f"{_figures(f['figures'])}{_remedies(f['remedies'])}{seen}"
    )


def _figures(figures: Sequence[Mapping[str, Any]]) -> str:
    if not figures:
        return ""
    rows = "".join(
        f"<tr><th>{_text(f['signal'])}</th><td class=n><strong>{_number(f['value'])}</strong></td>"
        f"<td class=n>{_number(f.get('low'))}</td><td class=n>{_number(f.get('high'))}</td>"
        f"<td>{_text(f.get('basis') or '–')}</td></tr>"
        for f in figures
    )
    head = "".join(f"<th>{name}</th>" for name in ("signal", "seen", "from", "to", "normal by"))
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f"<div class=scroll><table>{body}</table></div>"


def _remedies(remedies: Sequence[Mapping[str, Any]]) -> str:
    items = "".join(
        f"<dt>{_text(r['why'])}</dt><dd><code>{_text(r['options'])}</code></dd>" for r in remedies
    )
    title = "<p>Try, the most promising first:</p>"
    return f"{title}<dl class=commands>{items}</dl>" if items else ""


def _tried(tried: Sequence[Record]) -> str:
    items = "".join(
        f"<li>round {r['at']:,}, {_text(r['finding'])}: back to round {r['step']:,} and on with "
        f"<code>{_text(r['options'])}</code></li>"
        for r in tried
    )
    return f"<h3>Remedies that were tried</h3><ul>{items}</ul>"


def _number(value: object) -> str:
    if not isinstance(value, int | float):
        return "–" if value is None else _text(value)
    return f"{value:.4g}"


def _text(value: object) -> str:
    return html.escape(str(value))
