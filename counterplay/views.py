r"""What is done to examples before a critic sees them.

Notation: x (N, …) are examples, real or generated, T a random map of one example, differentiable in
it. Where the critic is shown T(x) and T(G(z)) with T of *one* law for both, the players still meet
at q = p, for a family of maps that does not lose the law it acts on: Differentiable Augmentation
for Data-Efficient GAN Training (Zhao et al. 2020, arXiv 2006.10738). Real examples alone being
augmented, the generator would learn the augmentations.

A step is T as a function ``(x, noise, chance) -> x`` that keeps shapes; ``chance`` is how often it
is applied, example by example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from counterplay.errors import UserError
from counterplay.game import Round

__all__ = [
    "AUGMENTATIONS",
    "Adapt",
    "Noise",
    "Step",
    "View",
    "colour",
    "cutout",
    "instance_noise",
    "packed",
    "translation",
]


@dataclass(frozen=True)
class Noise:
    """The noise of one purpose in one round: a function of (seed, step, scope).

    Attributes:
        round: draws for the global batch and shares it out.
        scope: what it is for; noises of other scopes are independent of it.
        stride: every ``stride``-th draw is used, for packs of that many examples.
    """

    round: Round
    scope: str
    stride: int = 1

    @property
    def step(self) -> int:
        """The round's number."""
        return self.round.step

    def uniform(self, *shape: int) -> Tensor:
        """Return uniform noise on [0, 1), (N / stride, *shape); the same when asked again."""
        return self.round.uniform(self.scope, *shape)[:: self.stride]

    def normal(self, *shape: int) -> Tensor:
        """Return standard normal noise, (N / stride, *shape); the same when asked again."""
        return self.round.normal(self.scope, *shape)[:: self.stride]

    def within(self, name: str) -> Noise:
        """Return the noise of a part of this purpose."""
        return Noise(self.round, f"{self.scope}/{name}", self.stride)


Step = Callable[[Tensor, Noise, Tensor], Tensor]
"""(x, noise, chance) -> T(x), shaped as x; the chance is a scalar."""


def colour(x: Tensor, noise: Noise, chance: Tensor) -> Tensor:
    """Shift brightness by U[-½, ½], scale saturation by U[0, 2] and contrast by U[½, 3/2].

    Each of the three is applied with probability ``chance``. Of grey pictures the saturation is
    what it was.
    """
    _pictures(x, "colour")
    u, used = noise.uniform(6).to(x.dtype).view(-1, 6, 1, 1, 1).split(3, 1)
    used = (used < chance).to(x.dtype)
    x = x + (u[:, 0] - 0.5) * used[:, 0]
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + (2 * u[:, 1] - 1) * used[:, 1])
    mean = x.mean((1, 2, 3), keepdim=True)
    return mean + (x - mean) * (1 + (u[:, 2] - 0.5) * used[:, 2])


def translation(x: Tensor, noise: Noise, chance: Tensor) -> Tensor:
    """Move each picture by whole pixels, up to an eighth of its side, and fill up with 0 (grey)."""
    _pictures(x, "translation")
    n, channels, height, width = x.shape
    far = (height + 4) // 8, (width + 4) // 8
    u = noise.uniform(3)
    used = (u[:, 2] < chance).long()
    down, right = (
        (u[:, i] * (2 * f + 1)).long() * used + (1 - used) * f for i, f in enumerate(far)
    )
    rows = (torch.arange(height, device=x.device) + down[:, None]).view(n, 1, height, 1)
    columns = (torch.arange(width, device=x.device) + right[:, None]).view(n, 1, 1, width)
    each = torch.arange(n, device=x.device).view(n, 1, 1, 1)
    depth = torch.arange(channels, device=x.device).view(1, channels, 1, 1)
    return pad(x, (far[1], far[1], far[0], far[0]))[each, depth, rows, columns]


