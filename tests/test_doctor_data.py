"""Signals of the data themselves: what is constant, doubled, misread or too little."""

from __future__ import annotations

import torch

from counterplay.doctor import History, diagnose
from counterplay.doctor.examples import of_examples


def test_the_data_themselves_are_looked_at():
    rng = torch.Generator().manual_seed(0)
    fine = (torch.rand(300, 1, 8, 8, generator=rng) * 2 - 1).clamp(-1, 1)
    seen = {
        "fine": of_examples(fine, 300),
        "constant": of_examples(fine[:1].expand(300, -1, -1, -1), 300),
        "doubled": of_examples(fine[:30].repeat(10, 1, 1, 1), 300),
        "misread": of_examples((fine > 0).float() / 127.5 - 1, 300),  # 0 and 1 read as of 255
        "few": of_examples(fine[:20], 20),
    }
    found = {
        name: {f.name for f in diagnose(History({**facts, "data/pictures": 1.0}, {}, []))}
        for name, facts in seen.items()
    }
    assert found["fine"] == {"healthy-unfinished"}
    assert "data-constant" in found["constant"]
    assert "data-doubled" in found["doubled"]
    assert "data-range" in found["misread"]
    assert "data-few" in found["few"]


def test_rows_that_repeat_are_copies_where_their_numbers_do_not():
    rng = torch.Generator().manual_seed(0)
    fine = torch.randn(300, 3, generator=rng)
    coarse = torch.randint(0, 3, (300, 3), generator=rng).float()
    for rows, said in ((fine, False), (fine[:100].repeat(3, 1), True), (coarse, False)):
        found = diagnose(History(of_examples(rows, 300), {}, []))
        assert ("data-doubled" in {f.name for f in found}) == said


def test_rows_of_few_values_are_copies_where_all_are_there_as_often():
    """Rows of bits meet by chance, or because some are frequent; copies are there as often, all."""
    rng = torch.Generator().manual_seed(0)

    def bits(count, width, share=0.5):
        return (torch.rand(count, width, generator=rng) < share).float()

    rows = bits(800, 40)
    copies = rows.repeat(4, 1)[torch.randperm(3200, generator=rng)]
    for x, low, high in (
        (bits(3000, 10), 0.8, 1.2),
        (bits(3000, 16, 0.1), 3.0, 1e9),
        (rows.repeat(3, 1), 0.0, 1e-9),
        (copies[:2560], 0.0, 0.4),  # of which a part was held out
    ):
        found = of_examples(x, len(x))
        assert low <= found["data/even"] <= high
        said = "data-doubled" in {f.name for f in diagnose(History(found, {}, []))}
        assert said == (high < 0.5)
    assert "data/even" not in of_examples(rows, 800)  # no row is there twice
    assert "data/even" not in of_examples(bits(800, 5), 800)  # too few differ


def test_rows_some_of_which_are_frequent_are_copies_where_as_many_times_stands_out():
    """The law of draws, k! p_k log-convex, holds whatever frequencies rows have."""
    rng = torch.Generator().manual_seed(0)
    drawn = [
        (torch.rand(3000, width, generator=rng) < share).float()
        for width, share in ((16, 0.1), (24, 0.05), (12, 0.3), (10, 0.5))
    ]
    for rows in drawn:
        assert of_examples(rows, 3000)["data/again"] == 0
    rows = drawn[0]
    some = torch.cat([rows, rows[:1500].repeat(3, 1)])  # half of them four times
    found = of_examples(some, len(some))
    assert found["data/again"] > 0.05
    assert found["data/even"] > 1
    assert "data-doubled" in {f.name for f in diagnose(History(found, {}, []))}
    found["data/again"] = 0.0
    assert "data-doubled" not in {f.name for f in diagnose(History(found, {}, []))}


def test_one_recording_that_goes_round_is_constant_wherever_it_is_cut():
    rng = torch.Generator().manual_seed(0)
    one = torch.randn(20, generator=rng).repeat(100)
    round_about, two = one.unfold(0, 64, 3), torch.randn(40, 64, generator=rng).repeat(40, 1)
    other = torch.randn(1000, 64, generator=rng)
    for x, said in ((round_about, True), (other, False), (torch.cat([two, other]), False)):
        found = of_examples(x, len(x), ordered=True)
        assert ("data-constant" in {f.name for f in diagnose(History(found, {}, []))}) == said
    # Of a table the same rows are rows that were copied.
    rows = of_examples(round_about, len(round_about))
    assert "data-constant" not in {f.name for f in diagnose(History(rows, {}, []))}
