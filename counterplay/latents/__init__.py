"""Tools on the latents of a trained generator: paths, sums, truncation, neighbours, inversion.

A tool asks for a power and never for a class: anything with a law of latents and a ``render`` is a
:class:`~counterplay.latents.powers.Renders`, whichever paper its training is from.

>>> import torch
>>> from counterplay.latents import slerp
>>> a, b = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
>>> [round(v, 4) for v in slerp(a, b, 0.5)[0].tolist()]
[0.7071, 0.7071]
"""

from counterplay.latents.arithmetic import analogy, jittered
from counterplay.latents.inversion import Inverted, inverted
from counterplay.latents.nearest import Nearest, nearest_examples
from counterplay.latents.paths import PATHS, lerp, nearer, path, slerp, way
from counterplay.latents.powers import Renders, Styled, numbered, shown
from counterplay.latents.truncation import Truncated, spread, sweep, truncated

__all__ = [
    "PATHS",
    "Inverted",
    "Nearest",
    "Renders",
    "Styled",
    "Truncated",
    "analogy",
    "inverted",
    "jittered",
    "lerp",
    "nearer",
    "nearest_examples",
    "numbered",
    "path",
    "shown",
    "slerp",
    "spread",
    "sweep",
    "truncated",
    "way",
]
