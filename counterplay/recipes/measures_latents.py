"""What sums and truncation of latents do, by judges that know nothing of latents.

*Arithmetic*, on shapes of known factors: of samples whose factors are read off by rules, exemplars
are gathered by pairs of values (f, g) of two factors. For all f ≠ f', g ≠ g', the mean latents of
(f', g) − (f, g) + (f, g') should make (f', g'): the share of pictures near that sum that have both
values, over all such sums. Chance is 1 over the number of pairs. A generator by styles is asked for
sums of styles as well, of all layers together: A Style-Based Generator Architecture for GANs
(Karras, Laine, Aila 2019, arXiv 1812.04948) holds that they entangle factors less than latents.

*Truncation*, on labelled pictures: along thresholds of |z| the spread within a class falls, and the
judge's confidence does not.

Each function is a row of :data:`counterplay.recipes.measuring.POWERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from counterplay.latents import Renders
    from counterplay.recipes.measuring import Bench
    from counterplay.recipes.session import Outcome

__all__ = ["POWERS", "arithmetic", "confidences", "rarest", "steps_down"]

LATENTS = 4_000
"""Samples among which exemplars are looked for."""
EXEMPLARS = 250
"""Exemplars, at most, of each pair of values."""
NEAR = 9
"""Pictures around each sum, the sum's own among them."""
DRAWN = 0.1
"""The largest error, in squares, of a sample that counts as a shape."""
THRESHOLDS = (4.0, 1.5, 1.0, 0.7, 0.5)
EACH = 100
"""Samples of each class at each threshold."""


def arithmetic(
    render: Callable[[Tensor], np.ndarray],
    tell: Callable[[np.ndarray], dict[str, np.ndarray]],
    z: Tensor,
    pair: tuple[str, str],
    shuffled: bool = False,
    norm: float | None = None,
) -> float:
    """Return the share of sums that have both values of the pair that they should have.

    Args:
        render: latents (N, L) -> pictures.
        tell: pictures -> each factor's codes, and the error of each picture.
        z: latents to take exemplars from.
        pair: two factors.
        shuffled: take the exemplars by others' factors: the broken twin, which is at chance.
        norm: what sums are scaled to; ``None`` leaves them, and looks as far around them as a
            quarter of the latents' deviation.

    Raises:
        UserError: when a pair of values has no exemplar.
    """
    import torch

    from counterplay.game import generator
    from counterplay.latents import analogy, jittered

    rng = generator("arithmetic", *pair)
    sets = _exemplars(tell(render(z)), z, pair, rng if shuffled else None)
    firsts, seconds = (sorted({key[i] for key in sets}) for i in (0, 1))
    width = 0.25 * (1.0 if norm else float(z.std()))
    sums, wanted = [], []
    for f, f2, g, g2 in product(firsts, firsts, seconds, seconds):
        if f == f2 or g == g2:
            continue
        found = analogy(sets[f2, g], sets[f, g], sets[f, g2], norm)
        sums.append(jittered(found, NEAR, rng, width))
        wanted += [(f2, g2)] * NEAR
    told = tell(render(torch.cat(sums)))
    pairs = zip(told[pair[0]].tolist(), told[pair[1]].tolist(), strict=True)
    return sum(got == want for got, want in zip(pairs, wanted, strict=True)) / len(wanted)


def _exemplars(
    told: dict[str, np.ndarray], z: Tensor, pair: tuple[str, str], shuffle: Any
) -> dict[tuple[int, int], Tensor]:
    """Return latents by the pair of values of what they make, well-drawn samples only."""
    import torch

    from counterplay.data.shapes import FACTORS

    fine = torch.from_numpy(told["error"] < DRAWN)
    codes = [torch.from_numpy(told[name]) for name in pair]
    if shuffle is not None:
        order = torch.randperm(len(z), generator=shuffle)
        codes = [code[order] for code in codes]
    found = {}
    for key in product(*(range(len(FACTORS[name])) for name in pair)):
        where = fine & (codes[0] == key[0]) & (codes[1] == key[1])
        found[key] = z[where][:EXEMPLARS]
    empty = [key for key, latents in found.items() if not len(latents)]
    if empty:
        words = [FACTORS[name][code] for name, code in zip(pair, empty[0], strict=True)]
        raise UserError(f"none of {len(z):,} samples is well drawn and {' and '.join(words)}")
    return found


def _found(
    render: Callable[[Tensor], np.ndarray],
    z: Tensor,
    pair: tuple[str, str],
    shuffled: bool,
    norm: float | None = None,
) -> dict[str, float]:
    from counterplay.data.shapes import tell

    try:
        return {"value": arithmetic(render, tell, z, pair, shuffled, norm)}
    except UserError:
        return {"value": 0.0}  # a generator that cannot make the exemplars cannot make the sum


