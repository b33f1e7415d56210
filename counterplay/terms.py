"""What many games share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

from counterplay.game import Optimise, Round, adam, quiet
from counterplay.penalties import Charge, Penalty, charges
from counterplay.views import Noise, Step

__all__ = [
    "charged",
    "code_nll",
    "descend",
    "feature_matching",
    "headed",
    "in_chunks",
    "judged",
    "rendered",
    "warped",
]


def judged(
    critic: Callable[..., Tensor], real: tuple[Tensor, ...], fake: tuple[Tensor, ...], apart: bool
) -> tuple[Tensor, Tensor]:
    """Return the critic's values (a, b), float32 of shape (N,), on real and generated tuples.

    A tuple is what the critic is shown: (x,), (x, y), (x, z), …

    Args:
        critic: tuple's members -> (N,) or (N, 1).
        real: members of shape (N, …); none are judged when N = 0.
        fake: members of shape (M, …).
        apart: judge in two passes, as a critic needs whose batch norm would otherwise mix the
            two kinds; one pass over both is faster and the same for any other critic.
    """
    if not len(real[0]):
        return _value(real[0]), _value(critic(*fake))
    if apart:
        return _value(critic(*real)), _value(critic(*fake))
    both = (torch.cat([r, f.to(r.dtype)]) for r, f in zip(real, fake, strict=True))
    a, b = _value(critic(*both)).split([len(real[0]), len(fake[0])])
    return a, b


def headed(
    trunk: Callable[[Tensor], dict[str, Tensor]], real: Tensor, fake: Tensor, apart: bool
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return what a trunk's heads say of real and of generated examples, float32.

    Args:
        trunk: examples -> head's name -> (N, …), such as
            :class:`counterplay.networks.conditional.Trunk`.
        real: (N, …); none are judged when N = 0.
        fake: (M, …).
        apart: as for :func:`judged`.
    """
    if apart and len(real):
        both = trunk(real), trunk(fake)
    else:
        n, seen = len(real), trunk(torch.cat([real, fake.to(real.dtype)]))
        both = {k: v[:n] for k, v in seen.items()}, {k: v[n:] for k, v in seen.items()}
    a, b = ({name: value.float() for name, value in heads.items()} for heads in both)
    return a, b


def charged(
    critic: Callable[[Tensor], Tensor],
    penalties: Mapping[str, Charge | tuple[float, Penalty]],
    real: Tensor,
    fake: Tensor,
    round: Round,
    pack: int = 1,
) -> dict[str, Tensor]:
    """Return what a critic pays in this round, by name: each penalty that is due, by its weight.

    Args:
        critic: (N, …) -> (N,), of one tensor.
        penalties: name -> (weight, penalty) or :class:`counterplay.penalties.Charge`.
        real: where the penalties look.
        fake: likewise.
        round: draws the place between the two.
        pack: how many of the round's examples one row of ``real`` is.
    """
    return {
        name: charge.paid(critic, real, fake, Noise(round, name, pack))
        for name, charge in charges(penalties).items()
        if charge.due(round.step)
    }


def feature_matching(real: Tensor, fake: Tensor) -> Tensor:
    """Return the mean over features of (E f(x) − E f(G(z)))², f of shape (N, F) and (M, F).

    Batch means are matched, not pairs: which example stands beside which does not matter.
    Improved Techniques for Training GANs (Salimans et al. 2016, arXiv 1606.03498).
    """
    return (real.mean(0) - fake.mean(0)).square().mean()


def code_nll(logits: Tensor, code: Tensor) -> Tensor:
    """Return −E log Q(c | x) in nats for a categorical code: logits (N, K), c int64 (N,).

    Up to the constant H(c) this is minus the bound on the mutual information I(c; x): InfoGAN adds
    it to the costs of *both* players, so that G makes c readable and Q learns to read it.
    InfoGAN (Chen et al. 2016, arXiv 1606.03657).
    """
    return cross_entropy(logits.float(), code)


