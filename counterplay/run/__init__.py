"""The run folder: records, samples, exact checkpoints, a report; progress and trackers.

Importing it imports no torch, so that a mistake about a folder is told at once.
"""

from counterplay.run.checkpoint import Checkpoint, Score
from counterplay.run.environment import environment
from counterplay.run.folder import Restored, Run
from counterplay.run.log import NonFinite
from counterplay.run.place import vacant
from counterplay.run.progress import Progress
from counterplay.run.trackers import TRACKERS, Trackers

__all__ = [
    "TRACKERS",
    "Checkpoint",
    "NonFinite",
    "Progress",
    "Restored",
    "Run",
    "Score",
    "Trackers",
    "environment",
    "vacant",
]
