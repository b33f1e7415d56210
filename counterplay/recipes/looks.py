"""Looking at a game: pictures from fixed latents, quick figures on the way, all of them at the end.

On the way samples are compared with the *validation* part, by which the best checkpoint is
chosen; at the end with the *test* part, which nothing was chosen by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes.column_looks import with_columns
from counterplay.recipes.measures_paths import with_path_length
from counterplay.recipes.samples import Sampler
from counterplay.recipes.sequence_looks import DRAWN, DRAWN_REAL, FEATURES, KEPT, usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from PIL import Image
    from torch import Tensor

    from counterplay.data import Source
    from counterplay.game import Batch
    from counterplay.likelihood import Likelihood
    from counterplay.metrics.evaluate import Prepared
    from counterplay.metrics.judge import Judge
    from counterplay.run import Score

__all__ = [
    "EFFORT",
    "FULL",
    "Look",
    "draw",
    "draw_real",
    "examine",
    "judge_of",
    "known",
    "score_of",
    "tested",
    "with_likelihood",
]

QUICK = 1_000
"""Samples of a quick look."""
FULL = 5_000
"""Samples of an evaluation."""
EFFORT = 100
"""What a likelihood that is estimated may spend in an evaluation; 1 in a quick look."""
LEAST = 10
"""Held-out examples below which nothing is measured."""

_TRAIN, _HELD = 45_000_000, 10_000_000
"""Numbers of input that an evaluation holds in memory, of training and of other examples."""

_SCORES = ("nll", "frechet/convolution", "frechet/pca", "sliced/raw")
"""By what checkpoints are ranked: the first of these that was measured. Smaller is better."""

_SHOWN = 64
_ROWS, _COLUMNS = 10, 10
_POINTS = 2_000


@dataclass
class Look:
    """The quick look of a training: its real side is prepared once.

    Attributes:
        source: the data.
        device: where samples are measured.
        seed: of the latents, which are the same at every look.
        ema: whether the networks that are looked at are averaged ones.
    """

    source: Source
    device: torch.device
    seed: int
    ema: bool
    _prepared: Prepared | None = None

    def __call__(self, sampler: Sampler) -> tuple[Image.Image, dict[str, Any]]:
        """Return the picture of the samples, and their figures.

        There are none where data are too few. Where they, or the samples, cannot be measured, a
        note says why: a look never ends a training, what is wrong is the doctor's to say.
        """
        picture = draw(sampler, self.source, self.seed)
        try:
            return picture, self._figures(sampler)
        except UserError as error:
            return picture, {"metrics": {}, "notes": [f"not measured: {error}"]}

    def _figures(self, sampler: Sampler) -> dict[str, Any]:
        prepared = self._real_side()
        if prepared is None:
            return {}
        from counterplay.metrics import score

        x, classes = sampler.encoded(prepared.n, seed=self.seed)
        found = score(x.to(self.device), prepared, ema=self.ema, condition=classes)
        sides = _sides(self.source, "validation", prepared.n, self.device)
        return with_likelihood(found, sampler, sides, "validation", self.ema)

    def keep(self, sampler: Sampler, folder: Path, step: int) -> None:
        """Keep what is on the picture in another form too, where the data have one."""
        if self.source.domain.kind in KEPT:
            KEPT[self.source.domain.kind](sampler, folder, step, self.seed)

    def _real_side(self) -> Prepared | None:
        source = self.source
        if self._prepared is None and source.splits.get("validation", 0) >= LEAST:
            from counterplay.metrics import prepare

            few = afford(source, QUICK, _HELD)
            self._prepared = prepare(
                source.examples("train", afford(source, 5 * QUICK, _HELD)).x.to(self.device),
                source.examples("validation", few).x.to(self.device),
                FEATURES.get(source.domain.kind, usual)(source),
                law=source.law,
                decode=source.domain.decode,
                split="validation",
                samples=few,
                seed=self.seed,
            )
        return self._prepared


def examine(
    sampler: Sampler,
    source: Source,
    device: torch.device,
    *,
    ema: bool,
    n: int | None = None,
    seed: int = 0,
    split: str = "test",
    metrics: Sequence[str] = (),
) -> dict[str, Any]:
    """Measure all there is to measure, in the form of :func:`counterplay.metrics.evaluate`.

    Args:
        sampler: what is measured.
        source: the data it is measured against.
        device: where to measure.
        ema: whether its networks are averaged ones; it stands beside each figure.
        n: how many samples; by default 5,000, fewer where memory would not stay small.
        seed: of the samples.
        split: the part of the data that is held against.
        metrics: further metrics by name, see :func:`counterplay.metrics.further.wanted`.

    Raises:
        UserError: when the part has too few examples to measure anything.
    """
    from counterplay.metrics import evaluate

    held = source.splits.get(split, 0)
    if held < LEAST:
        raise UserError(
            f"'{source.name}' has {held} {split} examples; measuring takes {LEAST} or more"
        )
    n = min(n or afford(source, FULL, _HELD), held)
    real = source.examples(split, n)
    train = known(source)
    x, classes = sampler.encoded(n, seed=seed + 1)  # other samples than the ones on the picture
    judge = judge_of(source, train)
    found = evaluate(
        x.to(device),
        train.x.to(device),
        real.x.to(device),
        FEATURES.get(source.domain.kind, usual)(source),
        ema=ema,
        law=source.law,
        decode=source.domain.decode,
        judge=judge,
        condition=classes,
        split=split,
        samples=n,
        seed=seed,
        metrics=metrics,
    )
    if "path_length" in metrics:
        with_path_length(found, sampler, train.x.to(device), judge, seed, ema)
    if source.domain.kind == "table":
        found = with_columns(found, source.domain, (x, train.x, real.x), split, ema, seed)
    sides = (real.x.to(device), source.examples("train", n).x.to(device))
    return _remarked(with_likelihood(found, sampler, sides, split, ema, EFFORT), sampler, sides[0])


def _remarked(figures: dict[str, Any], sampler: Sampler, x: Tensor) -> dict[str, Any]:
    """Add what the game itself has to say of examples, in words, where it has."""
    remarks: Any = getattr(sampler.game, "remarks", None)
    said = [] if remarks is None else remarks(x)
    return {**figures, "notes": [*figures["notes"], *said]}


def tested(source: Source) -> int:
    """Return how many examples of the test part are measured against: as memory holds."""
    return min(afford(source, FULL, _HELD), source.splits["test"])


def _sides(source: Source, split: str, n: int, device: torch.device) -> tuple[Tensor, Tensor]:
    held, train = source.examples(split, n), source.examples("train", n)
    return held.x.to(device), train.x.to(device)


def known(source: Source) -> Batch:
    """Return the training examples among which copies are looked for: all that memory holds."""
    # A law has no training set that could be copied; a sample of it will do.
    most = FULL if source.law else 10**9
    return source.examples("train", afford(source, most, _TRAIN))


def with_likelihood(
    found: dict[str, Any],
    sampler: Sampler,
    sides: tuple[Tensor, Tensor],
    split: str,
    ema: bool,
    effort: int = 1,
) -> dict[str, Any]:
    """Add the game's own likelihood of held-out examples, beside training ones, if it has one."""
    from counterplay.metrics.likelihood import account, likelihood_figures, rounding_figures

    held, train = (account(sampler.game, x, budget=effort) for x in sides)
    if held is None or train is None:
        return found
    entries = likelihood_figures(held, train, split=split, ema=ema)
    entries |= rounding_figures(sampler.game, *sides, split=split, ema=ema)
    note = (
        f"nll: {entries['nll']['about']}, in nats an example, and bits_per_dim the same; their "
        f"reference is the value of training examples{_own_units(held, sampler.domain)}"
    )
    return {"metrics": {**entries, **found["metrics"]}, "notes": [*found["notes"], note]}


