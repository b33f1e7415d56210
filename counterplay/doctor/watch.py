"""The doctor at work: what is seen of a training at one check-up, and what is kept to the next.

A check-up changes nothing of the game: with the doctor and without, a training ends with the same
bits. What is kept of tensors are buffers of stated size: the real side (see
:class:`~counterplay.doctor.samples.Reference`), 256 or 512 real examples of each part to ask the
players about, two sketches of the parameters and two of the gradients, a vector for each of three
matrices of a player, the last 200 costs, the cells' shares, and 64 chains and what they dreamt of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from counterplay.doctor import critic, deep, likelihoods, players
from counterplay.doctor.classes import of_classes, of_labels
from counterplay.doctor.examples import of_examples
from counterplay.doctor.history import Checkup, History, Moment, Normal
from counterplay.doctor.powers import (
    Chained,
    Forges,
    Inverts,
    Joined,
    Judges,
    Latent,
    Machine,
    Posterior,
    Rendered,
    Volumed,
)
from counterplay.doctor.samples import BUFFER, Reference, measured, reference, scrambled
from counterplay.doctor.thresholds import THRESHOLDS
from counterplay.dynamics import Seat
from counterplay.errors import UserError
from counterplay.game import Batch, Game, Law, Round, generator
from counterplay.metrics.features import pca, raw
from counterplay.penalties import couples

__all__ = ["ASKED", "PICTURES", "SAMPLES", "Doctor", "Draw", "Subject"]

SAMPLES, PICTURES = 256, 128
"""Samples that are compared at a check-up: of vectors, and of pictures, which cost more."""
ASKED = 512
"""Real examples of each part that the players may be asked about."""
AXES = 32
"""Principal components of pictures in which samples are compared."""
SHOWN = 4096
"""Training examples from which the real side is made."""
FAR = 1e6
"""Extents of the data beyond which it does not matter how far a sample lies."""
TURNS, TURNED = 32, 32
"""Check-ups from one look at how the play turns to the next, and examples of it at most."""
LEAKS = 2
"""Check-ups from one look at how the samples of a batch hang together to the next."""

Draw = Callable[[Game, int, int], tuple[Tensor, Tensor | None]]
"""(game, n, seed) -> n samples as networks see them, and the classes that were asked for."""


@dataclass(frozen=True)
class Subject:
    """What is examined.

    Attributes:
        game: as it is played.
        best: the game that samples are taken from.
        seats: the players at the table; () where nothing moves, as in a run that is over.
        step: rounds finished.
    """

    game: Game
    best: Game
    seats: Sequence[Seat]
    step: int


@dataclass
class Doctor:
    """Examines a training every so often.

    Attributes:
        train: training examples, at most 4,096; what is made of them is kept, they are not.
        held: held-out examples, at most 512, or ``None``.
        examples: how many training examples there are; 0 where a law is drawn from endlessly.
        batch: how many examples a round has.
        draw: draws samples.
        device: where samples are compared.
        seed: of all choices; together with the round.
        asked: whether the players can be asked about examples.
        paired: whether their costs are of batches such as these are.
        shown: samples that there are, where there are no more to draw: ranges are of as many.
        ordered: whether examples are sequences.
    """

    train: Batch
    held: Batch | None
    examples: int
    batch: int
    draw: Draw
    device: torch.device
    seed: int = 0
    asked: bool = True
    paired: bool = True
    shown: int | None = None
    ordered: bool = False
    normal: dict[str, Normal] = field(default_factory=dict)
    facts: dict[str, float] = field(default_factory=dict)
    _real: Reference | None = None
    _labels: Tensor | None = None
    _kept: Tensor | None = None
    _turn: int = 0
    _axes: float | None = None
    _memory: dict[str, Tensor] = field(default_factory=dict)
    _sketches: list[tuple[int, dict[str, Tensor]]] = field(default_factory=list)
    _heard: list[Mapping[str, float]] = field(default_factory=list)
    _slopes: dict[str, Tensor] = field(default_factory=dict)
    _costs: dict[str, list[float]] = field(default_factory=dict)
    _checkups: int = 0
    _jumped: bool = False

    def __post_init__(self) -> None:
        self.facts |= of_examples(self.train.x, self.examples or len(self.train.x), self.ordered)
        self.facts["data/endless"] = float(self.examples == 0)
        self.facts["batch"] = float(self.batch)
        spread = (self.train.x - self.train.x.mean(0)).flatten(1)
        self.facts["data/scale"] = float(spread.square().sum(1).mean().sqrt())
        self.facts["data/pictures"] = float(self.train.x.ndim == 4)
        self._prepare()
        # What made the real side is let go; only what players are asked about stays.
        self.train = _first(self.train, ASKED)
        self.held = self.held and _first(self.held, ASKED)

    def hear(self, record: Mapping[str, float]) -> None:
        """Take in a record of the players' terms, ``player/term`` -> value."""
        self._heard = [*self._heard[-999:], record]

    def recall(self, checkups: Sequence[Checkup]) -> None:
        """Take in what was seen of the training before it was gone on with."""
        self._jumped = any(map(_jumps, checkups))

    def examine(self, subject: Subject, samples: bool | None = None, turn: int = 0) -> Checkup:
        """Return the signals of a game as it stands.

        Args:
            subject: the game.
            samples: whether to draw any; by default where one pass makes them.
            turn: the number of this look at one and the same state: other samples at each.
        """
        self._turn = turn
        draws = isinstance(subject.game, Rendered) if samples is None else samples
        self._checkups += 1
        values = self._of_costs()
        values |= self._of_moves(subject)
        self._jumped |= _jumps(Checkup(subject.step, values))
        values |= self._of_samples(subject) if draws else {}
        values |= self._of_answers(subject) if self.asked else {}
        values |= self._of_powers(subject)
        values |= self._of_turns(subject)
        return Checkup(subject.step, values)

    def _prepare(self) -> None:
        x = self.train.x[:SHOWN].to(self.device)
        constant = bool((x == x[:1]).all())
        if len(x) < 8 or constant or not bool(x.isfinite().all()):
            return
        features = raw() if x.ndim == 2 else pca(x, AXES)
        held = x[:0] if self.held is None else self.held.x.to(self.device)
        self._real = reference(x, held, features, self._count(), self.seed)
        for name, normal in self._real.normal.items():
            self.normal[f"samples/{name}"] = self.normal[f"raw/{name}"] = normal
        torn = scrambled(x[: self._real.n], self._rng(0, "scrambling"))
        self.facts["data/scrambled"] = measured(torn, self._real)[0]["precision"]
        n = min(self._asked(), len(held))
        if n > 1:
            self.normal["critic/held"] = critic.null(n, n)
        self._labels = None if self.train.y is None else self.train.y[:BUFFER]
        if self._labels is not None and self._labels.dtype == torch.int64:
            self._kept = features(x[:BUFFER]).cpu()
            # What labels tell of sound and text does not show number by number.
            self.facts |= of_labels(self._kept, self._labels) if x.ndim in (2, 4) else {}

    def _of_costs(self) -> dict[str, float]:
        fresh, self._heard = players.totals(self._heard), []
        for name, values in fresh.items():
            self._costs[name] = [*self._costs.get(name, []), *values][-players.ECHOES :]
        return players.costs(fresh) | players.echoes(self._costs)

    def _of_moves(self, subject: Subject) -> dict[str, float]:
        if not subject.seats:
            return {}
        now, slope = players.sketch(subject.seats), players.slopes(subject.seats)
        last = [*self._sketches, (subject.step, now)][-3:]
        (_, before), (_, earlier) = ([(0, {}), (0, {}), *last[:-1]])[-1:-3:-1]
        rounds = subject.step - last[-2][0] if len(last) > 1 else 1
        found = players.gradients(subject.seats) | players.norms(subject.seats, self._memory)
        found |= players.moves(now, before, earlier, rounds)
        found |= players.angles(now, before, slope, self._slopes)
        self._sketches, self._slopes = last[-2:], slope
        lost = not all(bool(each.isfinite().all()) for each in now.values())
        return found | ({"nonfinite": 1.0} if lost else {})

    def _of_turns(self, subject: Subject) -> dict[str, float]:
        """Return how much of the play turns, once in a while: it costs a few rounds."""
        played = self.asked and self.paired and len(subject.seats) > 1
        if not played or self._checkups % TURNS:
            return {}
        real, _, _ = self._batches(subject.step)
        few = _first(real, min(self.batch, TURNED))
        try:
            return deep.rotation(subject.game, Round(few, subject.step, ~self.seed))
        except (NotImplementedError, RuntimeError, UserError, ValueError):
            return {}  # not every network can be derived twice, nor every batch be cut

    def late(self, subject: Subject) -> dict[str, float]:
        """Return what a look adds to a check-up of the same round: samples that are not cheap."""
        return {} if isinstance(subject.game, Rendered) else self._of_samples(subject)

    def _of_samples(self, subject: Subject) -> dict[str, float]:
        if self._real is None:
            return {}
        seed = self._rng(subject.step, "samples").initial_seed() % 2**62
        n = self._real.n
        drawn, labels = self.draw(subject.best, n, seed)
        found = self.compare(drawn, labels, "samples") | self._of_latents(subject, labels)
        if subject.best is not subject.game:
            found |= self.compare(*self.draw(subject.game, n, seed), "raw")
        return found

    def _of_latents(self, subject: Subject, labels: Tensor | None) -> dict[str, float]:
        game = subject.best
        if not isinstance(game, Latent) or not isinstance(game.latent, Law):
            return {}
        few, rng = None if labels is None else labels[: likelihoods.NEAR], self._rng(0, "latents")
        return likelihoods.sensitivity(game, few, self.facts["data/scale"], rng)

    def compare(self, x: Tensor, labels: Tensor | None, prefix: str) -> dict[str, float]:
        """Return the signals of samples, and of the classes that were asked of them.

        Args:
            x: samples as networks see them, of which as many as are compared are looked at.
            labels: a class for each, or ``None``.
            prefix: "samples", or "raw" for those of the networks before averaging.
        """
        real = self._real
        if real is None:
            return {}
        x = x[: real.n]
        if not bool(x.isfinite().all()):
            return {"nonfinite": 1.0}
        far = FAR * max(self.facts["data/scale"], 1.0)  # no sum of squares overflows there
        x = x.to(self.device).clamp(-far, far)
        values, shares = measured(x, real, self._memory.get(prefix))
        self._memory[prefix] = shares
        outside = float((x.abs() > 1 + 1 / 255).double().mean()) if x.ndim == 4 else 0.0
        found = {**values, "outside": outside}
        if labels is not None and self._labels is not None and self._kept is not None:
            y = real.features(x[: real.n]).cpu()
            found |= of_classes(y, labels[: real.n].cpu(), self._kept, self._labels)
            if self.facts.get("data/told", 1.0) <= self.facts.get("data/drawn", 0.0):
                found.pop("class_share", None)  # of classes whose means are alike it says nothing
        return {f"{prefix}/{name}": value for name, value in found.items()}

    def _of_answers(self, subject: Subject) -> dict[str, float]:
        """Return what the players say of examples that they were and were not trained on."""
        game, step, seed = subject.game, subject.step, ~self.seed
        # One player's cost is compared on two training batches that have no example in common.
        apart = not isinstance(game, Judges)
        real, again, held = self._batches(step, apart)
        found: dict[str, float] = {}
        if isinstance(game, Judges):
            found |= critic.verdicts(game, game, real, held, step, seed)
        if not self.paired:
            return found
        if apart and held is not None and again is not None and len(game.players()) == 1:
            # Of two players' costs none is a likelihood: one that rises is the other's doing.
            asked = {"train": real, "again": again, "held": held}
            if self._jumped:  # it is asked for where a player once went far, and costs as much
                torn = Batch(scrambled(real.x, self._rng(step, "scrambling")), real.y)
                asked["scrambled"] = torn
            found |= players.replayed(game, asked, step, seed)
        makers = [p for p in game.players() if p.name == "generator"]
        if isinstance(game, Forges) and makers:
            found |= players.slope(game, makers[0], _first(real, self.batch), step, seed)
            if self._checkups % LEAKS == 1:
                found |= self._of_leaks(game, subject, makers[0].module)
        return found

    def _of_leaks(
        self, game: Forges, subject: Subject, module: torch.nn.Module
    ) -> dict[str, float]:
        """Return how far the samples of a batch hang together, where batch norm may tie them."""
        real = self._real
        if real is None or not couples(module):
            return {}
        size = min(self.batch, 32)
        parts = [_first(self._batches(i)[0], size) for i in range(8)]
        made = critic.leak(game, subject.game, parts, subject.step, real.features)
        if made is None:
            return {"nonfinite": 1.0}
        same = torch.stack([real.features(p.x.to(self.device)) for p in parts])
        return {"generator/tied": critic.tied(made) / max(critic.tied(same), 1e-12)}

    def _of_powers(self, subject: Subject) -> dict[str, float]:
        game, found = subject.game, {}
        x = self.train.x[: min(256, len(self.train.x))].to(self.device)
        if isinstance(game, Posterior):
            found |= likelihoods.of_latents(game, x)
            if self._axes is None:
                count = max(1, int(found["latents/count"]))
                self._axes = likelihoods.explained_by_axes(x, count)
            found["latents/axes"] = self._axes
        if isinstance(game, Inverts):
            found |= likelihoods.of_flow(game, x)
        if isinstance(game, Volumed):
            found |= likelihoods.of_volume(game, x)
        return found | self._of_chains(game, x, subject.step)

    def _of_chains(self, game: Game, x: Tensor, step: int) -> dict[str, float]:
        found: dict[str, float] = {}
        if isinstance(game, Machine):
            held = x[:0] if self.held is None else self.held.x[: len(x)].to(self.device)
            found |= likelihoods.of_machine(game, game, x, held)
        chained = game.joint if isinstance(game, Joined) else game
        if not isinstance(chained, Chained) or (now := likelihoods.bits(chained)) is None:
            return found
        memory = self._memory
        if "chains" in memory:
            found |= likelihoods.flips(now, memory["chains"])
            found |= likelihoods.drift(chained, memory["dreamt"], memory["energies"])
        memory["chains"] = now
        memory["dreamt"] = likelihoods.dreams(chained, self._rng(step, "dreams"))
        memory["energies"] = chained.rbm.free_energy(memory["dreamt"]).detach().double()
        if isinstance(game, Machine):
            level = likelihoods.free_energies(game, x).mean()
            if "level" in memory:
                fallen = float(memory["level"] - level)
                found["chains/gained"] = fallen - found["chains/drift"]
            memory["level"] = level
        return found

    def _rng(self, step: int, what: str) -> torch.Generator:
        return generator(self.seed, step, self._turn, f"doctor's {what}")

    def _count(self) -> int:
        most = SAMPLES if self.train.x.ndim == 2 else PICTURES
        return most if self.shown is None else min(most, self.shown)

    def _asked(self, apart: bool = False) -> int:
        """Return how many examples the players are asked about: whole packs, and not a few.

        Args:
            apart: whether there must be as many others to train on.
        """
        known = len(self.train.x) // (2 if apart else 1)
        there = min(known, len(self.held.x) if self.held else ASKED, ASKED)
        most = max(self.batch, self._count())
        return min(there, most) // 4 * 4

    def _batches(self, step: int, apart: bool = False) -> tuple[Batch, Batch | None, Batch | None]:
        """Return a training batch, another one, and a held-out one; other ones at each round."""
        n = self._asked(apart)
        rng = self._rng(step, "batches")
        order = torch.randperm(len(self.train.x), generator=rng)
        real = _chosen(self.train, order[:n], self.device)
        other = order[n : 2 * n]
        again = _chosen(self.train, other, self.device) if len(other) == n else None
        if self.held is None or len(self.held.x) < max(n, 2):
            return real, again, None
        order = torch.randperm(len(self.held.x), generator=rng)[:n]
        return real, again, _chosen(self.held, order, self.device)


def _jumps(checkup: Checkup) -> bool:
    seen = Moment(History(checkups=[checkup]), 0)
    return any((seen.now(name) or 0) > THRESHOLDS["rate/jump"] for name in seen.players("moved"))


def _first(batch: Batch, n: int) -> Batch:
    return Batch(batch.x[:n].clone(), None if batch.y is None else batch.y[:n].clone())


def _chosen(batch: Batch, rows: Tensor, device: torch.device) -> Batch:
    y = None if batch.y is None else batch.y[rows].to(device)
    return Batch(batch.x[rows].to(device), y)
