"""Samples of other systems as rows of a comparison: measured as ours are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError
from counterplay.recipes import looks
from counterplay.recipes.comparing.measured import shown
from counterplay.recipes.comparing.rows import Row, row
from counterplay.recipes.device import find
from counterplay.recipes.given import rows_like

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from counterplay.data import Domain, Source

__all__ = ["Given", "Peer", "asked_peers", "measure_peer", "samples_of"]

_LEAST = 20
"""Samples below which a peer is not measured."""


@dataclass(frozen=True)
class Peer:
    """Another system: its name, and the file of what it made."""

    name: str
    path: Path


@dataclass(frozen=True)
class Given:
    """Samples that are there, in the place of a game that draws them.

    Attributes:
        x: the samples as networks see them, (N, …).
        domain: of the data.
        game: a thing without powers.
        share: no classes are known.
    """

    x: Tensor
    domain: Domain
    game: object = None
    share: tuple[float, ...] = ()

    def encoded(self, n: int, condition: Any = None, seed: int = 0) -> tuple[Tensor, Tensor | None]:
        """Return ``n`` of the samples, drawn by ``seed``."""
        import torch

        from counterplay.game import generator

        order = torch.randperm(len(self.x), generator=generator(seed, "given"))
        return self.x[order[:n]], None

    def sample(self, n: int, condition: Any = None, seed: int = 0) -> np.ndarray:
        """Return ``n`` of the samples in the data's own form."""
        return self.domain.decode(self.encoded(n, condition, seed)[0]).cpu().numpy()


def asked_peers(words: Sequence[str], families: Sequence[str] = ()) -> list[Peer]:
    """Return the peers of words ``NAME=FILE``.

    Raises:
        UserError: for another form, a file that is not there, or a name that stands twice.
    """
    found: list[Peer] = []
    taken = set(families)
    for word in words:
        name, _, path = word.partition("=")
        if not name or not path or not all(c.isalnum() or c in " -_." for c in name):
            raise UserError(f"--peer-samples {word}: NAME=FILE is needed, as ctgan=rows.csv")
        if not Path(path).is_file():
            raise UserError(f"--peer-samples {word}: there is no file {path}")
        if name in taken:
            raise UserError(f"--peer-samples {word}: '{name}' is another row already")
        taken.add(name)
        found.append(Peer(name, Path(path)))
    return found


def measure_peer(peer: Peer, source: Source, folder: Path, device: str) -> Row:
    """Return the row of a peer: the figures of its samples, kept for as long as its file is it."""
    from counterplay.run.files import write
    from counterplay.run.log import strict

    place = folder / f"{peer.name}-0"
    place.mkdir(parents=True, exist_ok=True)
    kept, digest = place / "peer.json", hashlib.sha256(peer.path.read_bytes()).hexdigest()
    if kept.is_file():
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["digest"] == digest:
            return row(peer.name, known["results"])
    results = []
    for i, x in enumerate(samples_of(peer.path, source)):
        given: Any = Given(x, source.domain)
        found = looks.examine(given, source, find(device), ema=False, n=len(x), seed=i)
        results.append({"recipe": f"samples of {peer.path.name}", "metrics": found["metrics"]})
        if not i:
            shown(given, source, place)
    write(kept, json.dumps(strict({"digest": digest, "results": results}), indent=1))
    return row(peer.name, results)


def samples_of(path: Path, source: Source) -> list[Tensor]:
    """Return the samples in a file as networks see them: of tables one set, of pictures any number.

    Raises:
        UserError: when they are not like the data's, or too few.
    """
    from counterplay.recipes.measuring import peer_samples

    domain: Any = source.domain
    if domain.kind == "image":
        found = peer_samples(path, domain)
    elif domain.kind in ("table", "vector"):
        found = [rows_like(path, domain, "--peer-samples")]
    else:
        raise UserError(
            f"--peer-samples {path}: pictures and tables can be read, not {domain.kind}"
        )
    few = min(map(len, found))
    if few < _LEAST:
        raise UserError(f"--peer-samples {path}: {few} samples; measuring takes {_LEAST} or more")
    return found
