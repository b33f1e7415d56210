"""Runs on laws that are known exactly, where covering every mode can be counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from counterplay.recipes.schema import Adam, Data, Dynamics, Gan, Mlp, Points, Recipe, WganGp
from counterplay.recipes.specs.gan import Penalties

__all__ = ["RECIPES"]


def ring_wgan_gp() -> Recipe:
    """A ring of 8 Gaussians by WGAN-GP.

    The game, its penalty of 0.1 and the scale of the data are the authors' toy script's. Theirs is
    a contour plot after 100,000 rounds; so that samples are sharp (3 standard deviations of 0.02)
    within minutes, networks are narrower, two rounds of the critic go to one of the generator, and
    a learning rate of 1e-3 falls to zero in the second half.
    """
    adam = Adam(1e-3, (0.0, 0.99))
    return Recipe(
        "ring-wgan-gp",
        Data("ring", batch=256),
        WganGp(Mlp(128, 3), penalty=0.1, critic_steps=2, latent=2, generator=adam, critic=adam),
        steps=10000,
        decay=0.5,
        ema=300.0,
        precision="float32",
        look_every=5000,
        checkpoint_every=2000,
    )


def grid_wgan_gp() -> Recipe:
    """A grid of 25 Gaussians by WGAN-GP, in more rounds than the ring."""
    return replace(ring_wgan_gp(), name="grid-wgan-gp", data=Data("grid", batch=256), steps=22000)


def gan_ring() -> Recipe:
    """A ring of 8 Gaussians by the plain logistic costs: watch the modes come and go."""
    adam = Adam(1e-4, (0.5, 0.9))
    return Recipe(
        "gan-ring",
        Data("ring", batch=256),
        Gan(Mlp(128, 2), latent=2, generator=adam, critic=adam),
        steps=10000,
        ema=200.0,
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


def plane() -> Recipe:
    """Points in the plane (spiral, moons, your own two columns) by WGAN-GP."""
    return replace(ring_wgan_gp(), name="plane", data=Data("moons", batch=256))


def _pacgan(name: str, data: str, game: Gan, steps: int, dynamics: Dynamics) -> Recipe:
    """Return a run in PacGAN's protocol, cut down to minutes on one core.

    The published ones play 400,000 rounds of 100 examples, with layers of 400 units with batch norm
    in the generator and of 200 maxout units in the critic. Here are 3 layers of 128 with ReLU where
    they do as well, and a learning rate that falls to zero in the second half of the rounds.
    """
    return Recipe(
        name,
        Data(data, batch=128),
        game,
        steps=steps,
        dynamics=dynamics,
        decay=0.5,
        ema=200.0,
        precision="float32",
        log_every=50,
        look_every=steps,
        checkpoint_every=steps // 2,
    )


_STEPS = {"ring": 8000, "grid": 20000}
"""Rounds of the systems of one slope or none; those that cost more have fewer."""
_QUICK = Adam(1e-3, (0.0, 0.99))
_STEADY = Adam(5e-4, (0.5, 0.999))
_GAN = Gan(Points(128, 3), latent=2, generator=_QUICK, critic=_QUICK)
_THEIRS = Gan(
    Points(400, 4, 200, 3, critic_activation="maxout", batch_norm=True, weights="normal"),
    latent=2,
    generator=Adam(1e-4, (0.8, 0.999)),
    critic=Adam(1e-4, (0.8, 0.999)),
)
"""The published networks and rates. The small ones lose modes of the ring (5.6 of 8 on the mean of
10 seeds), these do not; of the grid they know little after the rounds there is time for."""
_PLAIN = {"ring": _GAN, "grid": replace(_GAN, generator=_STEADY, critic=_STEADY)}
"""With no penalty the higher rate, without momentum, found fewer modes of the grid."""


def _gan(data: str) -> Recipe:
    if data == "ring":
        theirs = _pacgan("pacgan-ring-gan", data, _THEIRS, 5000, Dynamics("simultaneous"))
        return replace(theirs, data=Data(data, batch=100))
    # The larger the batch, the fewer modes are lost: 14 of 25 are found in rounds of 128 examples.
    plain = _pacgan("pacgan-grid-gan", data, _PLAIN[data], 14_000, Dynamics())
    return replace(plain, data=Data(data, batch=2000))


def _pac2(data: str) -> Recipe:
    game = replace(_PLAIN[data], pack=2)
    if data == "ring":
        return _pacgan("pacgan-ring-pac2", data, game, _STEPS[data], Dynamics())
    # Pairs are half as many, and in four dimensions: of 128 examples half the samples were blurred.
    pairs = _pacgan("pacgan-grid-pac2", data, game, 2 * _STEPS[data], Dynamics())
    return replace(pairs, data=Data(data, batch=256))


def _gp(data: str) -> Recipe:
    game = replace(_GAN, cost="wasserstein", critic_steps=2, penalties=Penalties(gradient=0.1))
    return _pacgan(f"pacgan-{data}-wgan-gp", data, game, _STEPS[data], Dynamics())


def _rpgan(data: str) -> Recipe:
    game = replace(_GAN, cost="relativistic", r1=0.1, r2=0.1)
    return _pacgan(f"pacgan-{data}-rpgan", data, game, _STEPS[data] * 3 // 5, Dynamics())


def _unrolled(data: str) -> Recipe:
    # At one rate for both the critic wins, and saturating costs teach the generator nothing; or,
    # with costs that do not saturate, four modes of eight are left. Steps are looked ahead at the
    # generator's rate, as if the critic were as fast: its own is a third.
    networks = Points(128, 2, activation="tanh", critic_activation="tanh", weights="orthogonal")
    forge, judge = Adam(1e-3, (0.5, 0.999)), Adam(3e-4, (0.5, 0.999))
    game = Gan(networks, latent=256, generator=forge, critic=judge)
    dynamics = Dynamics("unrolled", look_ahead=5, rate=1e-3, look_by="adam")
    recipe = _pacgan(f"pacgan-{data}-unrolled", data, game, 12_000, dynamics)
    return replace(recipe, data=Data(data, batch=512))  # of 128, two modes in eight were lost


def unrolled_ring() -> Recipe:
    """A ring of 8 Gaussians, the generator ten times as fast and looking five steps ahead."""
    networks = Points(128, 2, activation="tanh", critic_activation="tanh", weights="orthogonal")
    forge, judge = Adam(1e-2, (0.5, 0.999)), Adam(1e-3, (0.5, 0.999))
    return Recipe(
        "unrolled-ring",
        Data("ring", batch=128),
        Gan(networks, cost="saturating", latent=256, generator=forge, critic=judge),
        steps=1000,
        decay=0.1,
        dynamics=Dynamics("unrolled", look_ahead=5, rate=1e-3, look_by="adam"),
        precision="float32",
        look_every=1000,
        checkpoint_every=1000,
    )


def unrolled_ring_twin() -> Recipe:
    """The same, looking no step ahead: the fast generator runs from mode to mode."""
    base = unrolled_ring()
    return replace(base, name="unrolled-ring-twin", dynamics=Dynamics("simultaneous"))


def pacgan_ring_gan() -> Recipe:
    """A ring of 8 Gaussians by the plain game, whose modes are lost (PacGAN's protocol)."""
    return _gan("ring")


def pacgan_ring_pac2() -> Recipe:
    """A ring of 8 Gaussians by a critic of pairs (PacGAN's protocol)."""
    return _pac2("ring")


def pacgan_ring_wgan_gp() -> Recipe:
    """A ring of 8 Gaussians by WGAN-GP (PacGAN's protocol)."""
    return _gp("ring")


def pacgan_ring_unrolled() -> Recipe:
    """A ring of 8 Gaussians, the generator looking five critic's steps ahead (same protocol)."""
    return _unrolled("ring")


def pacgan_ring_rpgan() -> Recipe:
    """A ring of 8 Gaussians by paired costs with R1 and R2 (PacGAN's protocol)."""
    return _rpgan("ring")


def pacgan_grid_gan() -> Recipe:
    """A grid of 25 Gaussians by the plain game, whose modes are lost (PacGAN's protocol)."""
    return _gan("grid")


def pacgan_grid_pac2() -> Recipe:
    """A grid of 25 Gaussians by a critic of pairs (PacGAN's protocol)."""
    return _pac2("grid")


def pacgan_grid_wgan_gp() -> Recipe:
    """A grid of 25 Gaussians by WGAN-GP (PacGAN's protocol)."""
    return _gp("grid")


def pacgan_grid_unrolled() -> Recipe:
    """A grid of 25 Gaussians, the generator looking five critic's steps ahead (same protocol)."""
    return _unrolled("grid")


def pacgan_grid_rpgan() -> Recipe:
    """A grid of 25 Gaussians by paired costs with R1 and R2 (PacGAN's protocol)."""
    return _rpgan("grid")


RECIPES: dict[str, Callable[[], Recipe]] = {
    "unrolled-ring": unrolled_ring,
    "unrolled-ring-twin": unrolled_ring_twin,
    "pacgan-ring-gan": pacgan_ring_gan,
    "pacgan-ring-pac2": pacgan_ring_pac2,
    "pacgan-ring-wgan-gp": pacgan_ring_wgan_gp,
    "pacgan-ring-unrolled": pacgan_ring_unrolled,
    "pacgan-ring-rpgan": pacgan_ring_rpgan,
    "pacgan-grid-gan": pacgan_grid_gan,
    "pacgan-grid-pac2": pacgan_grid_pac2,
    "pacgan-grid-wgan-gp": pacgan_grid_wgan_gp,
    "pacgan-grid-unrolled": pacgan_grid_unrolled,
    "pacgan-grid-rpgan": pacgan_grid_rpgan,
    "ring-wgan-gp": ring_wgan_gp,
    "grid-wgan-gp": grid_wgan_gp,
    "gan-ring": gan_ring,
    "plane": plane,
}
