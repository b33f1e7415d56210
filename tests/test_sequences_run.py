"""From sound and text to files: pictures, samples, evaluation, report, going on with a run."""

from __future__ import annotations

import io
import json
import wave
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from counterplay.cli import main
from counterplay.data import Sequence
from counterplay.data.audio import compressed, expanded, to_wav
from counterplay.metrics.sequence_features import grams, spectrum
from counterplay.recipes.measures_sequences import counted_bits
from counterplay.run.heard import heard
from counterplay.run.sequences import file_of, picture, texts

RATE = 800
SOUND, TEXT = Sequence(600, 256, RATE, "", ("0", "1")), Sequence(20, 3, 0, "a\n<")
TINY = [
    "--decay",
    "0",
    "--game.networks.width",
    "4",
    "--game.networks.skips",
    "4",
    "--game.networks.depth",
    "3",
]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    rng = np.random.default_rng(0)
    for i in range(120):
        sound = 0.4 * np.sin(np.arange(64) * (0.3 + 0.5 * (i % 2)) + rng.random() * 6)
        (folder / f"{i % 2}_x_{i}.wav").write_bytes(to_wav(compressed(sound), RATE))
    return folder


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("text") / "a.txt"
    rng = np.random.default_rng(0)
    words = ["to be ", "or not\n", "<that> "]
    path.write_text("".join(words[i] for i in rng.integers(0, 3, 1_500)))
    return path


def trained(data: Path, out: Path, *more: str, steps: int = 4) -> Path:
    words = ["train", str(data), "--out", str(out), "--steps", str(steps), "--quiet", *TINY, *more]
    assert main([*words, "--look-every", "2", "--checkpoint-every", "2", "--log-every", "1"]) == 0
    return out


@pytest.fixture(scope="module")
def spoken(sounds, tmp_path_factory) -> Path:
    return trained(sounds, tmp_path_factory.mktemp("runs") / "spoken")


@pytest.fixture(scope="module")
def written(text, tmp_path_factory) -> Path:
    return trained(text, tmp_path_factory.mktemp("runs") / "written", "--data.length", "16")


