"""Tables: separators and headers are found out, and what is no number is named."""

from __future__ import annotations

import gzip
import sys

import numpy as np
import pytest
import torch

from counterplay.data import load
from counterplay.data.separated import sniff
from counterplay.errors import UserError

ROWS = np.random.default_rng(0).normal([1, -20, 3e5], [1, 4, 1e4], (60, 3)).astype(np.float32)
KIND = np.array(["b", "a", "c"])[np.arange(60) % 3]


def raw(source, part: str = "train") -> torch.Tensor:
    return source.domain.decode(source.examples(part).x)


def text(
    separator: str = ",", header: str | None = "u,v,w", extra: np.ndarray | None = None
) -> str:
    lines = [] if header is None else [header.replace(",", separator)]
    for i, row in enumerate(ROWS):
        cells = [repr(float(v)) for v in row] + ([] if extra is None else [str(extra[i])])
        lines.append(separator.join(cells))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("header", ["u,v,w", None])
def test_separator_and_header_are_found_out(tmp_path, separator, header):
    path = tmp_path / "t.csv"
    path.write_text(text(separator, header))
    source = load(path)
    assert source.domain.names == (("u", "v", "w") if header else ("x0", "x1", "x2"))
    assert sum(source.splits.values()) == 60
    assert torch.allclose(raw(source), raw(load(ROWS)), rtol=1e-5)


def test_what_is_read_is_exact(tmp_path):
    (tmp_path / "t.csv").write_text(text())
    assert np.array_equal(load(tmp_path / "t.csv").supply.rows, ROWS)


@pytest.mark.parametrize("name", ["t.csv.gz", "t.tsv.gz", "t.data.gz"])
def test_packed_tables(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(text().encode()))
    assert np.array_equal(load(tmp_path / name).supply.rows, ROWS)


def test_marks_of_windows_and_blank_lines_do_no_harm(tmp_path):
    (tmp_path / "t.csv").write_bytes(
        b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode() + b"\r\n"
    )
    source = load(tmp_path / "t.csv")
    assert source.domain.names == ("u", "v", "w")
    assert np.array_equal(source.supply.rows, ROWS)


def test_a_column_is_a_label_when_the_person_says_so(tmp_path):
    (tmp_path / "t.csv").write_text(text(header="u,v,w,kind", extra=KIND))
    source = load(tmp_path / "t.csv", labels="kind")
    assert source.domain.classes == ("a", "b", "c")
    assert source.domain.names == ("u", "v", "w")
    assert np.array(source.domain.classes)[source.supply.labels].tolist() == KIND.tolist()
    dropped = load(tmp_path / "t.csv", drop=["kind", "u"])
    assert (dropped.domain.names, dropped.domain.classes) == (("v", "w"), ())
    assert load(tmp_path / "t.csv", drop="kind").fingerprint != source.fingerprint


def test_whole_numbers_as_labels_are_sorted_by_value(tmp_path):
    (tmp_path / "t.csv").write_text(text(header="u,v,w,k", extra=np.arange(60) % 12))
    assert load(tmp_path / "t.csv", labels="k").domain.classes == tuple(map(str, range(12)))


