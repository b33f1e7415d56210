"""Games on tables of mixed columns, trained, stopped, gone on with, and drawn from."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from typed_tables import content

from counterplay.data import load
from counterplay.game import seeded
from counterplay.networks.typed import Masked, bins
from counterplay.recipes.build.typed import GAMES, layout
from counterplay.recipes.choose import choose
from counterplay.recipes.specs.typed import Columns, TypedAutoregressive, TypedFlow, TypedVae
from counterplay.train import train


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("typed") / "staff.csv"
    path.write_text(content())
    return path


@pytest.fixture(scope="module")
def source(path):
    return load(path)


@pytest.fixture(scope="module")
def game(source):
    spec = TypedAutoregressive(Columns(48, 1, 16))
    with seeded(0, "networks"):
        return GAMES[type(spec)](spec, source.domain, ())


def test_a_cell_depends_on_columns_before_it_alone(source):
    columns = layout(source.domain, 8)
    with seeded(0, "masked"):
        network = Masked(columns, 30, 1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    x = source.examples("train", 8).x
    before = network(x).split(columns.cells, 1)
    for d, start in enumerate(columns.starts):
        moved = x.clone()
        width = columns.blocks[d].width
        moved[:, start : start + width] = x.roll(1, 0)[:, start : start + width]
        if torch.equal(moved, x):
            continue
        after = network(moved).split(columns.cells, 1)
        same = [torch.equal(a, b) for a, b in zip(before, after, strict=True)]
        assert all(same[: d + 1])
        assert d + 1 == len(same) or not all(same[d + 1 :])


def test_bins_cut_no_atom_and_cover_the_line():
    atoms = [(-1.0, -0.99), (-0.99, 0.2), (0.5, 0.504)]
    edges = bins(atoms, 10)
    assert (edges[0], edges[-1]) == (-1.0, 1.0)
    assert all(a < b for a, b in itertools.pairwise(edges))
    assert not any(low < edge < high for low, high in atoms for edge in edges)


def test_probabilities_of_all_cells_sum_to_one(tmp_path):
    (tmp_path / "t.csv").write_text(
        "a,b\n" + "\n".join(f"{'xyz'[i % 3]},{i % 2}" for i in range(60))
    )
    found = load(tmp_path / "t.csv")
    spec = TypedAutoregressive(Columns(8, 1, 4))
    with seeded(0, "networks"):
        game = GAMES[type(spec)](spec, found.domain, ())
    for parameter in game.parameters():
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    raw = torch.tensor([[k, v] for k in range(3) for v in (0, 1)], dtype=torch.float64)
    x = found.domain.encode(raw)
    columns = game.network.layout
    # A density over the ranks of b: times the widths of its two bins, a mass.
    total = (game.log_prob(x) + columns.log_widths(columns.levels(x))).exp().sum()
    assert float(total) == pytest.approx(1.0, abs=1e-5)


def test_training_learns_missing_rates_and_dependence(source, game):
    first = game.likelihood(source.examples("test").x).value
    for _ in train(game, source.batches(64), steps=120):
        pass
    assert game.likelihood(source.examples("test").x).value < first - 0.5
    made = source.domain.decode(game.sample(3000)).numpy()
    names = source.domain.names
    gone = np.isnan(made).mean(0)
    assert gone[names.index("score")] == pytest.approx(0.25, abs=0.07)
    assert gone[names.index("job")] == pytest.approx(0.1, abs=0.05)
    assert gone[names.index("age")] == 0
    age, paid = made[:, names.index("age")], made[:, names.index("paid")]
    young = source.domain.columns[names.index("paid")].choices.index("true")
    old = paid != young
    assert old[age > 50].mean() - old[age < 30].mean() > 0.25
    shuffled = np.random.default_rng(0).permutation(age)
    assert abs(old[shuffled > 50].mean() - old[shuffled < 30].mean()) < 0.1
    assert torch.equal(game.sample(50, seed=3), game.sample(50, seed=3))
    assert not torch.equal(game.sample(50, seed=3), game.sample(50, seed=4))


def test_a_row_takes_a_step_for_each_column_that_is_learnt(source, game):
    assert game.steps_per_sample == sum(c.kind != "id" for c in source.domain.columns) == 9


def test_the_default_recipe_of_a_table_is_the_one_for_columns(source):
    assert choose(source.domain, 300)[0] == "mixed"


@pytest.mark.parametrize("spec", [TypedAutoregressive, TypedFlow, TypedVae])
def test_rows_without_a_number_have_a_mass(tmp_path, spec):
    rng = np.random.default_rng(0)
    cells = zip(rng.choice(["a", "b"], 60), rng.choice(["x", "y", "z"], 60), strict=True)
    (tmp_path / "t.csv").write_text("p,q\n" + "\n".join(map(",".join, cells)))
    source = load(tmp_path / "t.csv")
    game = GAMES[spec](spec(Columns(16, 1, 8)), source.domain, ())
    assert game.likelihood(source.examples("train", 8).x, budget=1).space == "discrete"


def test_a_table_of_one_column_has_a_density_by_a_flow(tmp_path):
    (tmp_path / "t.csv").write_text("p\n" + "\n".join(["a", "b", "b"] * 20))
    source = load(tmp_path / "t.csv")
    game = GAMES[TypedFlow](TypedFlow(Columns(16, 1, 8)), source.domain, ())
    assert game.likelihood(source.examples("train", 8).x, budget=1).dims == 1
    assert len(game.sample(5)) == 5
