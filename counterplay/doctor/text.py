"""Findings in words: for the progress line, for a person, for a table."""

from __future__ import annotations

from collections.abc import Sequence

from counterplay.doctor.finding import Finding

__all__ = ["health", "table", "told"]

MARKS = {"sick": "✗", "warning": "!", "note": "·", "healthy": "✓"}


def health(findings: Sequence[Finding]) -> str:
    """Return the state in a few words.

    >>> health([Finding("mode-collapse", "sick", 400, 600, 0.9, "...")])
    'health: ✗ mode-collapse since 400'
    """
    if not findings:
        return ""
    bad = [f for f in findings if f.severity in ("sick", "warning")]
    if not bad:
        return f"health: {MARKS['healthy']} {findings[0].name.replace('healthy-', '')}"
    words = [f"{MARKS[f.severity]} {f.name} since {f.since:,}" for f in bad[:2]]
    more = f" and {len(bad) - 2} more" if len(bad) > 2 else ""
    return f"health: {', '.join(words)}{more}"


def told(finding: Finding) -> str:
    """Return a new finding in one line: what, since when, and what to try first."""
    first = f" Try {finding.remedies[0].options}" if finding.remedies else ""
    mark = MARKS[finding.severity]
    return f"{mark} step {finding.step:,}: {finding.name}. {finding.meaning}{first}"


def table(findings: Sequence[Finding]) -> str:
    """Return findings for a person: each with its evidence and its remedies."""
    return "\n\n".join(_block(finding) for finding in findings)


def _block(f: Finding) -> str:
    since = f"since round {f.since:,}" if f.severity != "healthy" else f"at round {f.step:,}"
    since = f"{since}, " if f.step else ""
    lines = [f"{MARKS[f.severity]} {f.name} ({f.severity}, {since}confidence {f.confidence:.0%})"]
    lines.append(f"  {f.meaning}")
    lines += [f"    {figure}" for figure in f.figures]
    lines += [f"    seen in {f.picture}"] if f.picture else []
    if f.remedies:
        lines.append("  try, the most promising first:")
        lines += [f"    {r.options}\n      {r.why}" for r in f.remedies]
    return "\n".join(lines)
