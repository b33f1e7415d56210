"""Files as people have them: figures of sixteen digits, long cells, damaged archives."""

from __future__ import annotations

import csv
import datetime
import io
import random
import wave
import zipfile

import numpy as np
import pytest
from PIL import Image

from counterplay.cli import main
from counterplay.data import load
from counterplay.data.cells import texts, write_parquet
from counterplay.errors import UserError
from counterplay.metrics.tabular_models import detection


def written(path, header, rows, separator=","):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=separator)
        out.writerow(header)
        out.writerows(rows)
    return path


def columns(path, **options):
    return {column.name: column for column in load(path, **options).domain.columns}


def test_fractions_that_no_float_holds_are_numbers_without_a_lattice(tmp_path):
    luck = random.Random(0)
    rows = [(f"c{i % 7}", repr(luck.random() * 3e10)) for i in range(300)]
    found = columns(written(tmp_path / "gdp.csv", ["country", "gdp"], rows))
    assert (found["gdp"].kind, found["gdp"].decimals) == ("real", -1)


def test_one_long_cell_costs_its_own_length(tmp_path):
    rows = [(i % 7, f"{i / 7:.3f}", "z" * 10**5 if i == 5 else f"t{i}") for i in range(3000)]
    path = written(tmp_path / "long.csv", ["a", "b", "text"], rows)
    assert set(columns(path, drop=["text"])) == {"a", "b"}  # 3.6 GB, as wide as the longest


def test_ids_beyond_what_a_float_counts_go_on(tmp_path):
    first = 1_500_000_000_000_000_000
    rows = [(first + 79_191 * i, f"{i / 200:.2f}", "ab"[i % 2]) for i in range(200)]
    source = load(written(tmp_path / "ids.csv", ["tweet_id", "x", "y"], rows))
    column = source.domain.from_json(source.domain.to_json()).columns[0]
    last = first + 79_191 * 199
    assert texts(column, np.arange(3.0)) == [str(last + 1 + i) for i in range(3)]


def test_numbers_whose_squares_are_infinite_are_told_apart():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(80, 2))
    rows[::10, 0] = 1.7976931348623157e308
    assert detection(rows[:40], rows[40:], (False, False), classifier="logistic").value < 1


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_a_cell_of_two_lines_where_the_first_lines_end(tmp_path, separator):
    rows = [(f"n{i % 5}", "two\nlines" if i == 18 else "one", i % 30) for i in range(100)]
    found = columns(written(tmp_path / "q.csv", ["name", "note", "age"], rows, separator))
    assert list(found) == ["name", "note", "age"]


def recording() -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((np.sin(np.arange(4000) / 9) * 9000).astype("<i2").tobytes())
    return content.getvalue()


def test_a_damaged_recording_of_an_archive_is_left_out_and_named(tmp_path):
    path = tmp_path / "w.zip"
    with zipfile.ZipFile(path, "w") as file:
        for i in range(12):
            file.writestr(f"{i}.wav", recording())
    content = bytearray(path.read_bytes())
    content[400] ^= 0xFF  # of the first one's samples: its sum does not fit any more
    path.write_bytes(content)
    source = load(path)
    assert any("0.wav" in note for note in source.notes)


def test_a_damaged_table_beside_pictures_is_none(tmp_path):
    for i in range(12):
        Image.fromarray(np.full((16, 16, 3), 20 * i, np.uint8)).save(tmp_path / f"{i}.png")
    for content in (b"", b"PK\x03\x04 half"):
        (tmp_path / "labels.npz").write_bytes(content)
        assert load(tmp_path).domain.shape == (1, 16, 16)