def _sums(pair: tuple[str, str], shuffled: bool = False) -> Any:
    def measure(outcome: Outcome, on: Bench) -> dict[str, float]:
        from counterplay.game import generator
        from counterplay.latents import shown
        from counterplay.latents.powers import renders

        game, domain = renders(outcome.sampler.game), on.source.domain
        n = min(LATENTS, 20 * on.prepared.n)  # a quick run measures a few
        z = game.latent.sample(n, generator(outcome.plan.recipe.seed, "exemplars"))

        def render(latents: Tensor) -> np.ndarray:
            return domain.decode(shown(game, latents)).cpu().numpy()

        return _found(render, z, pair, shuffled, z.shape[1] ** 0.5)

    return measure


def _style_sums(pair: tuple[str, str], shuffled: bool = False) -> Any:
    def measure(outcome: Outcome, on: Bench) -> dict[str, float]:
        from counterplay.game import generator
        from counterplay.latents.powers import Styled, renders

        game = renders(outcome.sampler.game)
        if not isinstance(game, Styled):
            raise UserError(f"sums of styles take a generator by styles, not {type(game).__name__}")
        z = game.latent.sample(min(LATENTS, 20 * on.prepared.n), generator("exemplars", 0))
        w = game.styles(z.to(next(game.parameters()).device))  # pyright: ignore

        def render(styles: Tensor) -> np.ndarray:
            made = game.synthesise(styles.view(len(styles), *w.shape[1:]))
            return on.source.domain.decode(made).cpu().numpy()

        return _found(render, w.flatten(1), pair, shuffled)

    return measure


def _well_drawn(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the share of samples that are shapes by the rules, beside that of held-out ones."""
    from counterplay.data.shapes import tell

    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    both = [tell(on.source.domain.decode(each).cpu().numpy()) for each in (x, on.test)]
    shares = [float((told["error"] < DRAWN).mean()) for told in both]
    return {"value": shares[0], "reference": shares[1]}


def rarest(told: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> float:
    """Return the rarest value's share times how many values its factor has, over all factors.

    It is 1 where all are as frequent, and 0 where one is never made.
    """
    import numpy as np

    shares = (np.bincount(told[name], minlength=n) / len(told[name]) for name, n in sizes.items())
    return float(min(share.min() * len(share) for share in shares))


def _rarest(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return :func:`rarest` of samples that are shapes, beside that of held-out ones."""
    from counterplay.data.shapes import FACTORS, tell

    def found(x: Tensor) -> float:
        told = tell(on.source.domain.decode(x).cpu().numpy())
        fine = told["error"] < DRAWN
        sizes = {name: len(values) for name, values in FACTORS.items()}
        return rarest({name: told[name][fine] for name in FACTORS}, sizes) if fine.any() else 0.0

    x, _ = outcome.sampler.encoded(on.prepared.n, seed=outcome.plan.recipe.seed + 1)
    return {"value": found(x), "reference": found(on.test)}


def _sweeps(outcome: Outcome, on: Bench) -> list[list[Tensor]]:
    """Return samples at each threshold, one set for each class."""
    from counterplay.latents import sweep
    from counterplay.latents.powers import renders

    game: Renders = renders(outcome.sampler.game)
    classes = range(len(outcome.sampler.share)) if outcome.sampler.share else [None]
    seed = outcome.plan.recipe.seed
    each = [sweep(game, THRESHOLDS, EACH, seed=seed, label=label) for label in classes]
    return [list(sets) for sets in zip(*each, strict=True)]


def steps_down(values: list[float]) -> float:
    """Return the largest of the ratios of each value to the one before: below 1 if all fall."""
    return max(after / before for before, after in pairwise(values))


def _spread_ratio(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return by how much the spread within classes falls at least, from threshold to threshold."""
    from counterplay.latents import spread

    wide = [sum(map(spread, sets)) / len(sets) for sets in _sweeps(outcome, on)]
    return {"value": steps_down(wide)}


def confidences(outcome: Outcome, on: Bench) -> list[float]:
    """Return the judge's mean confidence at each threshold."""
    import torch

    judge: Any = on.prepared.judge
    if judge is None:
        raise UserError("a judge's confidence takes labelled pictures")
    sets = [torch.cat(each).to(on.device).clamp(-1, 1) for each in _sweeps(outcome, on)]
    return [float(judge.classify(x).amax(1).mean()) for x in sets]


def _confidence_gain(outcome: Outcome, on: Bench) -> dict[str, float]:
    """Return the least of the confidences at narrower thresholds less that at the widest."""
    found = confidences(outcome, on)
    return {"value": min(found[1:]) - found[0]}


POWERS: dict[str, Any] = {
    "arithmetic_colour_side": _sums(("colour", "side")),
    "arithmetic_shape_side": _sums(("shape", "side")),
    "arithmetic_shape_colour": _sums(("shape", "colour")),
    "arithmetic_shuffled": _sums(("colour", "side"), shuffled=True),
    "styles_shape_side": _style_sums(("shape", "side")),
    "styles_shape_colour": _style_sums(("shape", "colour")),
    "styles_shuffled": _style_sums(("shape", "colour"), shuffled=True),
    "well_drawn": _well_drawn,
    "rarest_factor": _rarest,
    "truncation_spread": _spread_ratio,
    "truncation_confidence": _confidence_gain,
}
