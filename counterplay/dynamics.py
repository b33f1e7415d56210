r"""How a round is played: one function a dynamics, ``(seats, round) -> report``.

Notation: w = (θ_1, …, θ_k) holds all players' parameters, F(w) = (∂L_1/∂θ_1, …, ∂L_k/∂θ_k) is the
game's vector field, η a step size. With plain gradient descent the rules read

    simultaneous    w ← w − η F(w)
    alternating     θ_1 ← θ_1 − η F_1(w), then θ_2 ← θ_2 − η F_2(w), …
    extragradient   w' = w − η F(w),  w ← w − η F(w')
    optimistic      w ← w − η (2 F(w) − F(w_previous))
    consensus(γ)    w ← w − η (F(w) + γ ∇½‖F(w)‖²)
    unrolled(k)     simultaneous, with L_i seen through k future steps of the player looked through

Each works with any optimiser in the place of plain descent. On the bilinear game L_1 = xy = −L_2
their growth per step is known in closed form, and the tests hold them to it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from counterplay.errors import UserError
from counterplay.game import Player, Round, Terms, still
from counterplay.parallel import average, average_tensors

__all__ = [
    "DYNAMICS",
    "INNER",
    "Dynamics",
    "Inner",
    "Report",
    "Seat",
    "alternating",
    "consensus",
    "extragradient",
    "optimistic",
    "simultaneous",
    "unrolled",
]

Report = dict[str, Tensor]
"""``player/term`` -> the term's value, a scalar that stays a tensor until somebody logs it."""


@dataclass
class Seat:
    """A player at the table, with all that moves besides its networks.

    Attributes:
        player: who sits here.
        cost: the player's cost, evaluated in the run's precision.
        optimiser: holds its moments.
        others: the other players' modules, whose buffers its move must not change.
        memory: what a dynamics remembers from round to round, by name.
    """

    player: Player
    cost: Callable[[Round], Terms]
    optimiser: torch.optim.Optimizer
    others: Sequence[nn.Module] = ()
    memory: dict[str, list[Tensor]] = field(default_factory=dict)

    @property
    def parameters(self) -> list[nn.Parameter]:
        """The parameters this player moves."""
        return [p for group in self.optimiser.param_groups for p in group["params"]]


Dynamics = Callable[[Sequence[Seat], Round], Report]


def alternating(seats: Sequence[Seat], round: Round) -> Report:
    """Let the players move one after the other: each sees the moves before its own."""
    report: Report = {}
    for seat in _due(seats, round):
        report |= _slope(seat, round)
        seat.optimiser.step()
    return report


def simultaneous(seats: Sequence[Seat], round: Round) -> Report:
    """Let all players move at once, from the same point."""
    due = _due(seats, round)
    report = _slopes(due, round)
    _step(due)
    return report


def extragradient(seats: Sequence[Seat], round: Round) -> Report:
    """Move by the gradient found after a provisional move.

    With Adam in the place of descent this is Extra-Adam: both moves feed the moments. A Variational
    Inequality Perspective on GANs (Gidel et al. 2018, arXiv 1802.10551), algorithm 4.
    """
    due = _due(seats, round)
    report = _slopes(due, round)
    start = [[p.detach().clone() for p in seat.parameters] for seat in due]
    _step(due)
    _slopes(due, round)
    with torch.no_grad():
        for seat, values in zip(due, start, strict=True):
            for p, value in zip(seat.parameters, values, strict=True):
                p.copy_(value)
    _step(due)
    return report


def optimistic(seats: Sequence[Seat], round: Round) -> Report:
    """Move by 2 g_t − g_{t−1}; the first move, which has no past, by g_0.

    Training GANs with Optimism (Daskalakis et al. 2017, arXiv 1711.00141).
    """
    due = _due(seats, round)
    report = _slopes(due, round)
    for seat in due:
        now = [_grad(p).clone() for p in seat.parameters]
        past = seat.memory.get("previous", now)
        for p, g, before in zip(seat.parameters, now, past, strict=True):
            p.grad = 2 * g - before
        seat.memory["previous"] = now
    _step(due)
    return report


