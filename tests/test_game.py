"""The rules of DESIGN §4 over the table of all games."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest
import torch
from game_rows_autoencoders import ROWS as AUTOENCODER_ROWS
from game_rows_autoregressive import ROWS as AUTOREGRESSIVE_ROWS
from game_rows_boltzmann import ROWS as BOLTZMANN_ROWS
from game_rows_few import ROWS as FEW_ROWS
from game_rows_flows import ROWS as FLOW_ROWS
from game_rows_networks import ROWS
from game_rows_sequences import ROWS as SEQUENCE_ROWS
from game_rows_typed import ROWS as TYPED_ROWS
from game_rows_vae import ROWS as VAE_ROWS
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from counterplay.check import check_game
from counterplay.costs import COSTS, feature_matching, noisy, non_saturating, relativistic, smoothed
from counterplay.dynamics import (
    alternating,
    consensus,
    extragradient,
    optimistic,
    simultaneous,
    unrolled,
)
from counterplay.game import Batch, Law, Round, generator, rmsprop, seeded
from counterplay.games import ACGAN, GAN, VAE, BiGAN, InfoGAN, wgan_gp
from counterplay.games.bigan import drawn
from counterplay.games.typed import TypedVAE
from counterplay.latents import Renders
from counterplay.laws import Labels, Normal, Uniform
from counterplay.networks import (
    MLP,
    ClassNormGenerator,
    Concatenated,
    ConditionalMLP,
    ConvCritic,
    ConvEncoder,
    ConvGenerator,
    Joint,
    Trunk,
)
from counterplay.networks.minibatch import MINIBATCH, compared
from counterplay.penalties import (
    PENALTIES,
    Charge,
    clipped,
    consistency,
    gradient_penalty,
    r1,
    r2,
)
from counterplay.terms import warped
from counterplay.views import AUGMENTATIONS, Adapt, View, instance_noise

LABELS = Labels((0.25,) * 4)


def points(n: int = 8) -> Batch:
    rng = generator("points")
    return Batch(torch.randn(n, 2, generator=rng), torch.randint(4, (n,), generator=rng))


def pictures(n: int = 8) -> Batch:
    rng = generator("pictures")
    return Batch(
        torch.rand(n, 1, 16, 16, generator=rng) * 2 - 1, torch.randint(4, (n,), generator=rng)
    )


def convolutional(norm: str, classes: int = 0, **options: object) -> GAN:
    return GAN(
        ConvGenerator(4, 1, 16, 4, classes, options.pop("upsample", "transposed")),
        ConvCritic(1, 16, 4, classes, norm),
        Normal(4),
        labels=LABELS if classes else None,
        **options,
    )


def trunk(norm: str, **heads: int) -> Trunk:
    linear = {name: nn.Linear(6, width) for name, width in heads.items()}
    return Trunk(ConvEncoder(1, 16, 6, 4, norm), linear)


GAMES = {
    "gan on points": (lambda: GAN(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2)), points),
    "conditional gan on points": (
        lambda: GAN(
            ConditionalMLP([2, 8, 2], 4), ConditionalMLP([2, 8, 1], 4), Normal(2), labels=LABELS
        ),
        points,
    ),
    "wgan-gp on points": (
        lambda: wgan_gp(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), critic_steps=2),
        points,
    ),
    "gan with batch norm": (lambda: convolutional("batch"), pictures),
    "gan with spectral norm": (lambda: convolutional("spectral", classes=4), pictures),
    "gan with group norm and r1": (
        lambda: convolutional("group", 4, penalties={"r1": (1.0, r1)}),
        pictures,
    ),
    "gan by resizing": (
        lambda: convolutional("none", upsample="resize", penalties={"r1": (1.0, r1)}),
        pictures,
    ),
    "relativistic gan with r1 and r2": (
        lambda: convolutional(
            "none", 4, cost=relativistic, penalties={"r1": (1.0, r1), "r2": (1.0, r2)}
        ),
        pictures,
    ),
    "gan with the class in batch norm and beside the picture": (
        lambda: GAN(
            ClassNormGenerator(4, 1, 16, 4, 4),
            Concatenated(ConvCritic(1 + 4, 16, 4), 4),
            Normal(4),
            labels=LABELS,
        ),
        pictures,
    ),
    "ac-gan on points": (
        lambda: ACGAN(
            ConditionalMLP([2, 8, 2], 4),
            Trunk(MLP([2, 8]), {"critic": nn.Linear(8, 1), "class": nn.Linear(8, 4)}),
            Normal(2),
            LABELS,
        ),
        points,
    ),
    "relativistic ac-gan with r1": (
        lambda: ACGAN(
            ConvGenerator(4, 1, 16, 4, 4),
            trunk("none", **{"critic": 1, "class": 4}),
            Normal(4),
            LABELS,
            cost=relativistic,
            penalties={"r1": (1.0, r1)},
        ),
        pictures,
    ),
    "infogan with batch norm": (
        lambda: InfoGAN(
            ConvGenerator(4 + 3 + 1, 1, 16, 4),
            trunk("batch", critic=1, code=3 + 1),
            Uniform(4),
            categories=3,
            places=1,
        ),
        pictures,
    ),
    "infogan with spectral norm": (
        lambda: InfoGAN(
            MLP([2 + 4, 8, 2]),
            Trunk(MLP([2, 8]), {"critic": spectral_norm(nn.Linear(8, 1)), "code": MLP([8, 4])}),
            Uniform(2),
            categories=4,
            places=0,
        ),
        points,
    ),
    "infogan through a warp": (
        lambda: InfoGAN(
            ConvGenerator(4 + 3 + 1, 1, 16, 4),
            trunk("none", critic=1, code=3 + 1),
            Uniform(4),
            categories=3,
            places=1,
            view=View({"warp": warped(20, 0.3, 0.2)}),
        ),
        pictures,
    ),
    "bigan on points with r1 and r2": (
        lambda: BiGAN(
            MLP([2, 8, 3]),
            MLP([3, 8, 2]),
            Joint(MLP([2, 8]), MLP([8 + 3, 8, 1])),
            Normal(3),
            penalties={"r1": (1.0, r1), "r2": (1.0, r2)},
        ),
        points,
    ),
    "ali on pictures": (
        lambda: BiGAN(
            ConvEncoder(1, 16, 2 * 4, 4),
            ConvGenerator(4, 1, 16, 4),
            Joint(ConvEncoder(1, 16, 6, 4), MLP([6 + 4, 8, 1])),
            Normal(4),
            posterior=drawn,
        ),
        pictures,
    ),
    **{
        f"gan by {name}": (
            lambda cost=cost: GAN(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), cost=cost),
            points,
        )
        for name, cost in {
            **COSTS,
            "smoothed labels": smoothed(),
            "noisy labels": noisy(non_saturating, 0.1),
        }.items()
    },
    # Batch means are matched: the mean over two halves is another cost.
    "gan by features": (
        lambda: GAN(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), cost=feature_matching()),
        points,
        {"whole": ("generator",)},
    ),
    **{
        f"gan with {name}": (
            lambda penalty=penalty: GAN(
                MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), penalties={"it": penalty}
            ),
            points,
        )
        for name, penalty in {
            **{name: Charge(1.0, penalty) for name, penalty in PENALTIES.items()},
            "a lazy penalty": Charge(1.0, r1, every=3),
            "consistency": Charge(1.0, consistency(View({"noise": instance_noise(0.5, 10**6)}))),
        }.items()
    },
    "gan with clipped weights": (
        lambda: GAN(
            MLP([2, 8, 2]),
            MLP([2, 8, 1]),
            Normal(2),
            cost=COSTS["wasserstein"],
            moves=(clipped(rmsprop(5e-3), 0.1), rmsprop(5e-3)),
        ),
        points,
    ),
    "gan on packs with a penalty": (
        lambda: GAN(
            MLP([2, 8, 2]),
            MLP([4, 8, 1]),
            Normal(2),
            view=View({"noise": instance_noise(0.1, 30)}, pack=2),
            penalties={"gradient_penalty": (0.1, gradient_penalty)},
        ),
        points,
    ),
    "gan with historical averaging": (
        lambda: GAN(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), history=0.1),
        points,
    ),
    **{
        f"gan with minibatch {kind}": (
            lambda kind=kind: GAN(
                ConvGenerator(4, 1, 16, 4), compared(ConvCritic(1, 16, 4), kind), Normal(4)
            ),
            pictures,
        )
        for kind in MINIBATCH
    },
    "gan with adaptive augmentation and r1": (
        lambda: convolutional(
            "group",
            4,
            view=View(AUGMENTATIONS, chance=0.3, adapt=Adapt(examples=2000, every=2)),
            penalties={"r1": (1.0, r1)},
        ),
        pictures,
    ),
    **ROWS,
    **FEW_ROWS,
    **AUTOENCODER_ROWS,
    **BOLTZMANN_ROWS,
    **VAE_ROWS,
    **TYPED_ROWS,
    **FLOW_ROWS,
    **AUTOREGRESSIVE_ROWS,
    **SEQUENCE_ROWS,
    "vae on points": (lambda: VAE(MLP([2, 8, 4]), MLP([2, 8, 2]), 2), points),
    "vae on pictures": (
        lambda: VAE(ConvEncoder(1, 16, 4, 4), ConvGenerator(2, 1, 16, 4), 2),
        pictures,
    ),
}

DYNAMICS = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "extragradient": extragradient,
    "optimistic": optimistic,
    "consensus": consensus(0.1),
    "unrolled": unrolled(2, 0.01),
}


@pytest.mark.parametrize("name", GAMES)
def test_every_game_keeps_the_rules(name: str) -> None:
    make, batch, *options = GAMES[name]
    with seeded("test"):
        game = make()
    check_game(game, batch(), **(options[0] if options else {}))
    # Cells of tables have no slope.
    if (
        isinstance(game, Renders)
        and isinstance(game.latent, Law)
        and not isinstance(game, TypedVAE)
    ):
        _renders_with_gradients_for_latents_that_ask_and_for_none_else(game)


def _renders_with_gradients_for_latents_that_ask_and_for_none_else(game: Any) -> None:
    z, labels = game.latent.sample(3, generator(0)), getattr(game, "labels", None)
    shown_classes = labels is not None or "y" in _needed(game.render)
    condition = (torch.zeros(3, dtype=torch.int64),) if shown_classes else ()
    x = game.render(z, *condition)
    assert not x.requires_grad
    weight = torch.randn(x.shape, generator=generator(1))
    made = game.render(z.requires_grad_(), *condition)
    (slope,) = torch.autograd.grad((made * weight).sum(), [z])
    assert bool((slope != 0).any(1).all())
    with torch.no_grad():
        assert not game.render(z, *condition).requires_grad


def _needed(render: Callable[..., object]) -> list[str]:
    return [
        each.name for each in signature(render).parameters.values() if each.default is each.empty
    ]


@pytest.mark.parametrize("how", DYNAMICS)
def test_every_dynamics_resumes_bit_for_bit(how: str) -> None:
    with seeded("test"):
        game = convolutional("batch")
    check_game(game, pictures(), dynamics=DYNAMICS[how])


def test_the_generator_is_computed_once_a_round_and_its_batch_norm_counts_once() -> None:
    with seeded("test"):
        game = convolutional("batch")
    calls = []
    game.generator.register_forward_hook(lambda *_: calls.append(1))
    from counterplay.train import State, train

    state = State(game)
    for _ in train(game, [pictures()] * 3, state=state):
        pass
    counts = [
        b for name, b in game.generator.named_buffers() if name.endswith("num_batches_tracked")
    ]
    assert len(calls) == 3
    assert {int(c) for c in counts} == {3}


def test_critic_rounds_build_no_generator_graph() -> None:
    game = wgan_gp(MLP([2, 8, 2]), MLP([2, 8, 1]), Normal(2), critic_steps=5)
    assert not game.fake(Round(points(), step=0))[0].requires_grad
    assert game.fake(Round(points(), step=4))[0].requires_grad
