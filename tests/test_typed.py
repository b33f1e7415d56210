"""Tables of mixed columns: what their columns are found to be, and the way to numbers and back."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from typed_tables import ROWS, SHARED, content, rows

from counterplay.data import from_json, load
from counterplay.data.cells import write_parquet, write_text
from counterplay.data.kinds import typed
from counterplay.data.ranks import Curves, knots
from counterplay.errors import UserError

KINDS = {
    "age": "integer",
    "pay": "real",
    "job": "category",
    "paid": "boolean",
    "hired": "date",
    "left": "date",
    "zip": "category",
    "no": "id",
    "score": "real",
    "rate": "real",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("typed") / "t.csv"
    path.write_text(content())
    return load(path)


def raw_of(source, split="train"):
    return source.supply.held(split, source.splits[split], 0)[0]


def same(a, b):
    return bool(((a == b) | (a.isnan() & b.isnan())).all())


def test_each_column_is_found_to_be_what_it_is(source):
    assert {c.name: c.kind for c in source.domain.columns} == KINDS
    missing = {c.name: c.blank for c in source.domain.columns if c.missing}
    assert missing == {"job": "?", "score": "NA"}
    assert any("not learnt: no" in note for note in source.notes)


def test_there_and_back_is_exact_for_every_kind(source):
    raw, domain = raw_of(source), source.domain
    back = domain.decode(domain.encode(raw))
    for i, column in enumerate(domain.columns):
        if column.name == "rate":  # a number without a limit to its decimals: to rounding
            assert torch.allclose(raw[:, i], back[:, i], rtol=1e-5)
        elif column.kind != "id":
            assert same(raw[:, i], back[:, i]), column.name


def test_the_file_that_is_written_is_the_file_that_was_read(source):
    whole = torch.cat([raw_of(source, part) for part in ("train", "validation", "test")])
    order = whole[:, list(KINDS).index("no")].argsort()
    found = write_text(source.domain, whole[order].numpy()).decode().splitlines()
    assert found[0] == content().splitlines()[0]
    number = list(KINDS).index("no")
    for ours, theirs in zip(found[1:], content().splitlines()[1:], strict=True):
        cells, given = next(csv.reader([ours])), next(csv.reader([theirs]))
        del cells[number], given[number]  # ids go on where the data end
        assert cells == given


def test_ids_go_on_where_the_data_end(source):
    raw = source.domain.decode(source.domain.encode(raw_of(source)[:3]))
    table = list(csv.reader(io.StringIO(write_text(source.domain, raw.numpy()).decode())))
    number = table[0].index("no")
    assert [row[number] for row in table[1:]] == [f"C{ROWS + i:04d}" for i in range(3)]


def test_whatever_is_decoded_keeps_what_holds_in_training_rows(source):
    domain, raw = source.domain, raw_of(source)
    noise = torch.randn(10_000, domain.dim, generator=torch.Generator().manual_seed(0))
    made = domain.decode(2 * noise)
    hired, left = (domain.names.index(name) for name in ("hired", "left"))
    assert (hired, left) in domain.below
    assert bool((made[:, hired] <= made[:, left]).all())
    for i, column in enumerate(domain.columns):
        values, there = raw[:, i], made[:, i]
        if column.kind == "id":
            continue
        low, high = np.nanmin(values), np.nanmax(values)
        assert bool(((there >= low) & (there <= high) | there.isnan()).all()), column.name
        assert column.missing or not there.isnan().any()
        if column.decimals >= 0:
            whole = there[~there.isnan()] * 10**column.decimals
            assert torch.allclose(whole, whole.round(), atol=1e-6), column.name
    # Without the order, as many rows break it as if it were not known.
    from dataclasses import replace

    loose = replace(domain, below=()).decode(2 * noise)
    assert float((loose[:, hired] > loose[:, left]).double().mean()) > 0.2


def test_a_domain_comes_back_from_json(source):
    import json

    again = from_json(json.loads(json.dumps(source.domain.to_json())))
    assert again == source.domain
    raw = raw_of(source)
    assert torch.equal(again.encode(raw), source.domain.encode(raw))
    with pytest.raises(UserError, match="kind table cannot be read"):
        from_json({"kind": "table", "columns": [{"name": "a"}]})


def test_tables_of_numbers_with_a_point_are_vectors(tmp_path):
    (tmp_path / "p.csv").write_text("a,b\n" + "\n".join(f"{i}.0,{i * i % 7}.5" for i in range(40)))
    assert load(tmp_path / "p.csv").domain.kind == "vector"
    (tmp_path / "n.csv").write_text("a,b\n" + "\n".join(f"{i},{i * i % 7}" for i in range(40)))
    assert load(tmp_path / "n.csv").domain.kind == "table"
    asked = load(tmp_path / "n.csv", types=["b=category"]).domain
    assert [c.kind for c in asked.columns] == ["id", "category"]
    assert asked.columns[1].choices == ("0", "1", "2", "4")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2", "-3"] * 9, "integer"),
        (["1", "2.5", "3"] * 9, "real"),
        (["1", "2e-3", "3"] * 9, "real"),
        (["007", "008", "009"] * 9, "category"),
        (["True", "False", "NA"] * 9, "boolean"),
        (["yes", "no"] * 9, "boolean"),
        (["01.02.2020", "28.02.2020"] * 9, "date"),
        (["2020-01-01 10:00:00", "2020-01-02 23:59:59"] * 9, "date"),
        (["red", "green"] * 9, "category"),
        (["", "?"] * 9, "category"),
        ([f"u{i}" for i in range(30)], "id"),
        ([str(i) for i in range(30)], "id"),
        ([str(i * i) for i in range(30)], "integer"),
    ],
)
def test_the_rule_of_kinds(cells, kind):
    column, values = typed("x", cells)
    assert column.kind == kind
    assert len(values) == len(cells)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"types": ["agee=real"]}, "has no column 'agee' to be a type: did you mean 'age'"),
        ({"types": ["age=reel"]}, "no type 'reel'; did you mean 'real'"),
        ({"types": ["job=date"]}, "column 'job' is asked to be date, and holds"),
        ({"labels": "jobb"}, "has no column 'jobb' for labels: did you mean 'job'"),
        ({"drop": list(KINDS)}, "no column is left"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, options, said):
    (tmp_path / "t.csv").write_text(content())
    with pytest.raises(UserError) as caught:
        load(tmp_path / "t.csv", **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_free_text_is_refused_with_the_way_out(tmp_path):
    lines = ["a,b", *(f"{i % 9},text {i // 2} goes on" for i in range(90))]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    assert load(tmp_path / "t.csv").domain.columns[1].kind == "category"
    lines = ["a,b", *(f"{i % 9},text {max(i, 2)} goes on" for i in range(90))]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    with pytest.raises(UserError, match=r"--data.types"):
        load(tmp_path / "t.csv")


def test_parquet_keeps_types(tmp_path, source):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table(
        {
            "n": pyarrow.array([1, 2, None, 4] * 10, pyarrow.int32()),
            "b": pyarrow.array([True, False, True, True] * 10),
            "t": pyarrow.array(["x", "y", None, "x"] * 10),
            "d": pyarrow.array([1.5, 2.25, 3.0, 4.0] * 10, pyarrow.float64()),
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    domain = (found := load(tmp_path / "t.parquet")).domain
    raw = domain.decode(domain.encode(raw_of(found)))
    (tmp_path / "out.parquet").write_bytes(write_parquet(domain, raw.numpy()))
    out = parquet.read_table(tmp_path / "out.parquet")
    assert out.schema.types == table.schema.types
    assert out.column_names == table.column_names


def test_ranks_are_even_whatever_the_values_are():
    rng = np.random.default_rng(0)
    values = np.round(np.exp(3 * rng.normal(size=20_000)))
    curves = Curves([knots(values, 1.0)])
    ranks = curves.ranks(torch.tensor(values)[:, None])
    assert torch.equal(curves.values(ranks.float())[:, 0].round(), torch.tensor(values))
    luck = torch.rand(20_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    drawn = curves.values((2 * luck - 1)[:, None])[:, 0].round()
    apart = np.abs(
        np.searchsorted(np.sort(values), np.arange(1000), "right") / 20_000
        - np.searchsorted(np.sort(drawn.numpy()), np.arange(1000), "right") / 20_000
    )
    assert apart.max() < 0.015  # 1.36 / sqrt(10 000), at 95 %


def test_values_that_no_two_rows_share_are_not_copied():
    values = np.random.default_rng(0).normal(size=60)
    curves = Curves([knots(values)])
    places = torch.linspace(-1, 1, 400, dtype=torch.float64)[:, None]
    assert len(set(curves.values(places)[:, 0].tolist())) > 390
    # Few values that many rows share are atoms, and so are the only ones that come out.
    tens = np.round(values)
    found = Curves([knots(np.repeat(tens, 9))]).values(places)[:, 0]
    assert set(found.tolist()) == set(tens.tolist())


def test_an_order_that_holds_in_few_rows_holds_in_samples(tmp_path):
    (tmp_path / "t.csv").write_text(content(60))
    domain = load(tmp_path / "t.csv").domain
    raw = rows(domain, 300)
    hired, left = raw[:, domain.names.index("hired")], raw[:, domain.names.index("left")]
    assert (hired <= left).all()
    loose = rows(replace(domain, below=()), 300)
    assert (loose[:, domain.names.index("hired")] > loose[:, domain.names.index("left")]).any()


def test_the_column_to_predict_is_one_that_varies(tmp_path):
    lines = content(60).splitlines()
    body = [f"{line},EUR," for line in lines[1:]]
    (tmp_path / "t.csv").write_text("\n".join([f"{lines[0]},currency,note", *body]))
    domain = load(tmp_path / "t.csv").domain
    assert domain.target == "rate"
    assert domain.names[-2:] == ("currency", "note")


def test_packed_files_without_a_header_are_written_alike(tmp_path):
    body = content().split("\n", 1)[1]
    (tmp_path / "t.data.gz").write_bytes(gzip.compress(body.replace(",", ", ").encode()))
    domain = load(tmp_path / "t.data.gz").domain
    assert not domain.header
    assert [c.kind for c in domain.columns] == list(KINDS.values())
    raw = torch.from_numpy(np.concatenate([rows(domain, 3)]))
    lines = gzip.decompress(write_text(domain, raw.numpy(), packed=True)).decode().splitlines()
    assert len(lines) == 3


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_adult_and_california():
    adult = load(SHARED / "adult" / "adult.data.gz", types=()).domain
    assert [c.kind for c in adult.columns].count("category") == 9
    assert [c.missing for c in adult.columns].count(True) == 3
    found = load(SHARED / "california-housing" / "housing.csv.gz")
    raw = raw_of(found)
    assert same(found.domain.decode(found.domain.encode(raw)), raw)
    assert found.domain.columns[2].places == 1


def test_no_number_is_less_than_nothing():
    from counterplay.data.typed import _on_lattice

    found = _on_lattice(torch.tensor([-0.003, -0.0, -0.006], dtype=torch.float64), 2)
    assert found.signbit().tolist() == [False, False, True]
