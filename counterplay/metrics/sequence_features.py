r"""Features of sound and of text, for the distances that compare samples with real examples.

Sound: the power in twelve bands, from 60 hertz up to half the rate, spaced as the logarithm; of its
logarithm over time the mean, the deviation and the mean step from frame to frame. Text: how often
the most frequent characters and pairs of characters of the training part are in a window.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from counterplay.metrics.features import Extractor

__all__ = ["grams", "spectrum"]

BANDS, FRAME = 12, 256
"""Bands of the spectrum, and samples of a frame; frames overlap by half."""
LOWEST = 60.0
SINGLE, PAIRS = 24, 24
"""How many characters and pairs are counted."""
_QUIET = 1e-5
_NATS = 4.0
_OFTEN = 20.0


def spectrum(length: int, levels: int, rate: int) -> Extractor:
    """Return the features "spectrum", (N, 36), of µ-law sound as networks see it, (N, T).

    Args:
        length: T; shorter ones than a frame are filled up with silence.
        levels: K of µ-law.
        rate: samples a second.
    """
    edges = torch.logspace(math.log10(LOWEST), math.log10(rate / 2), BANDS + 1)
    places = torch.fft.rfftfreq(FRAME, 1 / rate)
    inside = (places >= edges[:-1, None]) & (places < edges[1:, None])
    # A band narrower than the frame's resolution is its nearest place.
    middle = (edges[1:] * edges[:-1]).sqrt()
    nearest = (places - middle[:, None]).abs().argmin(1)
    weights = (inside | torch.nn.functional.one_hot(nearest, len(places)).bool()).float()
    weights /= weights.sum(1, keepdim=True)

    def extract(x: Tensor) -> Tensor:
        mu = levels - 1
        sound = x.sign() * (x.abs() * math.log1p(mu)).expm1() / mu
        sound = torch.nn.functional.pad(sound, (0, max(0, 2 * FRAME - length)))
        frames = sound.unfold(1, FRAME, FRAME // 2) * torch.hann_window(FRAME, device=x.device)
        power = torch.fft.rfft(frames).abs().square() @ weights.to(x.device).T
        bands = (power + _QUIET).log() / _NATS
        step = bands.diff(dim=1).abs().mean(1)
        return torch.cat([bands.mean(1), bands.std(1), step], 1)

    return Extractor("spectrum", extract, (length,))


def grams(train: Tensor, levels: int) -> Extractor:
    """Return the features "grams" of text as networks see it, (N, T).

    Args:
        train: training windows, (M, T), of which the most frequent characters are counted.
        levels: K symbols.
    """

    def codes(x: Tensor) -> tuple[Tensor, Tensor]:
        single = ((x + 1) / 2 * (levels - 1)).round().long()
        return single, single[:, :-1] * levels + single[:, 1:]

    single, pairs = (part.flatten().bincount() for part in codes(train))
    kept = [
        counts.topk(min(most, int((counts > 0).sum()))).indices
        for counts, most in ((single, SINGLE), (pairs, PAIRS))
    ]

    def extract(x: Tensor) -> Tensor:
        found = [
            torch.stack([(part == one).float().mean(1) for one in often.tolist()], 1)
            for part, often in zip(codes(x), kept, strict=True)
        ]
        return _OFTEN * torch.cat(found, 1)

    return Extractor("grams", extract, tuple(train.shape[1:]))