def consensus(gamma: float) -> Dynamics:
    """Return consensus optimisation: descend F(w) + γ ∇½‖F(w)‖², all players at once.

    The Numerics of GANs (Mescheder et al. 2017, arXiv 1705.10461). ∇½‖F‖² = Jᵀ F, where J is the
    Jacobian of F. F is averaged over micro-batches and processes first and held fixed, so that the
    product is unbiased whatever the shards.

    Args:
        gamma: weight γ ≥ 0 of the regulariser.
    """

    def play(seats: Sequence[Seat], round: Round) -> Report:
        due = _due(seats, round)
        report = _slopes(due, round)
        everyone = [p for seat in due for p in seat.parameters]
        field_ = [_grad(p).clone() for p in everyone]
        product = _transposed_jacobian_product(due, round, everyone, field_)
        for p, f, j in zip(everyone, field_, product, strict=True):
            p.grad = f + gamma * j
        _step(due)
        return report

    return play


Inner = Callable[
    [Tensor | int, list[Tensor], list[Tensor], tuple[float, float]],
    tuple[list[Tensor], list[Tensor]],
]
"""(m, slopes, memory, betas) -> (directions, memory) of the player's m-th step, differentiable."""


def inner_descent(
    m: Tensor | int, slopes: list[Tensor], memory: list[Tensor], betas: tuple[float, float]
) -> tuple[list[Tensor], list[Tensor]]:
    """Return the slopes themselves: θ^m = θ^{m−1} − rate · g."""
    return slopes, memory


def inner_adam(
    m: Tensor | int,
    slopes: list[Tensor],
    memory: list[Tensor],
    betas: tuple[float, float],
    eps: float = 1e-4,
) -> tuple[list[Tensor], list[Tensor]]:
    """Return Adam's directions m̂ / √(v̂ + ε²), from the means that the player's own Adam has now.

    From zero where it has none. ε stands inside the square root, whose slope at zero is infinite,
    and is no smaller than 1e-4: m̂ / √v̂ is the sign of a first slope, and has its jump at zero.
    """
    beta1, beta2 = betas
    n = len(slopes)
    past = memory or [torch.zeros_like(g) for g in slopes] * 2
    first = [beta1 * a + (1 - beta1) * g for a, g in zip(past[:n], slopes, strict=True)]
    second = [beta2 * a + (1 - beta2) * g.square() for a, g in zip(past[n:], slopes, strict=True)]
    sizes = [torch.sqrt(v / (1 - beta2**m) + eps**2) for v in second]
    directions = [a / (1 - beta1**m) / s for a, s in zip(first, sizes, strict=True)]
    return directions, first + second


INNER: dict[str, Inner] = {"descent": inner_descent, "adam": inner_adam}
"""How the player that is looked through is thought to move."""


def unrolled(
    k: int, rate: float, through: str = "critic", inner: Inner = inner_descent
) -> Dynamics:
    """Return play in which the others see their costs through ``k`` steps of one player.

    Player i ≠ j descends L_i(θ_i, θ_j^k), with θ_j^{m+1} = θ_j^m − rate · ∂L_j/∂θ_j at θ_j^m,
    and differentiates through the steps. Player j itself takes one ordinary step. All move at once.

    Unrolled Generative Adversarial Networks (Metz et al. 2016, arXiv 1611.02163).

    Args:
        k: number of steps looked ahead; 0 is simultaneous play.
        rate: the size of the steps looked ahead, times the pace at which player j's own rate falls.
        through: name of the player j looked through.
        inner: how those steps are made: by the slope itself, or as Adam would.

    Raises:
        UserError: when the game has no player of that name, or it is thought to move by Adam and
            does not.
    """

    def play(seats: Sequence[Seat], round: Round) -> Report:
        names = [seat.player.name for seat in seats]
        if through not in names:
            raise UserError(f"unrolled: no player {through!r}; choose from {', '.join(names)}")
        seen = seats[names.index(through)]
        if inner is inner_adam and "betas" not in seen.optimiser.param_groups[0]:
            rule = type(seen.optimiser).__name__
            raise UserError(f"unrolled: the {through} moves by {rule}, not as Adam would")
        report: Report = {}
        for seat in _due(seats, round):
            ahead = seat.cost
            if seat is not seen:
                ahead = _foreseen(seat.cost, seen, k, rate * _pace(seen), inner)
            report |= _slope(seat, round, ahead)
        _step(_due(seats, round))
        return report

    return play


DYNAMICS: dict[str, Dynamics] = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "extragradient": extragradient,
    "optimistic": optimistic,
}
"""The dynamics that take no number; ``consensus`` and ``unrolled`` are made with theirs."""


def _due(seats: Sequence[Seat], round: Round) -> list[Seat]:
    return [seat for seat in seats if seat.player.moves_at(round.step)]


