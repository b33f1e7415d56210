"""Sound and text: what a header says, µ-law, windows, splits by recording, batches, domains."""

from __future__ import annotations

import io
import json
import shutil
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from counterplay.data import Sequence, from_json, load
from counterplay.data.audio import compressed, expanded, to_wav
from counterplay.data.text import to_text
from counterplay.errors import UserError
from counterplay.networks.wavenet import compress, expand

RATE = 800


def wav(samples: np.ndarray, rate: int = RATE, width: int = 2) -> bytes:
    """A file of samples (T,) or (T, channels) in [-1, 1], written another way than ours."""
    samples = samples[:, None] if samples.ndim == 1 else samples
    whole = np.round(samples * (2 ** (8 * width - 1) - 1)).astype(int).reshape(-1)
    data = [int(w).to_bytes(width, "little", signed=True) for w in whole]
    if width == 1:
        data = [bytes([w + 128]) for w in whole]
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"".join(data))
    return buffer.getvalue()


def floats() -> bytes:
    """A file whose header says that its samples are floating-point numbers."""
    content = bytearray(wav(tone(0), width=4))
    content[20] = 3
    return bytes(content)


def tone(number: int, length: int = 300) -> np.ndarray:
    """A sound that tells its number: the level of its first sample."""
    found = 0.5 * np.sin(np.arange(length) * 0.1 * (1 + number % 2))
    found[0] = expanded(np.array([100 + number]))[0]
    return found


def spoken(folder: Path, count: int = 20, **options: int) -> Path:
    for i in range(count):
        (folder / f"{i % 2}_anna_{i}.wav").write_bytes(wav(tone(i, 260 + 5 * i), **options))
    return folder


def test_mu_law_is_that_of_the_networks_and_gives_levels_back():
    levels = np.arange(256)
    assert np.array_equal(compressed(expanded(levels)), levels)
    x = np.linspace(-1, 1, 5_001)
    assert np.array_equal(compressed(x), compress(torch.from_numpy(x)).numpy())
    theirs = expand(torch.from_numpy(levels)).double().numpy()
    assert np.allclose(expanded(levels), theirs, atol=1e-6)