def test_a_mark_of_byte_order_is_no_character(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("\ufeff" + "hello world, and so on\n" * 300, encoding="utf-8")
    assert "\ufeff" not in load(path).domain.symbols


def test_times_of_milliseconds_are_dates_and_written_as_they_were(tmp_path):
    day = datetime.datetime(2024, 1, 1, 10, 0)
    moments = [day + datetime.timedelta(milliseconds=86_413 * i) for i in range(200)]
    cells = [f"{m:%Y-%m-%d %H:%M:%S.%f}"[:-3] for m in moments]
    source = load(written(tmp_path / "t.csv", ["when", "k"], zip(cells, "ab" * 100, strict=False)))
    column = source.domain.columns[0]
    assert (column.kind, column.decimals) == ("date", 3)
    raw = np.array([m.timestamp() for m in (t.replace(tzinfo=datetime.UTC) for t in moments)])
    assert texts(column, raw) == cells


@pytest.mark.parametrize(
    "ends", ["+02:00", "-0530", "Z", ".125Z", ".5+00:00"], ids=lambda each: each
)
def test_times_with_a_zone_are_dates_and_written_as_they_were(tmp_path, ends):
    day = datetime.datetime(2024, 1, 1, 10, 0)
    cells = [f"{day + datetime.timedelta(seconds=86_413 * i):%Y-%m-%dT%H:%M:%S}" for i in range(90)]
    cells = [cell + ends for cell in cells]
    source = load(written(tmp_path / "t.csv", ["when", "k"], zip(cells, "ab" * 45, strict=True)))
    column = source.domain.columns[0]
    assert column.kind == "date"
    raw = source.domain.decode(source.examples("train", 40).x).numpy()
    assert set(texts(column, raw[:, 0])) <= set(cells)


def test_times_of_several_zones_are_told_by_one(tmp_path):
    """Clocks that go back: an hour of wall time is there twice, and no moment is."""
    start = datetime.datetime(2024, 10, 27, 0, 0, tzinfo=datetime.UTC)
    moments = [start + datetime.timedelta(minutes=7 * i) for i in range(60)]
    summer, winter = (datetime.timezone(datetime.timedelta(hours=h)) for h in (2, 1))
    local = [m.astimezone(summer if m.hour < 1 else winter) for m in moments]
    rows = zip([f"{m:%Y-%m-%d %H:%M:%S%z}" for m in local], "ab" * 30, strict=True)
    column = load(written(tmp_path / "t.csv", ["when", "k"], rows)).domain.columns[0]
    assert column.kind == "date"
    told = texts(column, np.array([m.timestamp() for m in moments]))
    assert told == [f"{m:%Y-%m-%d %H:%M:%S}+0000" for m in moments]


def test_dates_that_came_as_texts_go_as_texts(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    days = [f"{1 + i % 28:02d}/0{1 + i % 9}/1989" for i in range(60)]
    table = pyarrow.table({"day": days, "v": [i / 7 for i in range(60)], "k": list("abc") * 20})
    parquet.write_table(table, tmp_path / "t.parquet")
    source = load(tmp_path / "t.parquet")
    raw = source.domain.decode(source.examples("train", 5).x).numpy()
    (tmp_path / "o.parquet").write_bytes(write_parquet(source.domain, raw))
    again = parquet.read_table(tmp_path / "o.parquet")
    assert again.schema.field("day").type == "string"
    assert set(again["day"].to_pylist()) <= set(days)


def test_a_run_goes_on_where_it_is_and_as_what_it_is(tmp_path, capsys):
    run = tmp_path / "run"
    words = ["train", "ring", "--recipe", "gan-ring", "--steps", "3", "--quiet"]
    assert main([*words, "--out", str(run)]) == 0
    for more, said in (
        (["--out", str(tmp_path / "other")], "goes on in that folder; leave --out"),
        (["--recipe", "digits"], "goes on by its own recipe 'gan-ring'"),
    ):
        capsys.readouterr()
        assert main(["train", "--resume", str(run), *more]) == 2
        assert said in capsys.readouterr().err
    assert main(["train", "--resume", str(run), "--out", str(run), "--steps", "4", "--quiet"]) == 0


def test_a_slip_of_the_pen_is_answered_with_what_lies_beside_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "my-pictures").mkdir()
    monkeypatch.chdir(tmp_path)
    for asked, said in (
        ("my-picture", "no data, path or recipe 'my-picture'; did you mean 'my-pictures'?"),
        ("./my-picture", "./my-picture does not exist: did you mean 'my-pictures'?"),
        ("digit", "did you mean 'digits'?"),
        ("qqqq/my-pictures", "neither does its folder qqqq"),
        ("sub.csv", "sub.csv does not exist: . holds my-pictures"),
        ("qqqq", "choose from "),
    ):
        assert main(["train", asked]) == 2
        line = capsys.readouterr().err.strip()
        assert said in line
        assert "\n" not in line


def test_an_empty_table_is_still_refused(tmp_path):
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(UserError, match="is empty"):
        load(tmp_path / "t.csv")
