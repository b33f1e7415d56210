"""The doctor: what is wrong with a training, how it is known, and what to do about it.

Signals (numbers, cheap, with what is normal for them here) become a history; conditions are pure
functions of it; what lasts is a finding, with its evidence and its remedies.
"""

from __future__ import annotations

from counterplay.doctor.conditions import CONDITIONS, Condition
from counterplay.doctor.diagnosis import Signs, diagnose, is_sick
from counterplay.doctor.finding import Figure, Finding, Remedy
from counterplay.doctor.history import Checkup, History, Normal
from counterplay.doctor.remedies import REMEDIES, offered
from counterplay.doctor.thresholds import THRESHOLDS

__all__ = [
    "CONDITIONS",
    "REMEDIES",
    "THRESHOLDS",
    "Checkup",
    "Condition",
    "Figure",
    "Finding",
    "History",
    "Normal",
    "Remedy",
    "Signs",
    "diagnose",
    "is_sick",
    "offered",
]