def test_a_file_of_ours_is_read_as_it_was_written():
    levels = np.arange(256, dtype=np.uint8)
    with wave.open(io.BytesIO(to_wav(levels, 8000))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        samples = np.frombuffer(file.readframes(256), "<i2") / 32768
    assert np.abs(compressed(samples).astype(int) - levels).max() <= 1


@pytest.mark.parametrize("width", [1, 2])
def test_classes_come_from_names_and_levels_from_samples(tmp_path, width):
    source = load(spoken(tmp_path, width=width), length=256)
    assert source.domain == Sequence(256, 256, RATE, "", ("0", "1"))
    assert sum(source.splits.values()) == 20
    batch = source.examples("train")
    number = source.domain.decode(batch.x)[:, 0].numpy().astype(int) - 100
    # 8 bits cannot tell quiet levels apart; 16 can.
    assert (sorted(number.tolist()) == sorted(set(range(20)) & set(number.tolist()))) == (
        width == 2
    )
    if width == 2:
        assert np.array_equal(number % 2, batch.y.numpy())


def test_no_recording_is_in_two_splits(tmp_path):
    for i in range(30):
        # Every sample of a recording is one level: it can be told wherever a window was cut.
        level = np.full(700, 60 + i)
        (tmp_path / f"{i}.wav").write_bytes(wav(expanded(level)))
    source = load(tmp_path, length=200)
    seen = {
        part: set(source.domain.decode(source.examples(part).x).flatten().tolist()) - {128}
        for part in source.splits
    }
    assert {part: len(own) for part, own in seen.items()} == {
        "train": 24,
        "validation": 3,
        "test": 3,
    }
    assert not seen["train"] & (seen["validation"] | seen["test"])
    assert not seen["validation"] & seen["test"]
    # 700 samples are three windows and a half, of which the last ends in silence.
    assert source.splits["train"] == 24 * 4
    assert source.domain.classes == ()


def test_folders_are_classes_and_splits(tmp_path):
    for part, count in (("train", 6), ("test", 2)):
        for name in ("cat", "dog"):
            (tmp_path / part / name).mkdir(parents=True)
            for i in range(count):
                (tmp_path / part / name / f"{i}.wav").write_bytes(wav(tone(i)))
    source = load(tmp_path)
    assert source.domain.classes == ("cat", "dog")
    assert source.splits["test"] == 4
    assert any("recording" in note for note in source.notes)
    assert not any("picture" in note for note in source.notes)
    assert load(tmp_path, labels=False).domain.classes == ()


def test_a_zip_is_its_folder_and_a_changed_sample_is_other_data(tmp_path):
    (tmp_path / "a").mkdir()
    folder = spoken(tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as file:
        for path in sorted(folder.iterdir()):
            file.write(path, path.name)
    one, other = load(folder), load(tmp_path / "b.zip")
    assert one.fingerprint == other.fingerprint
    assert torch.equal(next(one.batches(4)).x, next(other.batches(4)).x)
    (folder / "0_anna_0.wav").write_bytes(wav(-tone(0, 260)))
    assert load(folder).fingerprint != one.fingerprint
    assert load(tmp_path / "b.zip", length=100).fingerprint != one.fingerprint


def test_channels_are_mixed_and_said(tmp_path):
    for i in range(4):
        both = np.stack([tone(i), -tone(i)], 1)
        (tmp_path / f"{i}.wav").write_bytes(wav(both))
    source = load(tmp_path)
    assert any("several channels mixed" in note for note in source.notes)
    # A sound and its negative are silence: the level in the middle.
    assert set(source.domain.decode(source.examples("train").x).flatten().tolist()) <= {127, 128}


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_samples_of_any_width_are_the_same_sound(tmp_path, width, channels):
    def levels(folder: Path, **options: int) -> np.ndarray:
        folder.mkdir()
        for i in range(4):
            sound = np.stack([tone(i)] * channels, 1)
            (folder / f"{i}.wav").write_bytes(wav(sound, **options))
        source = load(folder)
        x = source.examples("train", 2, 0).x
        return np.sort(source.domain.decode(x).numpy(), axis=0).astype(int)

    ours, theirs = levels(tmp_path / "a", width=width), levels(tmp_path / "b")
    # Half a step of eight bits is 23 levels where the curve is steepest, at silence.
    assert np.abs(ours - theirs).max() <= (23 if width == 1 else 1)
    assert len(np.unique(ours)) > 30


def one_bad(folder: Path, content: bytes) -> Path:
    spoken(folder)
    (folder / "1_bad_0.wav").write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "too early"), (wav(tone(0)[:0]), "no samples"), (floats(), "unknown format: 3")],
)
def test_a_file_that_cannot_be_read_is_skipped_and_said(tmp_path, content, why):
    source = load(one_bad(tmp_path, content))
    assert any("1 unreadable file skipped: 1_bad_0.wav" in n and why in n for n in source.notes)


@pytest.mark.parametrize(("recordings", "kind"), [(1, "image"), (12, "image"), (13, "sequence")])
@pytest.mark.parametrize("packed", [False, True])
def test_recordings_are_read_where_they_outnumber_pictures(tmp_path, recordings, kind, packed):
    folder = tmp_path / "mixed"
    folder.mkdir()
    for i in range(12):
        Image.fromarray(np.full((8, 8), 20 * i, np.uint8)).save(folder / f"{i}.png")
    for i in range(recordings):
        (folder / f"{i}.wav").write_bytes(wav(tone(i)))
    if packed:
        folder = Path(shutil.make_archive(str(folder), "zip", folder))
    assert load(folder).domain.kind == kind


def test_what_cannot_be_learnt_from_is_said_in_one_line(tmp_path):
    def told(files: dict[str, bytes], **options: object) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        with pytest.raises(UserError) as error:
            load(folder, **options)
        assert "\n" not in str(error.value)
        return str(error.value)

    some = {f"{i}.wav": wav(tone(i)) for i in range(4)}
    assert "more than a tenth" in told({**some, "5.wav": b"RIFF"})
    assert "one rate is needed" in told({**some, "5.wav": wav(tone(0), rate=1600)})
    assert "3 or more" in told(dict(list(some.items())[:2]))
    assert "for pictures" in told(some, size=32)
    assert "name columns" in told(some, labels="digit")
    assert "1,000 or more" in told({"a.txt": b"short"})
    assert "not text in UTF-8" in told({"a.txt": b"\xff\xfe\xfa" * 900})
    assert "from 2 to 4,096" in told({"a.txt": b"a" * 2_000})
    with pytest.raises(UserError, match="one recording"):
        load(tmp_path / "0" / "0.wav")
    with pytest.raises(UserError, match="neither sound nor text, which a length of 100 cuts"):
        load("digits", length=100)


