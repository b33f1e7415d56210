"""``report.html``: one file that says what was trained, how it went and how good it is.

It loads nothing: styles, curves and pictures are in it. It shows in light and in dark.
"""

from __future__ import annotations

import base64
import html
import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.run.curves import Series, chart
from counterplay.run.findings import found_in
from counterplay.run.heard import heard
from counterplay.run.log import Record
from counterplay.run.progress import duration
from counterplay.run.style import STYLE

if TYPE_CHECKING:
    from counterplay.run.folder import Run

__all__ = ["report"]

_TABLE = ("metric", "samples", "real vs real", "interval", "generated", "real", "features", "split")
_POLICY = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'"


def report(run: Run) -> str:
    """Return the page for ``run`` as it stands."""
    records = run.records()
    recipe, environment = run.recipe, run.environment
    name = str(recipe.get("name") or run.path.resolve().name)
    sections = [
        _health(run.path),
        _samples(run.pictures(), run.path / "samples" / "real.png"),
        _section("To hear and to read", heard(run.path / "samples")),
        _metrics(records),
        _curves(records),
        _commands(run.path, environment),
        _data(run.domain, _facts(records)),
        _recipe(run.recipe_yaml),
        _course(records),
        _environment(environment),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(name)} · Counterplay</title><style>{STYLE}</style></head>\n"
        f"<body><main><header><p class=brand>Counterplay run</p><h1>{_text(name)}</h1>"
        f"{_status(records, recipe, environment)}</header>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main></body></html>\n"
    )


def _text(value: object) -> str:
    return html.escape(str(value))


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{''.join(parts)}</section>" if any(parts) else ""


def _events(records: Iterable[Record], name: str) -> list[Record]:
    return [r for r in records if r.get("event") == name]


def _facts(records: Sequence[Record]) -> dict[str, Any]:
    """Return what was said about the data when the run last began."""
    known = ("event", "step", "time", "images", "at", "command", "environment")
    begun = [r for r in records if r.get("event") in ("start", "resume")]
    return {k: v for r in begun for k, v in r.items() if k not in known}


def _status(
    records: Sequence[Record], recipe: Mapping[str, Any], environment: Mapping[str, Any]
) -> str:
    course = [r for r in records if r.get("event") not in ("amend", "evaluate")]
    last = course[-1] if course else {}
    steps = recipe.get("steps")
    done = f"{last.get('step', 0):,}" + (f" of {steps:,}" if isinstance(steps, int) else "")
    speeds = [r["images_per_second"] for r in records if r.get("images_per_second")]
    tiles = [
        ("rounds", done),
        ("images seen", f"{last.get('images', 0):,}"),
        ("training time", duration(last.get("time", 0.0))),
        ("images a second", f"{sorted(speeds)[len(speeds) // 2]:,.0f}" if speeds else "–"),
        ("machine", environment.get("machine", "–")),
    ]
    cells = "".join(f"<div><dt>{_text(k)}</dt><dd>{_text(v)}</dd></div>" for k, v in tiles)
    return f"<p class=state>{_text(_ending(last))}</p><dl class=tiles>{cells}</dl>"


def _ending(last: Record) -> str:
    match last.get("event"):
        case "end":
            reason = str(last.get("reason") or "finished")
            return f"{reason[:1].upper()}{reason[1:]} at round {last['step']:,}."
        case "nonfinite":
            return (
                f"Stopped: {last.get('player') or 'the state'}, {last.get('term')} "
                f"was not finite in round {last['step']:,}. The last good checkpoint is kept."
            )
        case None if not last:
            return "Not begun."
        case _:
            return f"Written while it trained, after round {last['step']:,}."


def _samples(pictures: Mapping[int, Path], real: Path) -> str:
    if not pictures:
        return ""
    steps = list(pictures)
    # First, last, and up to three between: how the same latents came to be what they are.
    shown = sorted({steps[round(i * (len(steps) - 1) / 4)] for i in range(5)})
    main = _image(pictures[steps[-1]], f"Generated, round {steps[-1]:,}")
    beside = _image(real, "Real, for comparison") if real.is_file() else ""
    before = "".join(_image(pictures[s], f"round {s:,}") for s in shown[:-1])
    strip = f'<h3>How they came to be</h3><div class="strip">{before}</div>' if before else ""
    return _section("Samples", f'<div class="pair">{main}{beside}</div>', strip)


def _health(path: Path) -> str:
    return _section("Health", found_in(path, _image))


def _image(path: Path, caption: str) -> str:
    try:
        data = base64.b64encode(path.read_bytes()).decode()
    except OSError:  # removed by hand meanwhile
        return ""
    source = f"data:image/png;base64,{data}"
    return (
        f'<figure><img alt="{_text(caption)}" src="{source}">'
        f"<figcaption>{_text(caption)}</figcaption></figure>"
    )


def _metrics(records: Sequence[Record]) -> str:
    looks = [r for r in records if r.get("metrics")]
    if not looks:
        return ""
    last = looks[-1]
    head = "".join(f"<th>{_text(name)}</th>" for name in _TABLE)
    rows = "".join(_metric(name, m) for name, m in last["metrics"].items())
    averaged = any(m.get("ema") for m in last["metrics"].values())
    which = "the averaged generator" if averaged else "the generator as it stood"
    caption = (
        f"Round {last['step']:,}, {which}. <em>Real vs real</em> is the same measure between two "
        "sets of real examples: what a perfect generator would get, and the number to read the "
        "samples' value against."
    )
    notes = "".join(f"<li>{_text(note)}</li>" for note in last.get("notes", ()))
    return _section(
        "How good they are",
        f"<p>{caption}</p><div class=scroll><table class=numbers><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>",
        f"<ul>{notes}</ul>" if notes else "",
    )


