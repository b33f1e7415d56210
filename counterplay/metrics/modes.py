r"""Mode counting, for laws that are mixtures of known, equal, round components.

A sample is *of high quality* when it is within ``threshold`` standard deviations (of the law) of
its nearest centre. A mode *counts* as covered when at least ``least`` of 2,500 samples (in
proportion for another count) are of high quality and nearest to its centre: one stray sample
covers nothing. The histogram over nearest centres, of all samples, is compared with the uniform
one by KL divergence.

These figures mean nothing without the law's σ, the threshold and the sample count: the result
carries them. Exact samples of a round 2-D law have a high-quality share of 1 − exp(−t²/2)
(.9889 at t = 3), and a KL of about (K − 1) / 2n, not 0.

Sources: VEEGAN (Srivastava et al., 2017, arXiv:1705.07761): 2,500 samples, 3σ; PacGAN (Lin et al.,
2018, arXiv:1712.04086).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_features, double
from counterplay.metrics.intervals import Interval, Z, around, wilson

__all__ = ["SAMPLES", "Modes", "count_modes"]

SAMPLES = 2500
"""The customary number of samples for mode counting."""


@dataclass(frozen=True)
class Modes:
    """The count, and what it was counted with.

    Attributes:
        good: for each mode, how many high-quality samples are nearest to it.
        nearest: for each mode, how many samples of any quality are nearest to it.
        samples: how many samples were scored.
        std: the law's standard deviation about a centre.
        threshold: in units of ``std``.
        least: how many good samples a mode needs to count, at this number of samples.
    """

    good: tuple[int, ...]
    nearest: tuple[int, ...]
    samples: int
    std: float
    threshold: float
    least: int

    @property
    def covered(self) -> int:
        """How many modes count as covered."""
        return sum(count >= self.least for count in self.good)

    @property
    def covered_interval(self) -> Interval:
        """How many modes would count were each one's good samples 1.96 √count fewer, or more."""
        fewer = sum(count - Z * math.sqrt(count) >= self.least for count in self.good)
        more = sum(count + Z * math.sqrt(count) >= self.least for count in self.good)
        return float(fewer), float(more)

    @property
    def high_quality(self) -> float:
        """The share of samples within ``threshold`` standard deviations of a centre."""
        return sum(self.good) / self.samples

    @property
    def high_quality_interval(self) -> Interval:
        """Wilson's interval of the high-quality share."""
        return wilson(self.high_quality, self.samples)

    @property
    def kl(self) -> float:
        """KL(histogram of nearest centres ‖ uniform), in nats, between 0 and ln K."""
        return sum(share * weight for share, weight in self._terms())

    @property
    def kl_interval(self) -> Interval:
        """The normal interval of the KL: first order, and the χ² that is left at uniformity."""
        second = sum(share * weight**2 for share, weight in self._terms())
        first = max(0.0, second - self.kl**2) / self.samples
        uniform = (len(self.nearest) - 1) / (2 * self.samples**2)
        return around(self.kl, math.sqrt(first + uniform), least=0.0)

    def _terms(self) -> list[tuple[float, float]]:
        """Return (share, log of share over 1/K) of the modes that have any sample."""
        shares = [count / self.samples for count in self.nearest if count]
        return [(share, math.log(share * len(self.nearest))) for share in shares]

    def scoring(self) -> dict[str, float | int]:
        """Return what the figures were counted with, to be published with them."""
        return {
            "std": self.std,
            "threshold": self.threshold,
            "samples": self.samples,
            "least": self.least,
            "modes": len(self.good),
        }


@torch.no_grad()
def count_modes(
    samples: Tensor,
    centres: Tensor | Sequence[Sequence[float]],
    std: float,
    threshold: float = 3.0,
    least: int = 20,
) -> Modes:
    """Score ``samples`` (N, F) against ``centres`` (K, F), in the law's own units.

    ``least`` is for 2,500 samples: ⌈least · N / 2500⌉, at least 1, are needed.

    Raises:
        UserError: for non-finite samples, another dimension than the centres', a ``std`` that is
            not positive, or centres that coincide (a ring by ``linspace(0, 2π, 8)`` has 7 modes,
            its last point being its first: use ``arange(8) · 2π / 8``).
    """
    samples = double(check_features(samples, "the sample", least=1)).cpu()
    centres = torch.as_tensor(centres, dtype=torch.float64, device="cpu")
    _check_law(samples, centres, std)
    apart = torch.cdist(samples, centres, compute_mode="donot_use_mm_for_euclid_dist")
    distance, mode = apart.min(1)
    good = mode[distance < threshold * std]
    return Modes(
        good=tuple(torch.bincount(good, minlength=len(centres)).tolist()),
        nearest=tuple(torch.bincount(mode, minlength=len(centres)).tolist()),
        samples=len(samples),
        std=float(std),
        threshold=float(threshold),
        least=max(1, math.ceil(least * len(samples) / SAMPLES)),
    )


def _check_law(samples: Tensor, centres: Tensor, std: float) -> None:
    if samples.shape[1] != centres.shape[1]:
        raise UserError(
            f"samples have {samples.shape[1]} dimensions and the law's centres "
            f"{centres.shape[1]}: they must agree"
        )
    if not std > 0:
        raise UserError(f"a law with std = {std} has no modes to count: std must be positive")
    closest = torch.pdist(centres).min() if len(centres) > 1 else torch.inf
    if closest < 1e-3 * std:
        raise UserError(
            f"two of the law's {len(centres)} centres coincide, so it has fewer modes than it "
            "says: a ring by linspace(0, 2π, K) repeats its first point, use arange(K) · 2π / K"
        )