def samples_of(content: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(content)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def test_one_file_holds_all_sounds_with_pauses():
    levels = np.full((3, 600), 200)
    ending, content = file_of(levels, SOUND)
    found = samples_of(content)
    assert ending == ".wav"
    assert len(found) == 3 * 600 + 2 * RATE // 4
    assert np.allclose(found[:600], expanded(levels[0]), atol=1e-4)
    assert np.abs(found[600:800]).max() < 1e-3


def test_texts_are_their_symbols():
    levels = np.array([[0, 1, 2] * 6, [2] * 18])
    assert texts(levels, TEXT) == ["a\n<" * 6, "<" * 18]
    ending, content = file_of(levels, TEXT)
    assert ending == ".txt"
    assert content.decode().count("<") == 6 + 18


def test_a_picture_shows_the_frequency_of_a_sound():
    def height(speed: float) -> float:
        sound = compressed(0.5 * np.sin(np.arange(600) * speed))
        pixels = 255.0 - np.asarray(picture(sound[None], SOUND).convert("L"), float)
        right = pixels[6:70, -326:-6].sum(1)
        return float((right * np.arange(64)).sum() / right.sum())

    # The lowest frequency is at the bottom, so that a fast sound lies further up.
    assert height(2.5) < height(0.3) - 20


def test_a_picture_of_text_has_ink():
    found = picture(np.array([[0, 1, 2] * 6]), TEXT)
    assert np.asarray(found.convert("L")).min() < 128


def test_the_spectrum_tells_speeds_apart_and_not_phases():
    features = spectrum(600, 256, RATE)

    def seen(speed: float, phase: float) -> torch.Tensor:
        levels = compressed(0.5 * np.sin(np.arange(600) * speed + phase))
        return features(SOUND.encode(torch.from_numpy(levels)[None]))[0]

    same = float((seen(0.5, 0) - seen(0.5, 2)).norm())
    apart = float((seen(0.5, 0) - seen(1.5, 0)).norm())
    assert apart > 5 * same


def test_grams_count_what_is_frequent():
    x = TEXT.encode(torch.tensor([[0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 2]]).byte())
    found = grams(x, 3)(x) / 20
    singles = {round(v, 4) for v in found[0].tolist()}
    assert {0.5, 0.6, 0.4} <= singles | {0.6, 0.4}
    assert torch.allclose(found[:, :3].sum(1), torch.ones(2))
    assert torch.allclose(found[:, 3:].sum(1), torch.ones(2))


def test_counts_of_longer_runs_know_a_periodic_text_and_the_twin_does_not():
    period = np.array([0, 1, 0, 2] * 500)
    held = np.array([[0, 1, 0, 2] * 8])
    bits = [counted_bits(period, held, 3, order) for order in (1, 2, 5)]
    # After a 0 comes a 1 or a 2: one bit every other step, unless two steps are seen.
    assert bits[0] == pytest.approx(1.5, abs=0.05)
    assert bits[1] == pytest.approx(0.5, abs=0.1)
    assert bits[2] < 0.15
    rng = np.random.default_rng(0)
    noise = counted_bits(rng.integers(0, 3, 2_000), rng.integers(0, 3, (4, 50)), 3, 5)
    assert noise > 1.5


def test_probabilities_of_counts_sum_to_one():
    rng = np.random.default_rng(1)
    train = rng.integers(0, 3, 60)
    context = [int(v) for v in train[:2]]
    mass = 0.0
    for last in range(3):
        with_last = counted_bits(train, np.array([[*context, last]]), 3, 3) * 3
        without = counted_bits(train, np.array([context]), 3, 3) * 2
        mass += 2 ** -(with_last - without)
    assert mass == pytest.approx(1)


def test_a_run_of_sound_has_its_files(spoken):
    names = sorted(p.name for p in (spoken / "samples").iterdir())
    assert names == ["00000002.png", "00000002.wav", "00000004.png", "00000004.wav", "real.png"]
    assert json.loads((spoken / "domain.json").read_text())["rate"] == RATE
    report = (spoken / "report.html").read_text()
    assert "<audio controls src=" in report
    assert "media-src data:" in report
    records = [json.loads(line) for line in (spoken / "metrics.jsonl").read_text().splitlines()]
    last = [r for r in records if r.get("metrics")][-1]["metrics"]
    assert {"nll", "bits_per_dim", "frechet/spectrum"} <= set(last)


def test_samples_of_a_class_are_wav_files_in_its_folder(spoken, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", str(spoken), "-n", "3", "--class", "1"]) == 0
    files = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.wav"))
    assert [str(p) for p in files] == [f"samples/1/{i:06d}.wav" for i in range(3)]
    assert len(samples_of((tmp_path / files[0]).read_bytes())) == 64
    assert main(["sample", str(spoken), "-n", "2", "--out", "a.wav"]) == 0
    assert len(samples_of((tmp_path / "a.wav").read_bytes())) == 2 * 64 + RATE // 4
    assert main(["sample", str(spoken), "-n", "2", "--out", "a.png"]) == 0
    with Image.open(tmp_path / "a.png") as drawn:
        assert drawn.size[0] > 600
    assert main(["sample", str(spoken), "-n", "2", "--out", "a.txt"]) != 0
    assert main(["sample", str(spoken), "-n", "2", "--out", "a.csv"]) != 0


def test_samples_of_text_are_printed_and_written(written, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", str(written), "-n", "2"]) == 0
    content = (tmp_path / "samples.txt").read_text()
    assert content.strip() in capsys.readouterr().out
    assert "<pre>" in (written / "report.html").read_text()
    assert "&lt;" in heard(written / "samples") or "<" not in content


def test_evaluate_measures_text(written, capsys):
    assert main(["evaluate", str(written), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["metrics"]
    assert {"nll", "bits_per_dim", "frechet/grams"} <= set(found)
    assert 0 < found["bits_per_dim"]["value"] < 6


def test_a_run_gone_on_with_is_the_same_run(spoken, sounds, tmp_path):
    half = trained(sounds, tmp_path / "half", steps=2)
    assert main(["train", "--resume", str(half), "--steps", "4", "--quiet"]) == 0
    for name in ("00000004.wav", "00000004.png"):
        assert (half / "samples" / name).read_bytes() == (spoken / "samples" / name).read_bytes()


def test_pictures_are_refused_in_one_line(capsys):
    assert main(["train", "digits", "--recipe", "wavenet", "--quiet"]) != 0
    assert "'digits' is neither sound nor text" in capsys.readouterr().err