def cutout(x: Tensor, noise: Noise, chance: Tensor) -> Tensor:
    """Set a square of half the picture's side to 0 (grey), its centre anywhere in the picture."""
    _pictures(x, "cutout")
    u = noise.uniform(3)
    hidden = (u[:, 2] < chance).view(-1, 1, 1)
    for i, side in enumerate(x.shape[2:]):
        centre = (u[:, i] * side).floor().view(-1, 1)
        away = torch.arange(side, device=x.device) - centre
        inside = (away >= -(side // 4)) & (away < (side + 1) // 2 - side // 4)
        hidden = hidden & (inside[:, :, None] if i == 0 else inside[:, None, :])
    return x * (~hidden)[:, None].to(x.dtype)


AUGMENTATIONS: dict[str, Step] = {
    "colour": colour,
    "translation": translation,
    "cutout": cutout,
}
"""DiffAugment's three (Zhao et al. 2020, arXiv 2006.10738), for pictures (N, C, H, W)."""


def instance_noise(std: float, rounds: int) -> Step:
    """Return the step that adds N(0, s²) to each number, s falling from ``std`` to 0 in ``rounds``.

    It makes the supports of p and q overlap, and with them D* smooth: Amortised MAP Inference for
    Image Super-resolution (Sønderby et al. 2016, arXiv 1610.04490). It is added whatever the
    chance.
    """

    def step(x: Tensor, noise: Noise, chance: Tensor) -> Tensor:
        now = std * max(0.0, 1 - noise.step / rounds)
        return x + now * noise.normal(*x.shape[1:]).to(x.dtype) if now else x

    return step


def packed(x: Tensor, m: int) -> Tensor:
    """Return ``m`` examples after each other as one: (N, D, …) -> (N / m, m D, …).

    A critic of packs sees the lack of variety that no single example shows. PacGAN (Lin et al.
    2018, arXiv 1712.04086). Packs are a critic's examples like any others: penalties look at each
    by itself.

    Raises:
        UserError: when ``m`` does not divide N.
    """
    if m == 1:
        return x
    if len(x) % m:
        raise UserError(
            f"a batch of {len(x)} cannot be packed by {m}; take one that is a multiple of {m}"
        )
    return x.unflatten(0, (-1, m)).flatten(1, 2)


@dataclass(frozen=True)
class Adapt:
    """How the strength of augmentation follows the critic's overfitting.

    With r = E sign f(x) on real examples, every ``every`` rounds p moves by one step, up where r is
    above ``target`` and down where it is below, so large that p crosses [0, 1] in ``examples`` real
    examples. It stays below ``most``: up to there no augmentation can be mistaken for the data's
    own. Training GANs with Limited Data (Karras et al. 2020, arXiv 2006.06676).

    Attributes:
        target: of r, in (-1, 1).
        examples: how many real examples the critic is shown while p goes from 0 to 1.
        every: rounds between steps.
        most: the largest p.
    """

    target: float = 0.6
    examples: int = 500_000
    every: int = 4
    most: float = 0.8


class View(nn.Module):
    """What a critic is shown of examples: the steps one after the other, then packs.

    Args:
        steps: name -> step; the names tell their noises apart.
        pack: how many examples make one.
        chance: how often each step is applied; at the start, where it adapts.
        adapt: how the chance follows the critic, or ``None``. Its state is in buffers, and no
            value leaves the device.
    """

    chance: Tensor
    signs: Tensor
    heard: Tensor
    window: Tensor

    def __init__(
        self,
        steps: Mapping[str, Step] = {},
        *,
        pack: int = 1,
        chance: float = 1.0,
        adapt: Adapt | None = None,
    ) -> None:
        super().__init__()
        self.steps = dict(steps)
        self.pack = pack
        self.adapt = adapt
        if adapt is None:
            self.chance = torch.tensor(float(chance))
            return
        self.register_buffer("chance", torch.tensor(float(chance)))
        self.register_buffer("signs", torch.zeros(()))
        self.register_buffer("heard", torch.zeros(()))
        self.register_buffer("window", torch.zeros((), dtype=torch.int64))

    def forward(self, x: Tensor, noise: Noise, *, rest: bool = True) -> Tensor:
        """Return what the critic is shown of ``x``, (N / pack, …).

        Without ``rest`` what fills no pack is left out, so that any number may be looked at.
        """
        for name, step in self.steps.items():
            x = step(x, noise.within(name), self.chance)
        return packed(x if rest else x[: len(x) // self.pack * self.pack], self.pack)

    @torch.no_grad()
    def turn(self, round: Round) -> None:
        """Begin a round: move the chance, by what was heard, when its time has come.

        Before anything is shown, so that all parts and processes of a round see with one chance.
        """
        if self.adapt is None:
            return
        shown = len(round.batch.x) * round.shard[1] * self.adapt.every
        now = round.step // self.adapt.every
        due = (self.window != now).float()
        side = torch.sign(self.signs / self.heard.clamp(min=1) - self.adapt.target)
        moved = self.chance + side * (due * (self.heard > 0) * shown / self.adapt.examples)
        self.chance.copy_(moved.clamp(0, self.adapt.most))
        self.signs.mul_(1 - due)
        self.heard.mul_(1 - due)
        self.window.fill_(now)

    @torch.no_grad()
    def hear(self, real: Tensor) -> None:
        """Take note of the critic's values of real examples, (N / pack,)."""
        if self.adapt is not None:
            self.signs.add_(real.sign().mean())
            self.heard.add_(1)


def _pictures(x: Tensor, what: str) -> None:
    if x.ndim != 4:
        raise UserError(
            f"{what} augments pictures (N, C, H, W), not {tuple(x.shape)}; instance noise does both"
        )
