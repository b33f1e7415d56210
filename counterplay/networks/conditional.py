r"""Networks that are shown more than an example, and one network with several answers.

Three ways to show a network the class y of an example x, after which it can be asked for one:

    concatenation      h = body([x, one-hot y])              Mirza, Osindero 2014, arXiv 1411.1784
    batch norm         h ← γ_y · (h − μ) / σ + β_y           De Vries et al. 2017, arXiv 1707.00683
    projection         value = w·h(x) + e_y·φ(x)             Miyato, Koyama 2018, arXiv 1802.05637

Projection stands with the critics that have it (:class:`counterplay.networks.dcgan.ConvCritic`).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from counterplay.networks.dcgan import ConvGenerator

__all__ = ["Blind", "ClassNorm", "ClassNormGenerator", "Concatenated", "Head", "Joint", "Trunk"]


class ClassNorm(nn.Module):
    """Batch norm with each class's own gain and bias: (N, C, H, W), (N,) -> (N, C, H, W).

    The mean and the variance are those of the whole batch; γ_y and β_y alone depend on the class.
    Modulating Early Visual Processing by Language (De Vries et al. 2017, arXiv 1707.00683).

    Args:
        channels: C.
        classes: number of classes.
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gain = nn.Embedding(classes, channels)
        self.bias = nn.Embedding(classes, channels)
        nn.init.ones_(self.gain.weight)
        nn.init.zeros_(self.bias.weight)

    def forward(self, h: Tensor, y: Tensor) -> Tensor:
        """Return γ_y · norm(h) + β_y; ``y`` int64 (N,)."""
        gain, bias = (table(y)[:, :, None, None].to(h.dtype) for table in (self.gain, self.bias))
        return gain * self.norm(h) + bias


class ClassNormGenerator(nn.Module):
    """A convolutional generator that is shown the class by its batch norms alone.

    (N, latent), (N,) -> (N, channels, size, size) in [-1, 1]. It is
    :class:`counterplay.networks.dcgan.ConvGenerator` with :class:`ClassNorm` in the place of every
    batch norm; the arguments are the same.
    """

    def __init__(
        self,
        latent: int,
        channels: int,
        size: int,
        width: int = 64,
        classes: int = 10,
        upsample: str = "transposed",
        inner: int = 0,
    ) -> None:
        super().__init__()
        plain = ConvGenerator(latent, channels, size, width, 0, upsample, inner)
        self.start, self.project = plain.start, plain.project
        norms, blocks = _cut_at_norms(plain.body)
        self.norms = nn.ModuleList(ClassNorm(n.num_features, classes) for n in norms)
        self.blocks = nn.ModuleList(blocks)

    def forward(self, z: Tensor, y: Tensor) -> Tensor:
        """Return images of the classes ``y``, int64 (N,)."""
        h = self.project(z).view(-1, *self.start).contiguous(memory_format=torch.channels_last)
        for norm, block in zip(self.norms, self.blocks, strict=True):
            h = block(norm(h, y))
        return h


def _cut_at_norms(body: nn.Sequential) -> tuple[list[nn.BatchNorm2d], list[nn.Sequential]]:
    """Return a body that begins with a norm as its norms, and what follows each."""
    norms: list[nn.BatchNorm2d] = []
    runs: list[list[nn.Module]] = []
    for layer in body:
        if isinstance(layer, nn.BatchNorm2d):
            norms.append(layer)
            runs.append([])
        else:
            runs[-1].append(layer)
    return norms, [nn.Sequential(*run) for run in runs]


class Concatenated(nn.Module):
    """A network that is shown the class beside its input: as columns, or as constant planes.

    (N, D), (N,) -> network of (N, D + classes); (N, C, H, W), (N,) -> network of
    (N, C + classes, H, W).

    Args:
        network: takes the wider input.
        classes: number of classes.
    """

    def __init__(self, network: nn.Module, classes: int) -> None:
        super().__init__()
        self.network = network
        self.classes = classes

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the network's value at ``x`` beside one-hot ``y``, int64 (N,)."""
        hot = one_hot(y, self.classes).to(x.dtype)
        planes = hot.view(*hot.shape, *[1] * (x.ndim - 2)).expand(-1, -1, *x.shape[2:])
        return self.network(torch.cat([x, planes], 1))


class Blind(nn.Module):
    """A critic that is handed the class and does not look: nothing ties what it judges to y.

    Args:
        network: examples -> (N,) or (N, 1).
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the network's value at ``x``."""
        return self.network(x)


class Joint(nn.Module):
    """A network on pairs: (N, …), (N, L) -> head([body(x), z]).

    Args:
        body: examples -> features, flattened to (N, F).
        head: (N, F + L) -> (N,) or (N, 1).
    """

    def __init__(self, body: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.head = head

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        """Return the value of the pair (x, z)."""
        h = self.body(x).flatten(1)
        return self.head(torch.cat([h, z.to(h.dtype)], 1))


class Trunk(nn.Module):
    """One body with named heads: the critic's value, the classes, a code, features.

    Args:
        body: inputs -> features h.
        heads: name -> network on h. A tap on h itself is ``nn.Identity()``.
    """

    def __init__(self, body: nn.Module, heads: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.body = body
        self.heads = nn.ModuleDict(heads)

    def forward(self, *inputs: Tensor) -> dict[str, Tensor]:
        """Return each head's output by its name."""
        h = self.body(*inputs)
        return {name: head(h) for name, head in self.heads.items()}


class Head(nn.Module):
    """One head of a trunk as a network of its own.

    Args:
        trunk: inputs -> head's name -> output.
        name: of the head.
    """

    def __init__(self, trunk: nn.Module, name: str) -> None:
        super().__init__()
        self.trunk = trunk
        self.name = name

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the head's output."""
        return self.trunk(*inputs)[self.name]
