"""Picture files of every odd kind: what comes out is the picture a person would expect."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterplay.data import load
from counterplay.data.examples import Asked, Examples
from counterplay.data.folder import read_pictures
from counterplay.data.listing import folder_files
from counterplay.errors import UserError


def read(folder: Path, **asked: object) -> Examples:
    return read_pictures(folder_files(folder), Asked(**asked))


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def save(folder: Path, name: str, pixels: np.ndarray, **options: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / name, **options)


def one(folder: Path, **asked: object) -> np.ndarray:
    return read(folder, **asked).rows[0]


def enormous_png(side: int = 20_000) -> bytes:
    """Return a small file that is a grey picture of 400 megapixels."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", header) + piece(b"IDAT", data) + piece(b"IEND", b"")
    )


def test_a_picture_of_a_size_that_can_be_built_is_left_as_it_is(tmp_path):
    pixels = noise(16, 16, 3)
    save(tmp_path, "a.png", pixels)
    assert np.array_equal(one(tmp_path), pixels.transpose(2, 0, 1))
    assert read(tmp_path).notes == ()


def test_16_bits_are_divided_by_257(tmp_path):
    deep = np.random.default_rng(0).integers(0, 65536, (8, 8), dtype=np.uint16)
    save(tmp_path, "a.png", deep)
    Image.fromarray(deep).save(tmp_path / "b.tiff")
    found = read(tmp_path)
    for row in found.rows:
        assert np.array_equal(row[0], np.round(deep / 257).astype(np.uint8))
    assert "2 pictures of 16 bits scaled to 8." in found.notes


@pytest.mark.parametrize(("most", "times"), [(255, 256), (4095, 16), (16383, 4)])
@pytest.mark.parametrize("ending", ["png", "tiff"])
def test_16_bits_that_hold_fewer_are_refused(tmp_path, most: int, times: int, ending: str):
    deep = np.linspace(0, most, 64).reshape(8, 8).astype(np.uint16)
    for i in range(4):
        save(tmp_path, f"{i}.{ending}", deep)
    with pytest.raises(UserError) as caught:
        read(tmp_path)
    assert f"pictures of 16 bits reach {most:,} of 65,535 at most" in str(caught.value)
    assert f"multiply them by {times} first" in str(caught.value)
    # One that is bright tells that the others are dark, and not of another depth.
    save(tmp_path, f"bright.{ending}", np.full((8, 8), 32768, np.uint16))
    assert len(read(tmp_path).rows) == 5


def test_16_bit_pgm_is_read(tmp_path):
    deep = np.arange(64).reshape(8, 8) * 1040
    (tmp_path / "a.pgm").write_bytes(b"P5 8 8 65535\n" + deep.astype(">u2").tobytes())
    assert np.abs(one(tmp_path)[0].astype(int) - np.round(deep / 257)).max() <= 1


def test_palette_is_looked_up(tmp_path):
    colours = noise(4, 3)
    indices = noise(8, 8) % 4
    picture = Image.fromarray(indices).convert("P")
    picture.putpalette(colours.tobytes())
    picture.putdata(indices.flatten().tolist())
    picture.save(tmp_path / "a.png")
    assert np.array_equal(one(tmp_path), colours[indices].transpose(2, 0, 1))


def test_a_grey_palette_is_one_channel(tmp_path):
    picture = Image.fromarray(noise(8, 8)).convert("P")
    picture.save(tmp_path / "a.png")
    assert one(tmp_path).shape == (1, 8, 8)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_is_laid_over_white(tmp_path, mode: str):
    black, alpha = np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8)
    alpha[:, :4] = 255  # the left half black, the right half transparent
    bands = [*[black] * (len(mode) - 1), alpha]
    Image.merge(mode, [Image.fromarray(band) for band in bands]).save(tmp_path / "a.png")
    found = read(tmp_path)
    assert found.rows.shape == (1, 1, 8, 8)
    assert (found.rows[0, :, :, :4] == 0).all()
    assert (found.rows[0, :, :, 4:] == 255).all()
    assert "1 picture with transparency laid over white." in found.notes


def test_a_transparent_palette_colour_is_laid_over_white(tmp_path):
    picture = Image.fromarray(noise(8, 8) % 2).convert("P")
    picture.putpalette([0, 0, 0, 200, 0, 0])
    indices = noise(8, 8) % 2
    picture.putdata(indices.flatten().tolist())
    picture.save(tmp_path / "a.png", transparency=0)
    wanted = np.where(indices == 0, 255, 200), np.where(indices == 0, 255, 0)
    assert np.array_equal(one(tmp_path), np.stack([wanted[0], wanted[1], wanted[1]]))


