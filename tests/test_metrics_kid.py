"""The kernel distance: its definition, its mean, its error."""

from __future__ import annotations

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import kid


def normal(n: int, d: int, *words: object) -> torch.Tensor:
    return torch.randn(n, d, generator=generator("kid", *words))


def test_it_is_its_definition():
    x, y = normal(7, 3, "x").double(), normal(5, 3, "y").double() + 0.5
    kernel = lambda a, b: float((a @ b / 3 + 1) ** 3)  # noqa: E731
    inner = [kernel(a, b) for i, a in enumerate(x) for j, b in enumerate(x) if i != j]
    outer = [kernel(a, b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j]
    cross = [kernel(a, b) for a in x for b in y]
    expected = sum(inner) / 42 + sum(outer) / 20 - 2 * sum(cross) / 35
    assert kid(x, y).value == pytest.approx(expected, rel=1e-5)


def test_a_shift_on_the_line_has_a_closed_form():
    """k = (xy + 1)³ between N(0,1) and N(1,1): 4 + 32 − 2·7 = 22 from their first three moments."""
    value, error = kid(normal(6000, 1, "x"), normal(6000, 1, "y") + 1)
    assert abs(value - 22) < 3 * error
    assert error < 1.5


def test_equal_laws_have_mean_zero_and_negative_values():
    values = torch.tensor([kid(normal(100, 8, i, "x"), normal(120, 8, i, "y")) for i in range(80)])
    spread = values[:, 0].std()
    assert abs(values[:, 0].mean()) < 3 * spread / 80**0.5
    assert 15 < int((values[:, 0] < 0).sum()) < 70
    assert 1 < float(values[:, 1].mean() / spread) < 2  # over-stated, never under-stated


def test_the_error_is_the_spread_over_repetitions():
    pairs = [kid(normal(200, 8, i, "x"), normal(250, 8, i, "y") + 0.7) for i in range(80)]
    values = torch.tensor(pairs)
    assert float(values[:, 1].mean() / values[:, 0].std()) == pytest.approx(1, abs=0.25)


def test_shared_examples_show_as_strongly_negative():
    x = normal(500, 16, "x")
    value, error = kid(x, x)
    assert value < -2 * error < 0


@pytest.mark.parametrize("chunk", [7, 64, 1000])
def test_chunks_change_nothing(chunk):
    x, y = normal(150, 8, "x"), normal(130, 8, "y")
    assert kid(x, y, chunk=chunk) == pytest.approx(kid(x, y), rel=1e-4, abs=1e-6)


def test_order_changes_nothing_and_mistakes_are_told():
    x, y = normal(150, 8, "x"), normal(130, 8, "y") + 0.3
    assert kid(x.flip(0), y.flip(0)) == pytest.approx(kid(x, y), rel=1e-5)
    with pytest.raises(UserError, match="at least 2"):
        kid(x[:1], y)
