"""The path length of a trained game, as an entry of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from counterplay.metrics.judge import Judge
    from counterplay.recipes.samples import Sampler

__all__ = ["with_path_length"]

WAYS = 1000


def with_path_length(
    found: dict[str, Any],
    sampler: Sampler,
    train: Tensor,
    judge: Judge | None,
    seed: int,
    ema: bool,
) -> None:
    """Add the entry ``path_length/FEATURES`` to an evaluation, or a note why it cannot be had.

    Ways are arcs between latents where the latents are normal, and lines where they are not; of a
    game that is shown classes, in its first class. The entry has no value of real data: real
    examples have no latents.

    Args:
        found: the evaluation.
        sampler: of the game.
        train: training examples, from which features are chosen.
        judge: the classifier whose features are taken, if there is one.
        seed: of the latents.
        ema: whether the networks are averaged ones.
    """
    from counterplay.game import generator
    from counterplay.latents.paths import PATHS
    from counterplay.latents.powers import renders, shown
    from counterplay.laws import Normal
    from counterplay.metrics import choose_features
    from counterplay.metrics.path_length import path_length

    try:
        game = renders(sampler.game)
    except UserError as error:
        found["notes"].append(f"path_length was not measured: {error}")
        return
    rng = generator(seed, "path length", "latents")
    start, end = (game.latent.sample(WAYS, rng) for _ in range(2))
    way = PATHS["arc" if isinstance(game.latent, Normal) else "line"]
    features = choose_features(train, judge)[0]
    label = 0 if sampler.share else None
    value = path_length(lambda z: shown(game, z, label), start, end, way, features, seed=seed)
    found["metrics"][f"path_length/{features.name}"] = {
        "value": value.value,
        "reference": None,
        "interval": list(value.interval),
        "n_real": 0,
        "n_generated": WAYS,
        "features": features.name,
        "split": "–",
        "ema": ema,
        "about": dict(value.about),
    }