def _own_units(held: Likelihood, domain: Any) -> str:
    """Return what a density is of, and what it is in the data's own units."""
    words = {
        "vector": ("columns of mean 0 and deviation 1", "in the columns' own units"),
        "image": ("pictures in [-1, 1]", "of grey values from 0 to 255"),
    }
    if held.space != "continuous" or domain.kind not in words:
        return ""
    scaled, own = words[domain.kind]
    nats = held.to("nats").stretched(domain.stretch)
    told = f"{nats.value:.4g} nats ({nats.to('bits/dim').value:.4g} bits/dim)"
    return f"; it is a density of {scaled}, {own} {told}"


def draw(sampler: Sampler, source: Source, seed: int) -> Image.Image:
    """Return the picture of samples from the latents of ``seed``: a row a class where it knows any.

    Points are drawn over real ones.
    """
    from counterplay.run.pictures import histograms, picture

    domain: Any = source.domain
    if domain.kind in DRAWN:
        return DRAWN[domain.kind](sampler, source, seed)
    if domain.kind == "vector":
        return picture(sampler.sample(_POINTS, seed=seed), _points(source), names=domain.names)
    if domain.kind == "table":
        made = domain.points(sampler.sample(_POINTS, seed=seed))
        return histograms(made, domain.points(_points(source)), domain.names)
    if not sampler.share:
        return picture(sampler.sample(_SHOWN, seed=seed))
    rows = min(_ROWS, len(sampler.share))
    labels = [row for row in range(rows) for _ in range(_COLUMNS)]
    samples = sampler.sample(len(labels), labels, seed)
    return picture(samples, labels=labels, classes=domain.classes)


def draw_real(source: Source) -> Image.Image:
    """Return the picture of real examples, to hold the samples against."""
    from counterplay.run.pictures import histograms, picture

    domain: Any = source.domain
    if domain.kind in DRAWN_REAL:
        return DRAWN_REAL[domain.kind](source)
    if domain.kind == "vector":
        return picture(_points(source), names=domain.names)
    if domain.kind == "table":
        return histograms(domain.points(_points(source)), None, domain.names)
    batch = source.examples("train", _SHOWN)
    return picture(domain.decode(batch.x).numpy())


def score_of(figures: dict[str, Any]) -> Score | None:
    """Return by what a checkpoint is ranked, from the figures of a look."""
    from counterplay.run import Score

    measured = figures.get("metrics", {})
    name = next((name for name in _SCORES if name in measured), None)
    return None if name is None else Score(name, measured[name]["value"])


def _points(source: Source) -> Any:
    return source.domain.decode(source.examples("train", _POINTS).x).numpy()


def afford(source: Source, n: int, numbers: int) -> int:
    """Return ``n``, or as many examples as hold that many numbers."""
    return min(n, max(100, numbers // math.prod(source.domain.shape)))


def judge_of(source: Source, train: Batch) -> Judge | None:
    """Return a classifier trained on the data's own labels, where there are pictures and labels."""
    classes = len(source.domain.classes)
    pictures = source.domain.kind == "image" and source.domain.shape[-1] >= 8
    if not pictures or classes < 2 or train.y is None or len(train.x) < 20 * classes:
        return None
    from counterplay.metrics.judge import judge

    # The same held-out examples whatever is measured, so that the same judge is found again.
    held = source.examples("test", afford(source, 2 * QUICK, _HELD))
    test = None if held.y is None else (held.x, held.y)
    return judge(train.x, train.y, classes, cache=_cache(), test=test)


def _cache() -> Path | None:
    from counterplay.data.store import cache_folder

    folder, _ = cache_folder(None)
    return folder / "judges"
