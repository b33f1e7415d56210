"""Frozen convolutions whose feature maps are compared."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, cross_entropy

from counterplay.game import generator

__all__ = ["Taps"]

TURNS = 4
"""Quarter turns that the convolutions are taught to tell."""


class Taps(nn.Module):
    """Pictures to feature maps at three scales, by weights that nobody trains: they are buffers.

    Untrained convolutions see edges already; :meth:`teach` has them tell by how many quarter turns
    a picture was turned, which takes no labels: Unsupervised Representation Learning by Predicting
    Image Rotations (Gidaris et al. 2018, arXiv 1803.07728).

    Args:
        channels: of the pictures, whose sides are 8 or more.
        width: feature maps of the first scale; twice and four times as many at the next ones.
    """

    def __init__(self, channels: int, width: int = 16) -> None:
        super().__init__()
        before = channels
        for i, after in enumerate([width, 2 * width, 4 * width]):
            weight = torch.randn(after, before, 3, 3) * math.sqrt(2 / (9 * before))
            self.register_buffer(f"weight{i}", weight)
            before = after

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the maps, (N, F, S, S), (N, 2F, S/2, S/2) and (N, 4F, S/4, S/4)."""
        return _maps(x, list(self.buffers()))

    def teach(self, x: Tensor, rounds: int = 150, seed: int = 0) -> float:
        """Let the convolutions learn turns from the pictures ``x``; return the last error."""
        rng = generator(seed, "turns")
        weights = [b.clone().requires_grad_() for b in self.buffers()]
        head = torch.zeros(len(weights[-1]), TURNS, device=x.device, requires_grad=True)
        optimiser = torch.optim.Adam([*weights, head], lr=2e-3)
        loss = torch.zeros(())
        for _ in range(rounds):
            rows = torch.randint(len(x), (32,), generator=rng).to(x.device)
            turned = torch.cat([torch.rot90(x[rows], k, (2, 3)) for k in range(TURNS)])
            told = _maps(turned, weights)[-1].mean((2, 3)) @ head
            loss = cross_entropy(told, torch.arange(TURNS, device=x.device).repeat_interleave(32))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        for buffer, weight in zip(self.buffers(), weights, strict=True):
            buffer.copy_(weight.detach())
        return float(loss.detach())


def _maps(x: Tensor, weights: list[Tensor]) -> list[Tensor]:
    maps = []
    for i, weight in enumerate(weights):
        x = conv2d(avg_pool2d(x, 2) if i else x, weight, padding=1).relu()
        maps.append(x)
    return maps
