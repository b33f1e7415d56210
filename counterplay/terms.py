"""What many games share."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

__all__ = ["code_nll", "feature_matching", "in_chunks", "judged"]


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


def in_chunks(draw: Callable[..., Tensor], *inputs: Tensor, size: int = 256) -> Tensor:
    """Return ``draw`` of all rows of ``inputs``, a chunk at a time: memory stays bounded."""
    chunks = zip(*(rows.split(size) for rows in inputs), strict=True)
    return torch.cat([draw(*chunk) for chunk in chunks])


def _value(output: Tensor) -> Tensor:
    return output.float().flatten()
