"""Copies, likelihood by bumps, diversity, supports, path lengths: closed forms and broken twins."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from counterplay.errors import UserError
from counterplay.game import generator
from counterplay.metrics import raw
from counterplay.metrics.birthday import birthday, support
from counterplay.metrics.cells import cells
from counterplay.metrics.copying import copying_test, memorised
from counterplay.metrics.fld import fld, mixture_nll
from counterplay.metrics.measured import differ
from counterplay.metrics.parzen import WARNING, parzen
from counterplay.metrics.path_length import path_length
from counterplay.metrics.vendi import vendi


def normal(n: int, d: int, *words: object) -> Tensor:
    return torch.randn(n, d, generator=generator("copying", *words))


TRAIN, HELD, MADE = (normal(400, 4, which) for which in ("train", "held", "made"))
COPIES = TRAIN + 0.02 * normal(400, 4, "noise")


def test_trap_38_the_rank_test_sees_copies_and_clears_an_honest_generator():
    honest, copies = (copying_test(TRAIN, HELD, x) for x in (MADE, COPIES))
    assert abs(honest.value) < 3
    assert honest.p_value > 0.01
    assert copies.value < -8
    assert copies.p_value < 1e-6
    assert copying_test(TRAIN, HELD, 3 * MADE).value > 5


def test_the_rank_test_is_standard_normal_for_an_honest_generator():
    """Held-out and generated examples exchange: mean 0, and the error as it is said."""
    scores = torch.tensor(
        [
            copying_test(normal(90, 2, "t", i), normal(90, 2, "h", i), normal(90, 2, "m", i)).value
            for i in range(60)
        ]
    )
    error = copying_test(TRAIN, HELD, MADE)
    said = (error.interval[1] - error.interval[0]) / 2 / 1.96
    assert abs(float(scores.mean())) < 3 * float(scores.std()) / 60**0.5
    assert float(scores.std()) == pytest.approx(said, rel=0.3)


def test_trap_38_near_copies_are_counted_against_held_out_examples():
    assert memorised(TRAIN, COPIES).value > 0.9
    held = memorised(TRAIN, HELD)
    assert held.value < 0.1
    assert held.interval[1] < 0.1
    # A training example that occurs twice has not lost its copies.
    assert memorised(TRAIN.repeat(2, 1), COPIES).value == memorised(TRAIN, COPIES).value


def test_trap_38_one_number_sees_bad_missing_and_copied_samples():
    perfect = fld(TRAIN, HELD, MADE)
    assert perfect.interval[0] - 5 < 0 < perfect.interval[1] + 5
    for worse in (MADE + 2, 4 * MADE, MADE[:10].repeat(40, 1), TRAIN):
        found = fld(TRAIN, HELD, worse)
        assert found.value > perfect.value + 3
        assert differ(found, perfect)
    gap = dict(fld(TRAIN, HELD, COPIES).about)["gap"]
    assert gap < dict(perfect.about)["gap"] - 10


def test_the_width_of_one_bump_is_its_most_likely_one():
    """One centre at 0, N(0, 4) around it: −log p is that of the fitted round normal law."""
    x, held = 2 * normal(500, 3, "x"), 2 * normal(50, 3, "held")
    variance = float(x.square().mean())
    expected = 0.5 * (held.square().sum(1) / variance + 3 * math.log(2 * math.pi * variance))
    found = mixture_nll(torch.zeros(1, 3), x, held)
    assert torch.allclose(found.float(), expected, rtol=1e-4)


def test_more_steps_make_the_fitted_examples_more_likely():
    values = [float(mixture_nll(MADE, TRAIN, TRAIN, steps).mean()) for steps in (0, 1, 5, 30)]
    assert values == sorted(values, reverse=True)


def test_the_diversity_of_orthogonal_examples_is_their_number():
    axes = torch.eye(6)
    assert vendi(axes).value == pytest.approx(6)
    assert vendi(axes.repeat(5, 1)).value == pytest.approx(6)
    assert vendi(axes[:2].repeat(20, 1)).value == pytest.approx(2)
    assert vendi(torch.ones(9, 3)).value == pytest.approx(1)
    # Shares 3/4 and 1/4: the exponential of their entropy.
    uneven = torch.cat([axes[:1].repeat(30, 1), axes[1:2].repeat(10, 1)])
    expected = math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))
    assert vendi(uneven).value == pytest.approx(expected)


@pytest.mark.parametrize(("n", "d"), [(30, 80), (80, 30)])
def test_the_diversity_is_that_of_the_matrix_of_cosines(n, d):
    x = normal(n, d, "x")
    unit = torch.nn.functional.normalize(x.double(), dim=1)
    values = torch.linalg.eigvalsh(unit @ unit.T / n).clamp(min=0)
    assert vendi(x).value == pytest.approx(math.exp(float(torch.special.entr(values).sum())))


def test_the_interval_of_the_diversity_is_its_spread():
    found = [vendi(normal(300, 3, i) * torch.tensor([3.0, 1, 0.3])) for i in range(80)]
    logs = torch.tensor([math.log(each.value) for each in found])
    said = [math.log(each.interval[1] / each.interval[0]) / 2 / 1.96 for each in found]
    assert sum(said) / 80 == pytest.approx(float(logs.std()), rel=0.2)


def test_the_birthday_test_counts_what_there_is():
    """Uniform over 500 points: 300 draws have about 90 equal pairs."""
    points = 10 * normal(500, 3, "points")
    drawn = points[torch.randint(500, (300,), generator=generator("draws"))]
    drawn = drawn + 1e-5 * normal(300, 3, "tiny")
    found = birthday(points, drawn)
    assert found.interval[0] < 500 < found.interval[1]
    assert found.value == pytest.approx(500, rel=0.3)
    honest = birthday(TRAIN, MADE)
    assert honest.interval[1] == math.inf or honest.value > 2_000


def test_no_pair_gives_only_a_lower_end():
    found = support(0, 100)
    assert found.value == found.interval[0] == pytest.approx(4950 / 3.6889, rel=1e-4)
    assert found.interval[1] == math.inf


def test_the_parzen_window_prefers_centroids_to_real_examples():
    """The reason not to use it: K-means of the training set beats as many real examples."""
    rng = generator("parzen")
    kinds = 4 * torch.randn(30, 8, generator=rng)

    def draw(n: int) -> Tensor:
        kind = torch.randint(30, (n,), generator=rng)
        return kinds[kind] + torch.randn(n, 8, generator=rng)

    train, test, fresh = draw(3000), draw(600), draw(100)
    centroids = cells(train, 100).centres
    cheat, real = parzen(test, centroids), parzen(test, fresh)
    assert cheat.interval[0] > real.interval[1]
    assert cheat.value > real.value + 0.5
    assert "compares nothing" in WARNING


def test_the_parzen_window_is_its_formula():
    real = normal(40, 2, "real")
    found = parzen(real, torch.zeros(4, 2), widths=(1.5,))
    expected = -real[20:].square().sum(1) / 4.5 - math.log(2 * math.pi * 2.25)
    assert found.value == pytest.approx(float(expected.mean()), rel=1e-5)
    assert found.about == (("width", 1.5),)


def line(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    return a + t[:, None] * (b - a)


def test_the_path_length_of_a_linear_generator_is_exact():
    """|A (b − a)|² for each way, whatever t and ε; its mean is 2 |A|² for normal latents."""
    a, b, matrix = normal(900, 5, "a"), normal(900, 5, "b"), normal(5, 3, "matrix")
    found = path_length(lambda z: z @ matrix, a, b, line, raw(), epsilon=0.5)
    each = ((b - a) @ matrix).square().sum(1)
    assert found.value == pytest.approx(float(each.mean()), rel=1e-4)
    assert found.interval[0] < 2 * float(matrix.square().sum()) < found.interval[1]


def test_a_generator_that_jumps_has_long_paths():
    a, b = normal(500, 2, "a"), normal(500, 2, "b")
    smooth = path_length(lambda z: z, a, b, line, raw())
    jumps = path_length(lambda z: z.sign(), a, b, line, raw())
    assert jumps.value > 5 * smooth.value


def test_mistakes_are_told_in_a_line():
    cases = [
        (lambda: copying_test(TRAIN, HELD, MADE[:19]), "at least 20"),
        (lambda: fld(TRAIN, HELD[:, :3], MADE), "3 features and not 4"),
        (lambda: parzen(TRAIN, MADE, widths=()), "above 0"),
        (lambda: path_length(lambda z: z, MADE[:1], MADE[:1], line, raw()), "two or more pairs"),
        (lambda: vendi(torch.full((3, 2), math.nan)), "3 of 3"),
    ]
    for make, says in cases:
        with pytest.raises(UserError, match=says):
            make()