def warped(degrees: float, shear: float, stretch: float) -> Step:
    """Return the step of a view that turns, shears and stretches each picture by chance.

    The picture is looked up at R(a) · S(k, e^s, e^t) of each place, with a uniform on ±degrees, k
    on ±shear, s and t on ±stretch each; beyond its border it goes on as at the border. A code that
    is to be read off T(G) cannot be about what T hides.

    Args:
        degrees: the largest turn.
        shear: the largest shear.
        stretch: the log of the largest stretch.
    """

    def step(x: Tensor, noise: Noise, chance: Tensor) -> Tensor:
        u = noise.uniform(5).to(x.device)
        turn, k, s, t = (u[:, :4] * 2 - 1).mul((u[:, 4:] < chance).float()).unbind(1)
        a, zero = turn * (degrees * math.pi / 180), torch.zeros_like(k)
        turned = _matrix(a.cos(), -a.sin(), a.sin(), a.cos())
        drawn = _matrix((stretch * s).exp(), shear * k, zero, (stretch * t).exp())
        places = torch.cat([turned @ drawn, torch.zeros(len(x), 2, 1, device=x.device)], 2)
        with torch.autocast(x.device.type, enabled=False):
            grid = affine_grid(places, list(x.shape), align_corners=False)
            seen = grid_sample(x.float(), grid, padding_mode="border", align_corners=False)
        return seen.to(x.dtype)

    return step


Energy = Callable[[Tensor], Tensor]
"""(N, …) -> (N,): what each row is to have little of."""


def descend(
    start: Tensor,
    energies: Sequence[Energy],
    steps: int,
    *,
    move: Optimise = adam(0.1),  # noqa: B008 -- a pure function
    noise: float = 0.0,
    project: Callable[[Tensor], Tensor] | None = None,
    rng: torch.Generator | None = None,
) -> Tensor:
    """Return what a variable is after ``steps`` moves down the sum of ``energies``, as ``start``.

    Inference on what is not a network: a latent, a picture, a code. After each move x becomes
    x + ``noise`` · N(0, I), then ``project`` of it. By ``sgd(η)`` and noise sqrt(2 η) this is the
    unadjusted Langevin chain of exp(−E); into a box, a bounded change of an input. Each row goes
    its own way: moves are by elements, and energies by rows. No parameter gathers a gradient.

    Args:
        start: (N, …).
        energies: each (N, …) -> (N,).
        steps: moves, 0 or more.
        move: how, the usual way to name an optimiser.
        noise: standard deviation of what is added after a move.
        project: (N, …) -> (N, …), back to where the variable may be.
        rng: draws the noise; torch's own where it is not given.
    """
    x = nn.Parameter(start.detach().clone())
    optimiser = move([x])
    for _ in range(steps):
        with torch.enable_grad():
            energy = torch.stack([each(x).sum() for each in energies]).sum()
        (x.grad,) = torch.autograd.grad(energy, [x])
        optimiser.step()
        with torch.no_grad():
            if noise:
                x += noise * torch.randn(x.shape, generator=rng).to(x)
            if project is not None:
                x.copy_(project(x))
    return x.detach()


def _matrix(a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    return torch.stack([a, b, c, d], 1).view(-1, 2, 2)


def rendered(network: nn.Module, *inputs: Tensor) -> Tensor:
    """Return ``network`` of all rows in evaluation mode, a chunk at a time.

    Without gradients, but to inputs that ask for theirs.
    """
    with quiet(network, *inputs):
        return in_chunks(lambda *part: network(*part).float(), *inputs)


def in_chunks(draw: Callable[..., Tensor], *inputs: Tensor, size: int = 256) -> Tensor:
    """Return ``draw`` of all rows of ``inputs``, a chunk at a time: memory stays bounded."""
    chunks = zip(*(rows.split(size) for rows in inputs), strict=True)
    return torch.cat([draw(*chunk) for chunk in chunks])


def _value(output: Tensor) -> Tensor:
    return output.float().flatten()
