r"""WaveNet one step at a time, laid out so that a step is a few small products and no copies.

Notation: block l of L has the residual input h_l (F), the gates' input (a_l, b_l) = C_l h_l +
sum_m W_lm h_l(t - m d_l) + c_l, the output z_l = tanh(a_l) σ(b_l); h_{l+1} = h_l + O_l z_l + o_l.
Columns are the sequences of the batch. Three rearrangements, all exact:

- what comes from the past is known when a step begins: one batched product for all blocks;
- (h_{l+1}, a_{l+1}, b_{l+1}) is one product of (h_l, z_l): [[1, O_l], [C_{l+1}, C_{l+1} O_l]];
- σ(b) = (1 + tanh(b/2)) / 2: one tanh for both gates, the factors kept in the weights.

Numpy, not torch: at this size it is the calls that cost, and numpy's cost a third. Fast Wavenet
Generation Algorithm (Le Paine et al. 2016, arXiv 1611.09482) keeps the past in queues likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Layer", "Steps"]


@dataclass(frozen=True)
class Layer:
    """One block's weights.

    Attributes:
        taps: (k, 2F, F) of the gates, the oldest tap first.
        gates: their bias, (2F, 1), or (2F, n) where it depends on the sequence.
        onward: O, (F, F).
        onward_bias: o, (F,).
        skip: (S, F).
        dilation: d.
    """

    taps: np.ndarray
    gates: np.ndarray
    onward: np.ndarray
    onward_bias: np.ndarray
    skip: np.ndarray
    dilation: int


class Steps:
    """The state of ``n`` sequences under way.

    Args:
        layers: the blocks' weights.
        embed: (K, F), the levels' embeddings.
        skip_bias: (S,), summed over blocks.
        head: the weights and biases of the two layers after the skips.
        n: sequences.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        embed: np.ndarray,
        skip_bias: np.ndarray,
        head: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
        n: int,
    ) -> None:
        count, width = len(layers), embed.shape[1]
        like = embed.dtype
        taps = layers[0].taps.shape[0] - 1
        half = np.ones((2 * width, 1), like)
        half[width:] = 0.5  # tanh(b/2)
        current = [half * layer.taps[-1] for layer in layers]
        self._first = np.concatenate([embed, embed @ current[0].T], 1)
        self._start = np.zeros((3 * width, n), like)
        self._rows = np.zeros((count, 3 * width, n), like)
        self._added = np.zeros((count, 3 * width, n), like)
        self._gates = np.stack(
            [half * np.broadcast_to(layer.gates, (2 * width, n)) for layer in layers]
        )
        self._back = np.stack([half * np.concatenate(list(layer.taps[:-1]), 1) for layer in layers])
        links = []
        for i, layer in enumerate(layers[:-1]):
            onward, bias = 0.5 * layer.onward, layer.onward_bias[:, None]
            upper = np.concatenate([np.eye(width, dtype=like), onward], 1)
            links.append(np.ascontiguousarray(np.concatenate([upper, current[i + 1] @ upper])))
            self._added[i + 1, :width] = bias
            self._gates[i + 1] += current[i + 1] @ bias
        self._skips = np.concatenate([0.5 * layer.skip for layer in layers], 1)
        self._skip_bias, self._head = skip_bias[:, None], head
        self._chain = [
            (link, self._rows[i, : 2 * width], self._rows[i + 1], self._added[i + 1])
            for i, link in enumerate(links)
        ]
        self._parts = [
            (row[width:], row[width : 2 * width], row[2 * width :]) for row in self._rows
        ]
        self._width, self._past = width, np.zeros((count * taps, width, n), like)
        self._lay_rings([layer.dilation for layer in layers], taps)
        self._ring = np.zeros((int(self._reach.sum()), width, n), like)
        self._stacked = self._past.reshape(count, taps * width, n)
        self._from_past = np.zeros((count, 2 * width, n), like)

    def _lay_rings(self, dilations: list[int], taps: int) -> None:
        # Slot t mod reach holds the oldest, step t - reach, until step t takes its place.
        self._reach = np.array(dilations) * taps
        self._offset = np.concatenate([[0], np.cumsum(self._reach)[:-1]])
        back = np.arange(taps, 0, -1)
        self._shift = (np.array(dilations)[:, None] * back).reshape(-1)
        self._many_reach = np.repeat(self._reach, taps)
        self._many_offset = np.repeat(self._offset, taps)

    def step(self, levels: np.ndarray | None, t: int) -> np.ndarray:
        """Return the logits of step ``t``, (K, n), from the ``levels`` (n,) of the step before."""
        np.take(
            self._ring,
            (t - self._shift) % self._many_reach + self._many_offset,
            axis=0,
            out=self._past,
            mode="clip",
        )
        np.matmul(self._back, self._stacked, out=self._from_past)
        np.add(self._from_past, self._gates, out=self._added[:, self._width :])
        rows = self._rows
        first = self._start if levels is None else self._first[levels].T
        np.add(first, self._added[0], out=rows[0])
        self._gate(0)
        for i, (link, before, after, added) in enumerate(self._chain, 1):
            np.dot(link, before, out=after)
            after += added
            self._gate(i)
        self._ring[t % self._reach + self._offset] = rows[:, : self._width]
        return self._logits()

    def _gate(self, i: int) -> None:
        both, z, gate = self._parts[i]
        np.tanh(both, out=both)
        gate += 1
        z *= gate

    def _logits(self) -> np.ndarray:
        gated = self._rows[:, self._width : 2 * self._width].reshape(-1, self._rows.shape[2])
        first, first_bias, second, second_bias = self._head
        seen = np.dot(self._skips, gated)
        seen += self._skip_bias
        np.maximum(seen, 0, out=seen)
        seen = np.dot(first, seen)
        seen += first_bias[:, None]
        np.maximum(seen, 0, out=seen)
        logits = np.dot(second, seen)
        logits += second_bias[:, None]
        return logits
