"""The checkerboard is measured, and generators that enlarge in three ways are told apart by it."""

from __future__ import annotations

import pytest
import torch

from counterplay.errors import UserError
from counterplay.game import generator, quiet, seeded
from counterplay.metrics.checkerboard import checkerboard
from counterplay.networks import ConvGenerator


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=generator("checkerboard", shape))


def chequered(size: int = 16) -> torch.Tensor:
    rows, columns = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    return ((rows + columns) % 2).double().view(1, 1, size, size)


def test_a_checkerboard_is_all_of_it_and_a_slope_hardly_any() -> None:
    assert checkerboard(chequered()) == pytest.approx(1)
    stripes = torch.arange(16).double().remainder(2).expand(1, 1, 16, 16)
    assert checkerboard(stripes) == pytest.approx(1)
    slope = torch.linspace(-1, 1, 64).expand(1, 1, 64, 64)
    assert checkerboard(slope) < 0.01
    # The twin: a pattern of period four has no energy there.
    coarse = (torch.arange(16) // 2).double().remainder(2).expand(1, 1, 16, 16)
    assert checkerboard(coarse) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("window", [4, 8, 16])
def test_white_noise_has_three_of_all_frequencies(window: int) -> None:
    assert checkerboard(normal(400, 1, 16, 16), window) == pytest.approx(
        3 / (window**2 - 1), rel=0.05
    )


def test_it_is_the_energy_at_three_fourier_frequencies() -> None:
    x = normal(3, 2, 16, 16).double().cumsum(2)
    energy = torch.fft.fft2(x.unfold(2, 8, 8).unfold(3, 8, 8)).abs().square()
    there = energy[..., 4, 0] + energy[..., 0, 4] + energy[..., 4, 4]
    rest = energy.sum((-1, -2)) - energy[..., 0, 0]
    assert checkerboard(x, 8) == pytest.approx(float(there.mean() / rest.mean()), rel=1e-9)


def test_it_does_not_depend_on_scale_or_brightness_and_adds_up() -> None:
    smooth = normal(4, 1, 16, 16).double().cumsum(2).cumsum(3)
    assert checkerboard(7 * smooth + 3) == pytest.approx(checkerboard(smooth), rel=1e-9)
    shares = [checkerboard(smooth + amount * chequered()) for amount in (0, 1, 3, 10)]
    assert shares == sorted(shares)
    assert shares[-1] > 5 * shares[0]


def test_local_patterns_are_found_by_small_windows() -> None:
    # A checkerboard that changes its sign in every eighth pixel: the picture's phases are equal.
    signs = (torch.arange(32) // 8).remainder(2).mul(2).sub(1).double()
    x = (chequered(32) - 0.5) * signs[:, None] * signs
    assert checkerboard(x, 8) == pytest.approx(1)
    assert checkerboard(x) < 1e-9


@pytest.mark.parametrize(("shape", "window"), [((2, 1, 8, 8), 7), ((2, 1, 4, 4), 8)])
def test_wrong_windows_are_refused(shape: tuple[int, ...], window: int) -> None:
    with pytest.raises(UserError, match="an even one that fits"):
        checkerboard(torch.zeros(shape), window)
    with pytest.raises(UserError, match="constant"):
        checkerboard(torch.zeros(2, 1, 8, 8))


def untrained(upsample: str) -> float:
    """Return the median checkerboard of five generators before training."""
    found = []
    for seed in range(5):
        with seeded("checkerboard", seed):
            forge = ConvGenerator(16, 3, 32, 16, upsample=upsample)
        with quiet(forge):
            found.append(checkerboard(forge(normal(64, 16))))
    return sorted(found)[2]


def test_untrained_generators_that_resize_have_a_fraction_of_the_others_checkerboard() -> None:
    found = {how: untrained(how) for how in ("uneven", "transposed", "resize")}
    noise = 3 / (32**2 - 1)
    assert found["resize"] < 0.5 * noise
    assert min(found["uneven"], found["transposed"]) > 30 * noise
