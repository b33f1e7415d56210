r"""The exact Wasserstein distance between two samples, by linear programming.

.. math::

    W_p^p = \min_{\pi \ge 0} \sum_{ij} \pi_{ij} |x_i - y_j|^p
          = \max_{u_i + v_j \le |x_i - y_j|^p} \tfrac1N \sum_i u_i + \tfrac1M \sum_j v_j

with marginals 1/N and 1/M. Equal counts are an assignment (SciPy's); any counts, and far quicker,
are POT's network simplex where it is installed (``pip install counterplay[transport]``), let run to
the end: its default number of pivots stops early on a few thousand examples. Entropic transport
(Sinkhorn) is another number and not offered.

The optimal potentials u, v are the influence of each example: the error of :math:`W_p^p` is
:math:`\sqrt{\mathrm{Var}(u)/N + \mathrm{Var}(v)/M}` about its own mean. That mean is above the
laws' distance, by order :math:`n^{-1/d}` in d dimensions: compare with real against real.

Sources: Optimal transport: old and new (Villani, 2009); Central limit theorems for empirical
transportation cost in general dimension (del Barrio and Loubes, 2019, arXiv:1705.01299); POT:
Python optimal transport (Flamary et al., JMLR, 2021).
"""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.metrics.checks import check_pair, double
from counterplay.metrics.intervals import around
from counterplay.metrics.measured import Measured

__all__ = ["Plan", "optimal_plan", "wasserstein"]

Solver = Literal["auto", "assignment", "simplex"]

PIVOTS = 10_000_000
"""The most pivots of the network simplex: enough for it to end on tens of thousands."""

LARGEST = 20_000 * 20_000
"""The most entries of a cost matrix: 3.2 GB in float64."""


@dataclass(frozen=True)
class Plan:
    """The solution of a transport problem and its certificate.

    Attributes:
        cost: the least mean cost, :math:`W_p^p`.
        u: the potential of each row, (N,).
        v: the potential of each column, (M,); u + v ≤ cost everywhere, and the means add up.
    """

    cost: float
    u: np.ndarray
    v: np.ndarray


@torch.no_grad()
def wasserstein(
    real: Tensor, generated: Tensor, p: float = 2.0, solver: Solver = "auto"
) -> Measured:
    """Return the exact W_p between features (N, F) and (M, F), with its interval.

    Raises:
        UserError: when p < 1, counts differ without POT, the samples are too many to hold all
            distances, columns differ, or a value is not finite.
    """
    real, generated = check_pair(real, generated)
    if p < 1:
        raise UserError(f"a Wasserstein distance with p = {p} was asked for: p is at least 1")
    if len(real) * len(generated) > LARGEST:
        raise UserError(
            f"an exact distance between {len(real)} and {len(generated)} examples holds all their "
            "distances: use at most 20,000 of each, or the sliced distance"
        )
    x, y = double(real), double(generated).to(real.device)
    apart = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").pow_(p).cpu().numpy()
    plan = optimal_plan(apart, solver)
    error = math.sqrt(plan.u.var(ddof=1) / len(plan.u) + plan.v.var(ddof=1) / len(plan.v))
    low, high = around(plan.cost, error, 0.0)
    cost = max(0.0, plan.cost)
    return Measured(cost ** (1 / p), (low ** (1 / p), high ** (1 / p)))


def optimal_plan(cost: np.ndarray, solver: Solver = "auto") -> Plan:
    """Solve the transport between equal weights on rows and on columns of ``cost`` (N, M).

    Args:
        cost: float64.
        solver: "assignment" (SciPy, equal counts), "simplex" (POT), or "auto": POT where it is.

    Raises:
        UserError: when the solver is not there, or does not fit the counts.
    """
    n, m = cost.shape
    there = importlib.util.find_spec("ot") is not None
    if solver == "simplex" and not there:
        raise UserError("the network simplex was asked for: pip install counterplay[transport]")
    if solver == "assignment" or (solver == "auto" and not there):
        if n != m:
            raise UserError(
                f"an assignment between {n} and {m} examples: give equal counts, or install POT "
                "(pip install counterplay[transport])"
            )
        return _assigned(cost)
    return _simplex(cost)


def _simplex(cost: np.ndarray) -> Plan:
    import ot

    n, m = cost.shape
    value, log = ot.emd2(
        np.full(n, 1 / n), np.full(m, 1 / m), cost, numItermax=PIVOTS, log=True, return_matrix=False
    )
    return Plan(float(value), np.asarray(log["u"]), np.asarray(log["v"]))


def _assigned(cost: np.ndarray) -> Plan:
    r"""Solve by assignment; the potentials are shortest paths over its exchanges.

    With row i assigned to column s(i), :math:`v_{s(k)} \le c_{i s(k)} - c_{i s(i)} + v_{s(i)}` for
    all i: the largest such v from 0 are the shortest paths from anywhere to k, and there is no
    negative circle because the assignment is optimal.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    ordered = cost[:, columns]
    own = ordered.diagonal()
    steps = ordered - own[:, None]
    q = np.zeros(len(cost))
    for _ in range(len(cost)):
        shorter = np.minimum(q, (steps + q[:, None]).min(0))
        if np.array_equal(shorter, q):
            break
        q = shorter
    v = np.empty_like(q)
    v[columns] = q
    return Plan(float(cost[rows, columns].mean()), own - q, v)
