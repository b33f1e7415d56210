"""A judge: a small classifier trained on the user's own labels, whose features metrics look at.

Three halvings of the image by strided 3×3 convolutions with batch norm (32, 64, 64, 128, 128
channels), the mean over what is left of the image (the 128 features), one linear layer. Trained by
AdamW on a one-cycle schedule for as many examples as the data deserves. A function of (examples,
labels, seed) on one machine: nothing global is drawn from or changed.

An *independent* judge, for figures that a generator trained beside the first one cannot have
been fitted to, is the same with another seed and name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from counterplay.errors import UserError
from counterplay.game import generator, quiet
from counterplay.metrics.checks import check_finite
from counterplay.metrics.keep import fingerprint, recall, remember

__all__ = ["Judge", "judge", "judge_network"]

VERSION = 1
"""Counts changes to the network or its training, so that no older cache is taken for it."""

BATCH = 128
PIXELS = 1 << 19
"""How many numbers of input go through the network at a time when it judges."""


@dataclass(frozen=True)
class Judge:
    """A trained classifier. Its features are the last before the classes, of order one.

    Attributes:
        name: what metrics are reported under.
        network: examples (N, C, H, W) -> (features (N, 128), logits (N, K)).
        centre: the mean features of its training examples, (128,).
        scale: the root of the mean variance of those features.
        shape: of the examples it was trained on.
        accuracy: the share of held-out examples of which it tells the class.
        held_out: how many those are.
    """

    name: str
    network: nn.Module
    centre: Tensor
    scale: float
    shape: tuple[int, ...]
    accuracy: float
    held_out: int

    def __call__(self, x: Tensor) -> Tensor:
        """Return the centred and scaled features, float32 (N, 128), in evaluation mode.

        Raises:
            UserError: for examples of another shape, none, or non-finite values.
        """
        return torch.cat(
            [(seen - self.centre.to(seen)) / self.scale for seen, _ in self._outputs(x)]
        )

    def classify(self, x: Tensor) -> Tensor:
        """Return the probabilities of the classes, float32 (N, K); raises as calling it does."""
        return torch.cat([logits.softmax(1) for _, logits in self._outputs(x)])

    def _outputs(self, x: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        if tuple(x.shape[1:]) != self.shape or len(x) == 0:
            raise UserError(
                f"judge {self.name!r} was trained on examples of shape {self.shape}, "
                f"got {tuple(x.shape)}: give at least one example of its shape"
            )
        check_finite(x, f"the sample given to judge {self.name!r}")
        return _outputs(self.network, x)


def judge(
    x: Tensor,
    y: Tensor,
    classes: int,
    *,
    seed: int = 0,
    cache: Path | None = None,
    test: tuple[Tensor, Tensor] | None = None,
    name: str = "judge",
    examples: int | None = None,
) -> Judge:
    """Train a judge on labelled images, or take the same one from the cache.

    Args:
        x: images as networks see them, (N, C, H, W) in [-1, 1], squares of 8 to 128 pixels.
        y: int64 (N,), their classes, 0 to ``classes`` - 1.
        classes: how many classes there are.
        seed: of weights, order and the held-out tenth.
        cache: a folder for trained judges, made if need be; ``None`` keeps nothing. A judge is
            found again by the content of its examples. One that cannot be read is trained anew.
        test: held-out images and classes for the accuracy; a tenth of ``x`` when ``None``, which
            then is not trained on.
        name: what its metrics are reported under.
        examples: how many examples to train on, repeats counted; see :func:`training_length`.

    Raises:
        UserError: for images that are no float squares of at least 8 pixels, classes that do not
            fit, a single class, fewer than 20 images, non-finite values, or a cache folder that
            cannot be made.
    """
    _check(x, y, classes)
    length = training_length(len(x)) if examples is None else examples
    words = (VERSION, classes, seed, length, test is None)
    key = "" if cache is None else fingerprint(x, y, *(test or ()), words=words)
    found = None if cache is None else recall(cache, key)
    train, held = _parts(x, y, test, seed)
    network = judge_network(x.shape[1], x.shape[-1], classes, seed).to(x.device)
    if found is None or not _restore(network, found[0]):
        _train(network, *train, length, seed)
        found = _state(network, train[0], held)
        if cache is not None:
            remember(cache, key, *found)
    tensors, facts = found
    return Judge(
        name=name,
        network=network,
        centre=tensors["centre"],
        scale=facts["scale"],
        shape=tuple(x.shape[1:]),
        accuracy=facts["accuracy"],
        held_out=int(facts["held_out"]),
    )


def training_length(n: int) -> int:
    """Return on how many examples to train, repeats counted, given ``n`` different ones.

    Twenty times the data, but no more than 80,000 or 1½ times the data, whichever is more.
    """
    return min(20 * n, max(80_000, n + n // 2))


class _Judge(nn.Module):
    """The trunk and the classes: examples -> (features, logits)."""

    def __init__(self, trunk: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.trunk, self.head = trunk, head

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = self.trunk(x)
        return features, self.head(features)


def judge_network(channels: int, size: int, classes: int, seed: int) -> nn.Module:
    """Return an untrained judge's network: a first layer that brings any size to about 16 pixels.

    Weights are He-normal from ``seed``; the global generator is not touched.
    """
    step = max(1, round(size / 16))

    def block(before: int, after: int, stride: int, reach: int = 1) -> list[nn.Module]:
        convolution = nn.Conv2d(before, after, 2 * reach + 1, stride, reach, bias=False)
        return [convolution, nn.BatchNorm2d(after), nn.ReLU()]

    with torch.device("meta"):
        trunk = nn.Sequential(
            *block(channels, 32, step, step),
            *block(32, 64, 2),
            *block(64, 64, 1),
            *block(64, 128, 2),
            *block(128, 128, 1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        network = _Judge(trunk, nn.Linear(128, classes))
    network = network.to_empty(device="cpu")
    rng = generator(seed, "judge")
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()  # ones and zeros: nothing is drawn
        elif isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=rng)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _check(x: Tensor, y: Tensor, classes: int) -> None:
    if x.dim() != 4 or not x.is_floating_point() or x.shape[2] != x.shape[3] or x.shape[2] < 8:
        raise UserError(
            f"a judge was asked for on {x.dtype} examples of shape {tuple(x.shape)}: it takes "
            "float images (N, C, H, W) in [-1, 1], squares of at least 8 pixels"
        )
    if len(x) != len(y) or len(x) < 20:
        raise UserError(
            f"a judge was asked for on {len(x)} images with {len(y)} labels: "
            "it takes one label an image, and at least 20 images"
        )
    if classes < 2 or int(y.min()) < 0 or int(y.max()) >= classes:
        raise UserError(
            f"a judge of {classes} classes was asked for, labels go from {int(y.min())} to "
            f"{int(y.max())}: labels are 0 to classes - 1, with at least 2 classes"
        )
    check_finite(x, "the training sample of the judge")


Labelled = tuple[Tensor, Tensor]


def _parts(x: Tensor, y: Tensor, test: Labelled | None, seed: int) -> tuple[Labelled, Labelled]:
    """Return what to train on and what to hold out."""
    if test is not None:
        return (x, y), test
    order = torch.randperm(len(x), generator=generator(seed, "judge", "held out")).to(x.device)
    held, kept = order[: len(x) // 10], order[len(x) // 10 :]
    return (x[kept], y[kept]), (x[held], y[held])


def _train(network: nn.Module, x: Tensor, y: Tensor, length: int, seed: int) -> None:
    """Minimise the cross-entropy over ``length`` examples."""
    batch = min(BATCH, len(x))
    steps = max(1, length // batch)
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=1e-2, fused=True)
    network.train()
    for step, chosen in zip(range(steps), _batches(len(x), batch, seed), strict=False):
        optimiser.param_groups[0]["lr"] = _rate(step / steps)
        seen = x[chosen.to(x.device)].contiguous(memory_format=torch.channels_last)
        with torch.autocast(x.device.type, torch.bfloat16, enabled=_fast_bf16(x.device)):
            _, logits = network(seen)
        cost = functional.cross_entropy(logits.float(), y[chosen.to(y.device)].to(x.device))
        optimiser.zero_grad(set_to_none=True)
        cost.backward()
        optimiser.step()
    network.eval().requires_grad_(False)


def _batches(n: int, batch: int, seed: int) -> Iterator[Tensor]:
    """Yield batches of indices for ever, a new order each time round; the short last one goes."""
    epoch = 0
    while True:
        order = torch.randperm(n, generator=generator(seed, "judge", "order", epoch))
        yield from order.split(batch)[: n // batch]
        epoch += 1


def _rate(t: float) -> float:
    """Return the learning rate at the share ``t`` of the training: up for a fifth, then down."""
    warm, most = 0.2, 1e-2
    return most * (
        t / warm if t < warm else 0.5 * (1 + math.cos(math.pi * (t - warm) / (1 - warm)))
    )


def _fast_bf16(device: torch.device) -> bool:
    """Return whether bf16 is faster than float32 there: on a processor without it, it is slower."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    try:
        able = torch.cpu.get_capabilities()
    except AttributeError:  # a torch that cannot tell
        return False
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _outputs(network: nn.Module, x: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (features, logits) of chunks of ``x``, float32, on its device."""
    network.to(x.device)
    rows = max(1, PIXELS // x[0].numel())
    for part in x.detach().split(rows):
        with quiet(network), torch.autocast(x.device.type, enabled=False):
            outputs = network(part.float().contiguous(memory_format=torch.channels_last))
        yield outputs


Kept = tuple[dict[str, Tensor], dict[str, float]]


def _state(network: nn.Module, x: Tensor, held: Labelled) -> Kept:
    """Return the tensors and the facts of a judge just trained."""
    features = torch.cat([seen for seen, _ in _outputs(network, x[:10_000])])
    right = torch.cat([logits.argmax(1) for _, logits in _outputs(network, held[0])])
    accuracy = float((right == held[1].to(right.device)).double().mean())
    scale = float(features.var(0).mean().sqrt().clamp(min=1e-12))
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    facts = {"accuracy": accuracy, "held_out": len(held[0]), "scale": scale}
    return {**tensors, "centre": features.mean(0)}, facts


def _restore(network: nn.Module, tensors: dict[str, Tensor]) -> bool:
    """Load the network from cached tensors; say whether they fitted."""
    own = {f"network.{name}": value for name, value in network.state_dict().items()}
    expected = {name: value.shape for name, value in own.items()} | {"centre": (128,)}
    if {name: tuple(value.shape) for name, value in tensors.items()} != {
        name: tuple(shape) for name, shape in expected.items()
    }:
        return False
    for name, value in own.items():
        value.copy_(tensors[name])
    network.eval().requires_grad_(False)
    return True
