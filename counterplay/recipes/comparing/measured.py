"""A trained game against the data as they are, whatever form of them it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import looks
from counterplay.recipes.column_looks import with_columns
from counterplay.recipes.samples import Sampler

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from counterplay.data import Domain, Source
    from counterplay.recipes.session import Outcome

__all__ = ["Recast", "bystanders", "measured", "shown"]

SHOWN = 64
"""Samples that are kept for the page, drawn from seed 0."""

WALK = 8
"""Pictures of a walk between two latents."""


@dataclass(frozen=True)
class Recast:
    """A sampler whose examples are encoded as other data's are.

    Attributes:
        sampler: what draws.
        domain: of the data that it is compared on.
        game: a thing without powers: its likelihood is of the data that it was trained on.
    """

    sampler: Sampler
    domain: Domain
    game: object = None

    def encoded(self, n: int, condition: Any = None, seed: int = 0) -> tuple[Tensor, Tensor | None]:
        """Draw ``n`` examples as networks of the other data see them."""
        import torch

        x, classes = self.sampler.encoded(n, condition, seed)
        raw = self.sampler.domain.decode(x).cpu()
        return self.domain.encode(torch.as_tensor(raw)), classes


def measured(
    outcome: Outcome, source: Source, device: torch.device, folder: Path
) -> dict[str, Any]:
    """Return the figures of a trained game, and keep samples of it in ``folder``.

    Args:
        outcome: what a training left.
        source: the data as they are.
        device: where to measure.
        folder: where ``samples.png`` and ``walk.png`` go.

    Raises:
        UserError: when the test part is too small.
    """
    recipe, own = outcome.plan.recipe, outcome.plan.source
    same = own.domain == source.domain
    sampler: Any = outcome.sampler if same else Recast(outcome.sampler, source.domain)
    found = looks.examine(sampler, source, device, ema=recipe.ema > 0, seed=recipe.seed)
    if not same:
        found = _own_likelihood(found, outcome, device)
    shown(outcome.sampler, source, folder)
    return {"metrics": found["metrics"], "notes": found["notes"]}


def _own_likelihood(
    found: dict[str, Any], outcome: Outcome, device: torch.device
) -> dict[str, Any]:
    """Add the likelihood of the data in the form that the game was trained on, and say so."""
    own, ema = outcome.plan.source, outcome.plan.recipe.ema > 0
    n = looks.tested(own)
    sides = (own.examples("test", n).x.to(device), own.examples("train", n).x.to(device))
    more = looks.with_likelihood(found, outcome.sampler, sides, "test", ema, looks.EFFORT)
    levels = getattr(own.domain, "levels", 0)
    if more is found or not levels:
        return more
    apart = f"on {levels} levels of its own"
    entries = {
        name: {**entry, "about": f"{entry['about']}, {apart}"} if "about" in entry else entry
        for name, entry in more["metrics"].items()
    }
    note = f"nll: {apart}, which is not comparable with the data's"
    return {"metrics": entries, "notes": [*more["notes"], note]}


def shown(sampler: Sampler, source: Source, folder: Path) -> None:
    """Keep a picture of the samples of seed 0, and one of a walk where there are latents."""
    from counterplay.run.pictures import picture

    if source.domain.kind in ("table", "sequence"):
        looks.draw(sampler, source, 0).save(folder / "samples.png")
        return
    samples = sampler.sample(SHOWN if source.domain.kind == "image" else 1000, seed=0)
    if samples.ndim not in (2, 4):
        return
    real = source.domain.decode(source.examples("train", 1000).x).numpy()
    names = getattr(source.domain, "names", ())
    behind = real if samples.ndim == 2 else None
    picture(samples, behind, names=names).save(folder / "samples.png")
    if samples.ndim == 4:
        _walk(sampler, folder)


def _walk(sampler: Sampler, folder: Path) -> None:
    """Keep rows of pictures between pairs of latents, where the game has latents to choose."""
    import torch

    from counterplay.latents import numbered, path
    from counterplay.latents.powers import renders
    from counterplay.run.pictures import grid

    try:
        game = renders(sampler.game)
    except UserError:
        return
    z = numbered(game.latent, range(8))
    between = path(z[:4], z[4:], WALK).flatten(0, 1)
    device = next(sampler.game.parameters()).device
    labels = [torch.zeros(len(between), dtype=torch.int64, device=device)] if sampler.share else []
    x = game.render(between.to(device), *labels)
    grid(sampler.domain.decode(x).cpu().numpy(), columns=WALK).save(folder / "walk.png")


def bystanders(source: Source, device: torch.device) -> dict[str, dict[str, Any]]:
    """Return the figures of real examples and of copies, measured as samples are.

    "real": half of the training examples in the samples' place and the other half as the training
    set, against the test part. "copies": training examples in the samples' place.
    """
    import torch

    from counterplay.game import generator
    from counterplay.metrics import evaluate

    held = looks.tested(source)
    test = source.examples("test", held).x.to(device)
    everything = looks.known(source)
    # Files are often sorted, by class or by place: halves are drawn, and not cut.
    order = torch.randperm(len(everything.x), generator=generator("bystanders"))
    train = everything.x[order].to(device)
    judge = looks.judge_of(source, everything)
    half = len(train) // 2
    settings: dict[str, Any] = {
        "ema": False,
        "law": source.law,
        "decode": source.domain.decode,
        "judge": judge,
        "samples": held,
    }
    rows = {"real": (train[:half], train[half:]), "copies": (train, train)}
    found = {name: evaluate(x, known, test, **settings) for name, (x, known) in rows.items()}
    if source.domain.kind == "table":
        for name, (x, known) in rows.items():
            sides = (x[:held].cpu(), known.cpu(), test.cpu())
            found[name] = with_columns(found[name], source.domain, sides, "test", False, 0)
    return found
