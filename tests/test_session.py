"""The driver: a run that is stopped and gone on with is the same run; ``fit`` gives it back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import counterplay
from counterplay.cli import main
from counterplay.errors import UserError
from counterplay.recipes import build, named
from counterplay.recipes.changes import changes
from counterplay.recipes.schema import Dcgan, Gan, Mlp, Vae, WganGp
from counterplay.recipes.stop import Stop
from counterplay.run import Run
from counterplay.run.log import history

ROOT = Path(__file__).parents[1]
SMALL = [
    *["--game.networks.width", "4", "--game.latent", "4", "--precision", "float32"],
    *["--decay", "0"],  # so that the number of rounds may change
]
PLAY = ["train", "digits", "--batch", "8", "--quiet", *SMALL, "--log-every", "1"]


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERPLAY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def tensors(run: str | Path) -> dict[str, torch.Tensor]:
    newest = max(Path(run, "checkpoints").iterdir())
    return load_file(newest / "state.safetensors")


def assert_same_end(one: str | Path, other: str | Path) -> None:
    a, b = tensors(one), tensors(other)
    assert a.keys() == b.keys()
    assert [name for name in a if not torch.equal(a[name], b[name])] == []
    assert any(name.startswith("ema/") for name in a)
    assert any(name.startswith("optimiser/") for name in a)


def losses(run: str | Path) -> dict[int, dict[str, float]]:
    """Each round's report, as the last process that played it wrote it down."""
    return {r["step"]: r["last"] for r in history(Path(run, "metrics.jsonl")) if "last" in r}


def test_a_run_that_is_gone_on_with_is_the_same_run():
    straight = [*PLAY, "--steps", "9", "--look-every", "4", "--checkpoint-every", "4"]
    assert main([*straight, "--out", "a"]) == 0
    assert main([*PLAY, "--steps", "5", "--look-every", "2", "--out", "b"]) == 0
    assert main(["train", "--resume", "b", "--steps", "9", "--quiet"]) == 0
    assert_same_end("a", "b")
    assert losses("a") == losses("b")


def test_a_harmless_change_is_written_down(capsys):
    assert main([*PLAY, "--steps", "2", "--out", "a"]) == 0
    assert main(["train", "--resume", "a", "--steps", "3", "--keep", "1", "--look-every", "1"]) == 0
    said = capsys.readouterr().out
    assert "changed: steps from 2 to 3" in said
    amended = [r for r in history(Path("a/metrics.jsonl")) if r.get("event") == "amend"]
    assert amended[0]["changes"] == {"steps": [2, 3], "look_every": [1000, 1], "keep": [2, 1]}
    assert "steps: 3" in Path("a/recipe.yaml").read_text()
    assert len(list(Path("a/checkpoints").iterdir())) <= 2  # the last, and the best


def test_the_same_data_may_have_moved():
    noise = np.random.default_rng(0).integers(0, 255, (60, 8, 8), dtype=np.uint8)
    np.save("here.npy", noise)
    play = ["--batch", "8", "--quiet", *SMALL, "--out", "a", "--steps", "1"]
    assert main(["train", "here.npy", *play]) == 0
    Path("here.npy").rename("there.npy")
    assert main(["train", "--resume", "a", "--quiet"]) == 2
    assert main(["train", "there.npy", "--resume", "a", "--steps", "2", "--quiet"]) == 0
    np.save("there.npy", 255 - noise)
    assert main(["train", "--resume", "a", "--steps", "3", "--quiet"]) == 2


def process(*words: str) -> subprocess.Popen[str]:
    # As many threads as here: sums are split among threads, and rounded by how they are split.
    threads = str(torch.get_num_threads())
    here = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": threads}
    command = [sys.executable, "-m", "counterplay", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=here)


def wait_for(path: Path, lines: int) -> None:
    until = time.monotonic() + 60
    while not (path.exists() and path.read_text().count("\n") >= lines):
        assert time.monotonic() < until, f"{path} did not come to {lines} lines"
        time.sleep(0.01)


