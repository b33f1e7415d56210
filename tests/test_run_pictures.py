"""What a person is shown is what there is: pixels in their places, real and generated apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from PIL import Image

from counterplay.run.axes import BACK, REAL
from counterplay.run.curves import ticks
from counterplay.run.pictures import CELL, GAP, grid, picture


def tile(sheet: Image.Image, row: int, column: int, side: int, margin: int = 0) -> np.ndarray:
    """Return the pixels of one image of a grid, reduced to its own size again."""
    factor = max(1, CELL // side)
    step = side * factor + GAP
    left, top = margin + GAP + column * step, GAP + row * step
    box = (left, top, left + side * factor, top + side * factor)
    return np.asarray(sheet.crop(box))[::factor, ::factor]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("side", [8, 28, 64, 128])
def test_every_pixel_of_every_image_is_in_its_place(channels, side):
    images = np.random.default_rng(0).integers(0, 256, (6, channels, side, side), np.uint8)
    sheet = grid(images, columns=3)
    for i in range(6):
        seen = tile(sheet, i // 3, i % 3, side)
        for c in range(min(channels, 3)):
            assert (seen[..., c] == images[i, c]).all()
        if channels == 1:
            assert (seen == images[i, 0][..., None]).all()


def test_small_images_are_enlarged_by_whole_factors_so_that_a_person_sees_them():
    sides = {side: grid(np.zeros((64, 1, side, side), np.uint8)).width for side in (8, 28, 64)}
    assert sides == {8: 8 * (64 + GAP) + GAP, 28: 8 * (56 + GAP) + GAP, 64: 8 * (64 + GAP) + GAP}


def test_labels_give_each_class_a_row():
    images = np.arange(8, dtype=np.uint8).reshape(8, 1, 1, 1).repeat(8, 2).repeat(8, 3) * 10
    labels = torch.tensor([2, 0, 2, 1, 0, 2, 0, 0])
    sheet = grid(images, labels=labels)
    plain = grid(images, columns=4)
    margin = sheet.width - plain.width
    rows = [[1, 4, 6, 7], [3], [0, 2, 5]]
    for r, row in enumerate(rows):
        for c, index in enumerate(row):
            assert tile(sheet, r, c, 8, margin)[0, 0, 0] == index * 10
    named = picture(images, labels=labels, classes=["a long name of a class", "b", "c"])
    assert named.width > sheet.width


def test_tensors_and_arrays_draw_the_same():
    images = torch.arange(64 * 3, dtype=torch.uint8).reshape(1, 3, 8, 8)
    assert grid(images).tobytes() == grid(images.numpy()).tobytes()


def test_other_shapes_and_types_are_refused():
    with pytest.raises(ValueError, match="no picture for shape"):
        picture(np.zeros(3))
    with pytest.raises(ValueError, match="uint8"):
        picture(np.zeros((1, 1, 8, 8), np.float32))


def pixels(sheet: Image.Image) -> np.ndarray:
    """Return the picture without its legend."""
    return np.asarray(sheet.convert("RGB"), dtype=int)[: sheet.height - 40]


def red(sheet: Image.Image) -> np.ndarray:
    """Return the (x, y) of the pixels that show generated samples."""
    r, _, b = np.moveaxis(pixels(sheet), 2, 0)
    return np.argwhere(r - b > 60)[:, ::-1]


def grey(sheet: Image.Image) -> np.ndarray:
    """Return the (x, y) of the pixels that show real examples."""
    return np.argwhere(np.abs(pixels(sheet) - REAL).max(axis=2) < 12)[:, ::-1]


def spread(points: np.ndarray) -> np.ndarray:
    return points.max(axis=0) - points.min(axis=0)


def test_a_scatter_has_equal_axes_and_the_right_way_up():
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [0.0, 1.0]])
    dots = red(picture(corners))
    width, height = spread(dots)
    assert width / height == pytest.approx(4, rel=0.1)
    upper = red(picture(np.array([[0.5, 1.0]]), corners))
    lower = red(picture(np.array([[0.5, 0.0]]), corners))
    assert upper[:, 1].max() < lower[:, 1].min()


def test_far_samples_do_not_shrink_the_picture():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(300, 2))
    wild = np.concatenate([real[:50], [[1e6, 0.0], [np.nan, 0.0], [np.inf, 1.0]]])
    plain, shown = picture(real[:50], real), picture(wild, real)
    assert (spread(red(shown)) >= 0.9 * spread(red(plain))).all()


def test_real_is_grey_and_generated_coloured_in_every_panel():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(500, 6))
    sheet = picture(real[:200] + 1, real, names=["a", "b"])
    alone = picture(real[:200] + 1)  # nothing real was given
    assert len(grey(sheet)) > len(grey(alone)) + 5000
    for left, top in itertools.product((0, 300, 600), (0, 220, 440)):
        panel = sheet.crop((left, top, left + 300, top + 220 + 40))
        assert len(red(panel)) > 100


DEGENERATE = {
    "a point": np.zeros((5, 2)),
    "a point of 3": np.zeros((5, 3)),
    "nan": np.full((5, 2), np.nan),
    "nan of 3": np.full((5, 3), np.nan),
    "one column": np.random.default_rng(0).normal(size=(50, 1)),
    "many columns": np.random.default_rng(0).normal(size=(50, 40)) * 1e30,
    "far scales": np.array([[1e-30, 1e30]]),
}


@pytest.mark.parametrize("points", DEGENERATE.values(), ids=DEGENERATE.keys())
def test_degenerate_samples_still_draw(points):
    for behind in (None, points):
        sheet = picture(points, behind)
        assert np.asarray(sheet).max() == BACK[0]


def test_ticks_are_round_and_inside():
    rng = np.random.default_rng(0)
    for scale in 10.0 ** rng.uniform(-8, 8, 200):
        low, high = np.sort(rng.normal(size=2)) * scale
        marks = ticks(low, high)
        tolerance = (high - low) * 1e-6
        assert 2 <= len(marks) <= 7 or high - low < 1e-9
        assert all(low - tolerance <= t <= high + tolerance for t in marks)
        assert np.allclose(np.diff(marks), np.diff(marks)[0])