def harmed(column: int, value: str, rows: int = 2) -> str:
    lines = text().splitlines()
    for i in range(rows):
        cells = lines[5 + i].split(",")
        cells[column] = value
        lines[5 + i] = ",".join(cells)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        *[
            (harmed(1, hole), {}, "infinite values in 2 of 60 rows, in 1 column (v)")
            for hole in ("inf", "-inf", "1e300")
        ],
        (harmed(1, "many"), {}, "column 'v' holds 59 different texts in 60 rows"),
        (
            text(header="u,v,w,k", extra=np.full(60, 7.5)),
            {},
            "constant in the 48 training rows (k)",
        ),
        (text(header="u,v,w,kind", extra=KIND), {"labels": "kid"}, "did you mean 'kind'"),
        (text(), {"labels": "w"}, "labels must be whole numbers or text, 'w' holds"),
        (text(), {"drop": "x"}, "no column 'x' to drop"),
        (text(), {"drop": ["u", "v", "w"]}, "no column is left"),
        (text(), {"size": 32}, "size=32 is for pictures"),
        (text() + "1,2\n", {}, "line 62 has 2 cells, the first has 3 ('1,2')"),
        (text(header="u,v,w,k", extra=KIND), {"size": 32}, "size=32 is for pictures"),
        ("u;v\n" + "1,5;2,25\n3,5;1,75\n" * 30, {}, "write its numbers as 1.5"),
        ("", {}, "is empty"),
        ("\n\n", {}, "is empty"),
        ("u,v,w\n", {}, "a header and no rows"),
        ("u,v\n1.5,2.5\n", {}, "has 1 row: a table needs 4 or more"),
        ("u,v\n1,x\n", {}, "has 1 row: a table needs 4 or more"),
        (harmed(0, "", 3).replace("u,v,w", "u,v,kind"), {"labels": "u"}, "3 of 60 labels in 'u'"),
    ],
)
def test_tables_that_cannot_be_learnt_from(tmp_path, content, options, said):
    (tmp_path / "t.csv").write_text(content)
    with pytest.raises(UserError) as caught:
        load(tmp_path / "t.csv", **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01" * 50, b"\x1f\x8b broken", b"a,b\n\x00\n"])
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_what_is_no_text_is_said_in_one_line(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        load(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_many_constant_columns_of_a_square_number_hint_at_pictures():
    flat = np.zeros((50, 64))
    flat[:, 20:30] = np.random.default_rng(0).random((50, 10))
    with pytest.raises(
        UserError, match=r"54 of 64 columns constant .* give pictures as \(N, 8, 8\)"
    ):
        load(flat)


def test_sniffing_takes_the_separator_that_parts_all_lines():
    assert sniff(["a;b;c", "1,5;2,5;3"]) == ";"
    assert sniff(["one", "2"]) == ","
    assert sniff(["1, 2, 3", "4, 5, 6"]) == ","


def test_large_tables_are_streamed_and_equal(tmp_path, monkeypatch):
    from counterplay.data import separated, store, tables

    (tmp_path / "t.csv").write_text(text(header="u,v,w,kind", extra=KIND))
    small = load(tmp_path / "t.csv", labels="kind")
    monkeypatch.setattr(store, "LIMIT", 0)
    monkeypatch.setattr(tables, "LIMIT", 0)
    monkeypatch.setattr(separated, "BLOCK", 7)
    monkeypatch.setattr(tables, "BLOCK", 7)
    large = load(tmp_path / "t.csv", labels="kind", cache=tmp_path / "cache")
    assert isinstance(large.supply.rows, np.memmap)
    assert np.array_equal(large.supply.rows, small.supply.rows)
    assert (large.domain, large.fingerprint) == (small.domain, small.fingerprint)


def test_parquet_and_data_frames(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(ROWS, columns=["u", "v", "w"]).assign(kind=KIND, n=np.arange(60) % 5)
    frame.to_parquet(tmp_path / "t.parquet")
    for what in (frame, tmp_path / "t.parquet"):
        source = load(what, labels="kind", drop="n")
        assert source.domain.names == ("u", "v", "w")
        assert source.domain.classes == ("a", "b", "c")
        assert np.array_equal(source.supply.rows, ROWS)
        assert load(what, labels="n", drop="kind").domain.classes == ("0", "1", "2", "3", "4")
        kinds = [column.kind for column in load(what).domain.columns]
        assert kinds == ["real", "real", "real", "category", "integer"]
    frame.loc[3, "v"] = np.nan
    frame.to_parquet(tmp_path / "t.parquet")
    for what in (frame, tmp_path / "t.parquet"):
        missing = [column.missing for column in load(what, drop="kind").domain.columns]
        assert missing == [False, True, False, False]


def test_a_missing_reader_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "t.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"pip install 'counterplay\[parquet\]'"):
        load(tmp_path / "t.parquet")


def test_broken_parquet_is_said_in_one_line(tmp_path):
    pytest.importorskip("pyarrow")
    for content in (b"", b"PAR1", b"hello" * 10):
        (tmp_path / "t.parquet").write_bytes(content)
        with pytest.raises(UserError, match="cannot be read as Parquet") as caught:
            load(tmp_path / "t.parquet")
        assert "\n" not in str(caught.value)


COUNTED = "age,score,pay\n" + "".join(f"{20 + i % 9},{i % 5 - 2},{i / 8}\n" for i in range(60))


def test_whole_numbers_make_a_table_of_mixed_columns(tmp_path):
    """As vectors they would come out broken, and beyond their ranges."""
    (tmp_path / "t.csv").write_text(COUNTED)
    domain = load(tmp_path / "t.csv").domain
    assert [c.kind for c in domain.columns] == ["integer", "integer", "real"]
    assert load(tmp_path / "t.csv", types=["vector"]).domain.kind == "vector"
    assert load(tmp_path / "t.csv", labels="age").domain.kind == "vector"
    (tmp_path / "bits.csv").write_text("a,b\n" + "0,1\n1,1\n" * 20)
    assert load(tmp_path / "bits.csv").domain.levels == 2
    assert load(np.array([[0.0], [1.0]] * 20)).domain.levels == 2
    (tmp_path / "late.csv").write_text(COUNTED + "20.5,-2.5,1\n")
    assert load(tmp_path / "late.csv").domain.kind == "vector"
    wide = "\n".join(",".join([str(i)] * 80) for i in range(30))
    (tmp_path / "wide.csv").write_text(wide)
    assert load(tmp_path / "wide.csv").domain.kind == "vector"


def test_truth_values_and_whole_numbers_of_frames_keep_their_types():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [True, False] * 20, "b": [0.5, 1.5] * 20})
    assert [c.kind for c in load(frame).domain.columns] == ["boolean", "real"]
    assert load(frame.astype(float)).domain.kind == "vector"
    assert load(frame.assign(a=range(40), b=[3, 4] * 20)).domain.kind == "table"


def test_a_table_without_numbers_is_drawn_and_read(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n" + "x,u v\ny,w\nx,w\n" * 20)
    source = load(tmp_path / "t.csv")
    x = source.examples("train").x
    assert x.shape[1] == 4
    assert torch.equal(source.domain.encode(source.domain.decode(x)), x)