def _metric(name: str, metric: Mapping[str, Any]) -> str:
    interval = metric.get("interval")
    between = " – ".join(_number(v) for v in interval) if interval else "–"
    numbers = [
        f"<strong>{_number(metric.get('value'))}</strong>",
        _number(metric.get("reference")),
        between,
        _count(metric.get("n_generated")),
        _count(metric.get("n_real")),
    ]
    words = [_text(metric.get(key) or "–") for key in ("features", "split")]
    cells = "".join(f"<td class=n>{n}</td>" for n in numbers)
    return f"<tr><th>{_text(name)}</th>{cells}{''.join(f'<td>{w}</td>' for w in words)}</tr>"


def _number(value: object) -> str:
    """Return a number with four figures; a dash where there is none."""
    if not isinstance(value, int | float):
        return "–" if value is None else _text(value)
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if math.isfinite(value) else "–"


def _count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "–"


def _curves(records: Sequence[Record]) -> str:
    rounds = [r for r in records if "event" not in r]
    players: dict[str, dict[str, Series]] = {}
    for name in dict.fromkeys(k for r in rounds for k in r if "/" in k):
        player, _, term = name.rpartition("/")
        players.setdefault(player, {})[term] = [(r["step"], r[name]) for r in rounds if name in r]
    charts = [chart(player, terms, "cost") for player, terms in players.items()]
    return (
        _section("Curves", f'<div class="charts">{"".join(charts + _measured(records))}</div>')
        if charts
        else ""
    )


def _measured(records: Sequence[Record], most: int = 8) -> list[str]:
    """Return a chart for each metric that was measured more than once."""
    looks = [r for r in records if r.get("metrics")]
    charts = []
    for name in dict.fromkeys(n for r in looks for n in r["metrics"]):
        seen = [(r["step"], r["metrics"][name]) for r in looks if name in r["metrics"]]
        points = [(step, _value(m.get("value"))) for step, m in seen]
        if sum(v is not None for _, v in points) > 1:
            level = _value(seen[-1][1].get("reference"))
            charts.append(chart(name, {name: points}, "value", level))
    return charts[:most]


def _value(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _commands(path: Path, environment: Mapping[str, Any]) -> str:
    run = shlex.quote(str(path))
    lines = [
        ("go on with it", f"counterplay train --resume {run}"),
        ("draw samples", f"counterplay sample {run} -n 64 --out samples.png"),
        ("measure again", f"counterplay evaluate {run}"),
        (
            "train the same anew",
            f"counterplay train --config {shlex.quote(str(path / 'recipe.yaml'))} "
            f"--out {shlex.quote(f'{path}-again')}",
        ),
        ("it was made by", str(environment.get("command", "–"))),
    ]
    rows = "".join(f"<dt>{_text(k)}</dt><dd><code>{_text(v)}</code></dd>" for k, v in lines)
    return _section("Reproduce, resume, sample", f"<dl class=commands>{rows}</dl>")


def _data(domain: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    notes = facts.get("notes") or ()
    items = "".join(f"<li>{_text(n)}</li>" for n in ([notes] if isinstance(notes, str) else notes))
    about = {**{k: v for k, v in facts.items() if k != "notes"}, **domain}
    return _section("Data", f"<ul>{items}</ul>" if items else "", _pairs(about))


def _pairs(content: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th>{_text(k)}</th><td>{_short(v)}</td></tr>"
        for k, v in content.items()
        if v not in (None, "", [], {})
    )
    return f"<div class=scroll><table>{rows}</table></div>" if rows else ""


def _short(value: object, most: int = 12) -> str:
    if isinstance(value, Mapping):
        return _text(" · ".join(f"{k} {_plain(v)}" for k, v in value.items()))
    if isinstance(value, list | tuple):
        more = f" … ({len(value):,} in all)" if len(value) > most else ""
        return _text(", ".join(_plain(v) for v in value[:most]) + more)
    return _text(_plain(value))


def _plain(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.6g}"


def _recipe(recipe_yaml: str) -> str:
    return _section("Recipe", f"<pre>{_text(recipe_yaml.strip())}</pre>")


def _course(records: Sequence[Record]) -> str:
    told = [
        r for r in records if r.get("event") in ("start", "resume", "amend", "nonfinite", "end")
    ]
    rows = "".join(
        f"<tr><th>{_text(r['event'])}</th><td class=n>{r.get('step', 0):,}</td>"
        f"<td>{_text(_when(r))}</td><td>{_detail(r)}</td></tr>"
        for r in told
    )
    head = "<tr><th>what</th><th>round</th><th>when</th><th></th></tr>"
    table = f"<div class=scroll><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    return _section("Course", table) if rows else ""


def _when(record: Record) -> str:
    return str(record.get("at", "")).replace("T", " ").replace("+00:00", " UTC")


def _detail(record: Record) -> str:
    match record["event"]:
        case "amend":
            return _short(record.get("changes") or {})
        case "resume":
            changed = record.get("environment") or {}
            return f"now {_short(changed)}" if changed else "on the same machine and versions"
        case "nonfinite":
            return _text(f"{record.get('player')} {record.get('term')}")
        case _:
            return _text(record.get("reason", ""))


def _environment(environment: Mapping[str, Any]) -> str:
    return _section("Made with", _pairs({k: v for k, v in environment.items() if k != "command"}))