TEXT = "".join(chr(97 + (i * i) % 23) for i in range(4_000))


def test_a_text_is_cut_into_contiguous_parts(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    source = load(tmp_path / "a.txt", length=50)
    domain = source.domain
    assert domain.symbols == "".join(sorted(set(TEXT)))
    held = domain.decode(source.examples("test").x).numpy()
    assert "".join(to_text(row, domain.symbols) for row in held) == TEXT[3_800:]
    held = domain.decode(source.examples("validation").x).numpy()
    assert "".join(to_text(row, domain.symbols) for row in held) == TEXT[3_600:3_800]
    train = [to_text(r, domain.symbols) for r in domain.decode(source.examples("train").x).numpy()]
    assert train[0] == TEXT[:50]
    assert train[1] == TEXT[3:53]
    assert TEXT[:3_600].endswith(train[-1][-40:]) or train[-1] in TEXT[:3_600]
    assert load(tmp_path).fingerprint == load(tmp_path / "a.txt").fingerprint


def test_windows_of_one_character_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    with pytest.raises(UserError, match="length=1: windows of 2 characters or more"):
        load(tmp_path / "a.txt", length=1)


def test_many_symbols_go_there_and_back(tmp_path):
    rng = np.random.default_rng(0)
    text = "".join(map(chr, rng.integers(0x4E00, 0x4E00 + 1_000, 6_000)))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    source = load(tmp_path / "a.txt", length=30)
    assert source.domain.levels == len(set(text)) > 900
    held = source.domain.decode(source.examples("test").x)
    assert held.dtype == torch.int16
    assert "".join(to_text(row, source.domain.symbols) for row in held.numpy()) == text[5_700:]


def test_batches_are_a_function_of_seed_number_and_shard(tmp_path):
    source = load(spoken(tmp_path), length=128)

    def batch(start: int, shard: tuple[int, int] = (0, 1), seed: int = 1) -> torch.Tensor:
        return next(source.batches(8, seed=seed, start=start, shard=shard)).x

    stream = source.batches(8, seed=1)
    for t in range(6):
        found = next(stream)
        assert torch.equal(found.x, batch(t))
        halves = [batch(t, (i, 2)) for i in range(2)]
        assert torch.equal(torch.cat(halves), found.x)
    assert not torch.equal(batch(0), batch(0, seed=2))
    assert not torch.equal(batch(0), batch(1))


def test_a_domain_survives_json_and_refuses_what_it_is_not():
    sound, text = Sequence(100, 256, 8000, "", ("0", "1")), Sequence(50, 3, 0, "a\nü")
    for domain in (sound, text):
        assert from_json(json.loads(json.dumps(domain.to_json()))) == domain
        raw = torch.arange(domain.levels)[None].byte()
        assert torch.equal(domain.decode(domain.encode(raw)), raw)
        assert float(domain.encode(raw).abs().max()) <= 1
    for change, why in (
        ({"length": 0}, "length"),
        ({"symbols": "ab"}, "a level for each symbol"),
        ({"rte": 1}, "no field"),
        ({"rate": "fast"}, "rate"),
    ):
        with pytest.raises(UserError, match=why):
            from_json({**text.to_json(), **change})


def test_the_entropy_said_is_that_of_counts(tmp_path):
    (tmp_path / "a.txt").write_text("ab" * 1_000)
    notes = load(tmp_path / "a.txt").notes
    assert any("takes 1.000 bits" in note for note in notes)
    (tmp_path / "b.txt").write_text("aaab" * 1_000)
    said = next(n for n in load(tmp_path / "b.txt").notes if "bits" in n)
    assert float(said.split("takes ")[1].split()[0]) == pytest.approx(0.811, abs=0.01)