@pytest.mark.parametrize("turn", range(2, 9))
def test_exif_rotation_is_applied(tmp_path, turn: int):
    pixels = np.kron(noise(2, 2, 3), np.ones((8, 8, 1), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = turn
    save(tmp_path, "a.png", pixels, exif=exif)
    turned = {
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.swapaxes(0, 1),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: p[::-1, ::-1].swapaxes(0, 1),
        8: lambda p: np.rot90(p),
    }[turn](pixels)
    found = read(tmp_path)
    assert np.array_equal(found.rows[0], turned.transpose(2, 0, 1))
    assert "1 picture turned upright as their EXIF data say." in found.notes


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_the_first_frame_of_an_animation_is_taken(tmp_path, kind: str):
    frames = [Image.fromarray(np.full((8, 8, 3), level, np.uint8)) for level in (40, 200)]
    options = {"lossless": True} if kind == "webp" else {}
    frames[0].save(tmp_path / f"a.{kind}", save_all=True, append_images=frames[1:], **options)
    found = read(tmp_path)
    assert (found.rows == 40).all()
    assert "1 picture animated: first frame only." in found.notes


def test_cmyk_and_black_and_white_are_read(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.tiff")
    Image.new("1", (8, 8), 1).save(tmp_path / "b.png")
    a, b = read(tmp_path).rows
    assert a[:, 0, 0].tolist() == [255, 0, 0]
    assert (b == 255).all()


def test_grey_pictures_stay_grey_though_their_files_could_hold_colours(tmp_path):
    grey = np.kron(noise(4, 4), np.ones((4, 4), np.uint8))
    save(tmp_path, "a.png", np.repeat(grey[..., None], 3, 2))
    save(tmp_path, "b.jpg", np.repeat(grey[..., None], 3, 2), quality=95)
    save(tmp_path, "c.png", grey)
    found = read(tmp_path)
    assert found.rows.shape == (3, 1, 16, 16)
    assert np.array_equal(found.rows[0, 0], grey)
    save(tmp_path, "d.png", noise(16, 16, 3))
    assert read(tmp_path).rows.shape == (4, 3, 16, 16)


def test_resizing_is_antialiased(tmp_path):
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))
    save(tmp_path, "a.png", stripes)
    assert np.abs(one(tmp_path, size=16)[0].astype(int) - 127).max() < 40  # grey, not stripes


def test_the_shorter_side_is_resized_and_the_middle_cut_out(tmp_path):
    pixels = np.zeros((40, 80), np.uint8)
    pixels[:, 20:60] = 255
    save(tmp_path, "a.png", pixels)
    found = read(tmp_path, size=20)
    assert found.rows[0, 0, :, 1:-1].min() > 200
    assert found.notes == (
        "80x40 pictures resized to 20 on the shorter side (antialiased), the middle cut out.",
    )


def test_mixed_sizes_are_stated(tmp_path):
    for i, (h, w) in enumerate([(30, 50), (33, 33), (90, 34)]):
        save(tmp_path, f"{i}.png", noise(h, w))
    found = read(tmp_path)
    assert found.rows.shape == (3, 1, 32, 32)
    assert "3 sizes, 33x30 to 50x90, resized to 32 on the shorter side" in found.notes[0]


def test_a_jpeg_thumbnail_is_near_the_whole_picture(tmp_path):
    smooth = np.add.outer(np.arange(800), np.arange(1200)) // 8
    save(tmp_path, "a.jpg", smooth.astype(np.uint8), quality=95)
    whole = Image.fromarray(smooth.astype(np.uint8)).crop((200, 0, 1000, 800))
    wanted = np.asarray(whole.resize((32, 32), Image.Resampling.LANCZOS)).astype(int)
    assert np.abs(one(tmp_path, size=32)[0].astype(int) - wanted).max() <= 3


BROKEN = {
    "truncated.png": "no picture, or truncated",
    "zero.jpg": "empty file",
    "text.png": "no picture, or truncated",
    "enormous.png": "over 50 megapixels",
    "program.eps.png": "no picture, or truncated",
}


def broken(folder: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(noise(32, 32, 3)).save(buffer, "PNG")
    (folder / "truncated.png").write_bytes(buffer.getvalue()[:-900])
    (folder / "zero.jpg").touch()
    (folder / "text.png").write_text("I am no picture")
    (folder / "enormous.png").write_bytes(enormous_png())
    (folder / "program.eps.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n")


def test_broken_files_are_skipped_counted_and_named(tmp_path):
    for i in range(50):
        save(tmp_path, f"ok{i:02}.png", noise(16, 16, 3, seed=i))
    broken(tmp_path)
    source = load(tmp_path)
    assert sum(source.splits.values()) == 50
    note = next(n for n in source.notes if "unreadable" in n)
    assert note.startswith("5 unreadable files skipped: enormous.png (over 50 megapixels), ")
    assert "program.eps.png (no picture, or truncated), text.png" in note


@pytest.mark.parametrize("name", BROKEN)
def test_each_kind_of_broken_file_is_told_apart(tmp_path, name: str):
    for i in range(10):
        save(tmp_path, f"ok{i:02}.png", noise(16, 16, 3, seed=i))
    broken(tmp_path)
    for other in set(BROKEN) - {name}:
        (tmp_path / other).unlink()
    found = read(tmp_path)
    assert len(found.rows) == 10
    assert f"1 unreadable file skipped: {name} ({BROKEN[name]})." in found.notes


def test_more_than_a_tenth_unreadable_is_an_error(tmp_path):
    for i in range(9):
        save(tmp_path, f"ok{i}.png", noise(16, 16))
    (tmp_path / "zero.png").touch()
    assert len(read(tmp_path).rows) == 9  # one of ten is a tenth
    (tmp_path / "text.jpg").write_text("no")
    with pytest.raises(UserError) as caught:
        read(tmp_path)
    said = str(caught.value)
    assert "2 of 11 pictures cannot be read, more than a tenth" in said
    assert "text.jpg (no picture, or truncated), zero.png (empty file)" in said
    assert "\n" not in said


def test_truncated_pictures_count_towards_the_tenth(tmp_path):
    for i in range(5):
        save(tmp_path, f"ok{i}.png", noise(32, 32))
        data = (tmp_path / f"ok{i}.png").read_bytes()
        (tmp_path / f"cut{i}.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match="5 of 10 pictures cannot be read"):
        read(tmp_path)
