"""What the doctor said of a run, read from its folder."""

from __future__ import annotations

from pathlib import Path

__all__ = ["said"]

FINDINGS = "findings.jsonl"


def said(run: Path) -> str:
    """Return the names of what the doctor found last in a run; "" where it was not asked."""
    from counterplay.run.log import records

    told = [record for record in records(run / FINDINGS) if "findings" in record]
    if not told:
        return ""
    found = told[-1]["findings"]
    sick = [f["name"] for f in found if f["severity"] in ("sick", "warning")]
    return ", ".join(sick or [f["name"] for f in found][:1])