def _slopes(seats: Sequence[Seat], round: Round) -> Report:
    report: Report = {}
    for seat in seats:
        report |= _slope(seat, round)
    return report


def _slope(seat: Seat, round: Round, cost: Callable[[Round], Terms] | None = None) -> Report:
    """Leave ∂L/∂θ of the seat's own parameters, and of nobody else's, in their ``grad``."""
    own = seat.parameters
    for p in own:
        p.grad = None
    reports = []
    parts = round.split()
    for part in parts:
        with still(seat.others):
            terms = (cost or seat.cost)(part)
            total = _total(terms)
            (total if len(parts) == 1 else total / len(parts)).backward(inputs=own)
        part.forget(seat.player.module)
        reports.append({f"{seat.player.name}/{k}": v.detach() for k, v in terms.items()})
    average(own)
    if len(reports) == 1:
        return reports[0]
    return {k: torch.stack([r[k] for r in reports]).mean() for k in reports[0]}


def _step(seats: Sequence[Seat]) -> None:
    for seat in seats:
        seat.optimiser.step()


def _total(terms: Terms) -> Tensor:
    return functools.reduce(torch.add, terms.values())


def _grad(p: nn.Parameter) -> Tensor:
    return torch.zeros_like(p) if p.grad is None else p.grad


def _transposed_jacobian_product(
    seats: Sequence[Seat], round: Round, everyone: list[nn.Parameter], vector: list[Tensor]
) -> list[Tensor]:
    total = [torch.zeros_like(p) for p in everyone]
    parts = round.split()
    for part in parts:
        fields: list[Tensor] = []
        for seat in seats:
            with still(seat.others):
                value = _total(seat.cost(part))
            fields += _gradient(value, seat.parameters, graph=True)
        products = [(f * v).sum() for f, v in zip(fields, vector, strict=True)]
        slopes = _gradient(torch.stack(products).sum() / len(parts), everyone)
        total = [t + s for t, s in zip(total, slopes, strict=True)]
        for seat in seats:
            part.forget(seat.player.module)
    return average_tensors(total)


def _gradient(value: Tensor, of: Sequence[Tensor], graph: bool = False) -> list[Tensor]:
    return list(
        torch.autograd.grad(
            value,
            of,
            create_graph=graph,
            retain_graph=graph,
            allow_unused=True,
            materialize_grads=True,
        )
    )


class _Seen(nn.Module):
    """A cost as a module that holds another player's module, to be swapped for a while."""

    def __init__(self, module: nn.Module, cost: Callable[[Round], Terms]) -> None:
        super().__init__()
        self.module = module
        self.cost = cost

    def forward(self, part: Round) -> Terms:
        return self.cost(part)


def _foreseen(
    cost: Callable[[Round], Terms], seen: Seat, k: int, rate: float, inner: Inner
) -> Callable[[Round], Terms]:
    """Return ``cost`` as it will be after ``k`` differentiable steps of the seat ``seen``."""
    module = seen.player.module

    def call(what: Callable[[Round], Terms], values: dict[str, Tensor], part: Round) -> Terms:
        return torch.func.functional_call(_Seen(module, what), values, (part,))

    def ahead(part: Round) -> Terms:
        values: dict[str, Tensor] = {f"module.{n}": p for n, p in module.named_parameters()}
        past, memory = _means(seen)
        betas = seen.optimiser.param_groups[0].get("betas", (0.5, 0.999))
        for i in range(1, k + 1):
            now = _total(call(seen.cost, values, part))
            slopes = _gradient(now, list(values.values()), graph=True)
            ways, memory = inner(past + i, slopes, memory, betas)
            values = {n: v - rate * d for (n, v), d in zip(values.items(), ways, strict=True)}
        return call(cost, values, part)

    return ahead


def _pace(seat: Seat) -> float:
    """Return what is left of the seat's own rate, where it falls."""
    group = seat.optimiser.param_groups[0]
    first = group.get("initial_lr", group["lr"])
    return group["lr"] / first if first else 1.0


def _means(seat: Seat) -> tuple[Tensor | int, list[Tensor]]:
    """Return how often the seat has moved by Adam, and its running means, first and second."""
    states = [seat.optimiser.state.get(p, {}) for p in seat.parameters]
    if not all("exp_avg" in state for state in states):
        return 0, []
    named = [[state[key].clone() for state in states] for key in ("exp_avg", "exp_avg_sq")]
    # In double precision: 1 − β₂^m is small, and float32 leaves it five digits.
    return states[0]["step"].double(), [*named[0], *named[1]]