LONG = [*PLAY, "--steps", "100000", "--look-every", "100000", "--checkpoint-every", "7"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_the_round_finish_saves_and_says_how_to_go_on(number, code):
    child = process(*LONG, "--out", "a")
    wait_for(Path("a/metrics.jsonl"), 20)
    child.send_signal(number)
    child.send_signal(number)  # the same keys may be heard twice under torchrun
    said, complaint = child.communicate(timeout=60)
    assert child.returncode == code
    assert "Traceback" not in complaint
    assert "counterplay train --resume a" in said
    step = max(int(p.name) for p in Path("a/checkpoints").iterdir())
    assert f"saved after {step:,} rounds" in said
    assert max(losses("a")) == step  # nothing that was played is lost
    ends = [r for r in history(Path("a/metrics.jsonl")) if r.get("event") == "end"]
    assert ends[-1]["step"] == step
    assert main(["train", "--resume", "a", "--steps", str(step + 3), "--quiet"]) == 0
    assert main([*PLAY, "--steps", str(step + 3), "--out", "b"]) == 0
    assert_same_end("a", "b")


def test_kill_9_leaves_a_run_that_goes_on_to_the_same_bits():
    child = process(*LONG, "--out", "a")
    wait_for(Path("a/metrics.jsonl"), 40)
    child.kill()
    child.communicate(timeout=60)
    steps = max(losses("a")) + 5
    assert main(["train", "--resume", "a", "--steps", str(steps), "--quiet"]) == 0
    assert main([*PLAY, "--steps", str(steps), "--out", "b"]) == 0
    assert_same_end("a", "b")
    assert losses("a") == losses("b")


def test_the_budget_ends_a_run_well(capsys):
    words = [*PLAY[:5], *SMALL, "--steps", "10000000", "--budget", "0.01", "--out", "a"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "the minutes of the budget are over" in said
    assert "real vs real" in said
    assert "--resume a --budget 0.02" in said
    assert tensors("a")


def test_a_cost_that_goes_astray_stops_and_keeps_what_is_good(capsys):
    words = "train iris --batch 8 --steps 50 --quiet --checkpoint-every 1 --out a"
    assert main([*words.split(), "--game.critic.lr", "1e9"]) == 2
    said = capsys.readouterr().err
    assert "player 'critic'" in said
    assert "became nan at step 2" in said
    assert "of step 1, is kept" in said
    assert all(torch.isfinite(v.float()).all() for v in tensors("a").values())


def test_a_tampered_checkpoint_is_refused(capsys):
    assert main([*PLAY, "--steps", "1", "--out", "a"]) == 0
    (state,) = Path("a/checkpoints").rglob("state.safetensors")
    state.write_bytes(state.read_bytes()[:-40])
    capsys.readouterr()
    for words in (["train", "--resume", "a", "--steps", "3"], ["sample", "a"], ["evaluate", "a"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "damaged" in said


@pytest.mark.parametrize("rule", ["extragradient", "optimistic", "consensus", "unrolled"])
def test_every_dynamics_trains_from_the_command_line(rule):
    words = ["train", "iris", "--game.networks.width", "8", "--batch", "8", "--quiet"]
    assert main([*words, "--steps", "5", "--dynamics", rule, "--out", "a"]) == 0


@pytest.mark.parametrize("name", ["vae-digits", "digits-wgan-gp", "photos", "mnist"])
def test_every_kind_of_recipe_trains_and_samples(name):
    words = ["train", "digits", "--recipe", name, "--game.networks.width", "4", "--batch", "8"]
    assert main([*words, "--steps", "2", "--quiet", "--out", "a"]) == 0
    assert main(["sample", "a", "-n", "3", "--out", "a.npz"]) == 0
    with np.load("a.npz", allow_pickle=False) as arrays:
        assert arrays["x"].shape == (3, 1, 8, 8)
        assert ("y" in arrays) == (name == "mnist")


# --- the game that a recipe makes


@pytest.mark.parametrize(
    ("spec", "terms"),
    [
        (Gan(Mlp(8, 1)), {"adversarial"}),
        (Gan(Mlp(8, 1), r1=1.0, r2=2.0), {"adversarial", "r1", "r2"}),
        (WganGp(Mlp(8, 1)), {"adversarial", "gradient_penalty"}),
        (Vae(Mlp(8, 1)), {"distortion", "rate"}),
    ],
)
def test_a_recipes_game_has_the_terms_it_says(spec, terms):
    source = counterplay.load("moons")
    game = build.game(replace(named("plane"), game=spec), source.domain)
    batch = next(source.batches(8))
    first = game.players()[0]
    assert set(first.cost(counterplay.Round(batch))) == terms
    counterplay.check_game(game, batch)


def test_weights_are_a_function_of_the_seed_and_move_nothing_else():
    domain = counterplay.load("moons").domain
    recipe = replace(named("plane"), game=WganGp(Mlp(8, 1)))
    before = torch.get_rng_state()
    one, two, three = (build.game(replace(recipe, seed=s), domain).state_dict() for s in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one[k], two[k]) for k in one)
    assert not all(torch.equal(one[k], three[k]) for k in one)


def test_optimisers_are_the_recipes_own():
    adam = replace(WganGp().critic, lr=3e-5, betas=(0.1, 0.2), eps=1e-6)
    spec = WganGp(Mlp(8, 1), critic=adam, critic_steps=3)
    game = build.game(replace(named("plane"), game=spec), counterplay.load("moons").domain)
    critic, generator = game.players()
    group = critic.optimise(critic.module.parameters()).param_groups[0]
    assert (group["lr"], group["betas"], group["eps"]) == (3e-5, (0.1, 0.2), 1e-6)
    assert (critic.every, generator.every) == (1, 3)


# --- what may change, and when to stop


def test_only_what_changes_nothing_may_change():
    stored = replace(named("digits"), steps=100)
    assert changes(stored, stored) == {}
    assert changes(stored, replace(stored, steps=200, budget=3.0)) == {
        "steps": [100, 200],
        "budget": [None, 3.0],
    }
    other = replace(stored, game=replace(stored.game, networks=Dcgan(width=16)))
    with pytest.raises(UserError, match=r"cannot change game\.networks\.width"):
        changes(stored, other)
    with pytest.raises(UserError, match="cannot change"):
        changes(stored, replace(stored, game=WganGp()))
    with pytest.raises(UserError, match="played 150 rounds"):
        changes(stored, stored, done=150)


def test_stop_hears_the_first_signal_and_gives_the_handlers_back():
    before = signal.getsignal(signal.SIGINT)
    with Stop() as stop:
        assert not stop.now()
        signal.raise_signal(signal.SIGINT)
        assert stop.now()
        assert stop.reason == "Ctrl-C"
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_signal_acts_as_it_always_does(monkeypatch):
    clock = iter([100.0, 103.0])
    monkeypatch.setattr("counterplay.recipes.stop.time.monotonic", lambda: next(clock))
    # A shell's background job is started with Ctrl-C ignored; here it has its usual meaning.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with Stop():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_stop_works_beside_the_main_thread():
    found = []

    def watch() -> None:
        with Stop(minutes=1.0, already=2.0) as stop:
            found.append(stop.now())

    thread = threading.Thread(target=watch)
    thread.start()
    thread.join()
    assert found == [True]


# --- one line from Python


PICTURES = np.random.default_rng(0).integers(0, 255, (150, 8, 8), dtype=np.uint8)


def test_fit_takes_pictures_and_gives_pictures(capsys):
    game = counterplay.fit(PICTURES, steps=2, quiet=True)
    assert capsys.readouterr() == ("", "")
    new = game.sample(5)
    assert (new.shape, new.dtype) == ((5, 1, 8, 8), np.uint8)
    assert np.array_equal(new, game.sample(5))
    assert not np.array_equal(new, game.sample(5, seed=1))
    assert game.domain.size == 8
    assert game.report["metrics"]
    assert not list(Path().iterdir())  # nothing is left on disk


def test_fit_takes_a_table_and_gives_its_units():
    rows = np.random.default_rng(0).normal(1000.0, 5.0, (200, 3))
    game = counterplay.fit(torch.tensor(rows), steps=2, quiet=True)
    new = game.sample(64)
    assert new.shape == (64, 3)
    assert np.abs(new.mean(0) - 1000).max() < 50


def test_fit_shrinks_the_batch_of_few_examples():
    game = counterplay.fit(PICTURES[:20], steps=1, quiet=True)
    assert game.recipe.data.batch == 16


def test_fit_knows_classes_by_name_and_number():
    game = counterplay.fit("digits", steps=2, quiet=True)
    assert np.array_equal(game.sample(3, "7"), game.sample(3, 7))
    assert np.array_equal(game.sample(3, 7), game.sample(3, [7, 7, 7]))
    assert not np.array_equal(game.sample(3, 7), game.sample(3, 8))
    for wrong in ("12", 12, -1, [1, 2]):
        with pytest.raises(UserError):
            game.sample(3, wrong)
    with pytest.raises(UserError, match="0 samples"):
        game.sample(0)


def test_fit_is_a_function_of_its_seed():
    one, two, three = (
        counterplay.fit(PICTURES, steps=2, seed=s, quiet=True).sample(4) for s in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, three)


def test_what_fit_saves_can_be_sampled_from(capsys):
    game = counterplay.fit("iris", steps=2, recipe="vae-table", quiet=True)
    path = game.save("kept")
    assert Run.open(path).latest_good()[0].step == 2
    assert main(["sample", "kept", "-n", "4", "--seed", "5", "--out", "a.npy"]) == 0
    assert np.allclose(np.load("a.npy"), game.sample(4, seed=5))
    with pytest.raises(UserError, match="holds a run already"):
        game.save("kept")


def test_fit_leaves_a_run_where_it_is_told_to(capsys):
    counterplay.fit("moons", steps=2, out="a", quiet=True)
    assert json.loads(Path("a/domain.json").read_text())["kind"] == "vector"
    with pytest.raises(UserError, match="holds a run already"):
        counterplay.fit("moons", steps=2, out="a", quiet=True)


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"minutes": -1.0}, {"recipe": "nothing"}, {"device": "tpu"}]
)
def test_fit_refuses_what_cannot_be(wrong):
    with pytest.raises(UserError):
        counterplay.fit("moons", quiet=True, **wrong)
