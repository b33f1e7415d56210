"""The command line: quick without torch, and every mistake one line with exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterplay.cli import main
from counterplay.commands.arguments import _gist
from counterplay.recipes import named, read

ROOT = Path(__file__).parents[1]
TINY = ["--steps", "6", "--batch", "8", "--quiet"]
SMALL = ["--game.networks.width", "4", "--game.latent", "4", "--precision", "float32"]
FAST = ["--game.generator.lr", "0.01", "--game.critic.lr", "0.01"]


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERPLAY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run on the digits, tiny."""
    path = tmp_path_factory.mktemp("runs") / "digits"
    arguments = [
        "train",
        "digits",
        *TINY,
        *SMALL,
        *FAST,
        "--look-every",
        "2",
        "--checkpoint-every",
        "2",
    ]
    assert main([*arguments, "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A finished run on a table, tiny."""
    path = tmp_path_factory.mktemp("runs") / "iris"
    assert main(["train", "iris", *TINY, "--out", str(path)]) == 0
    return path


# What is wrong -> words the line must have. {folder} is a folder that is there, {run} a run.
BAD = {
    "trian digits": "no verb 'trian'; did you mean 'train'?",
    "train": "say what to train on",
    "train digit": "no data, path or recipe 'digit'; did you mean 'digits'?",
    "train ./nothing": "./nothing does not exist: ",
    "train digits moons": "one DATA or RECIPE, not digits and moons",
    "train mnist": "the recipe 'mnist' has no data of its own",
    "train digits --recipe mnits": "no recipe 'mnits'; did you mean 'mnist'?",
    "train digits --stepz 3": "no option --stepz; did you mean '--steps'?",
    "train digits -x": "no option -x",
    "train digits --steps": "option --steps lacks a value",
    "train digits --steps --seed 3": "option --steps lacks a value",
    "train digits --steps 0": "steps: expected a whole number from 1, got 0",
    "train digits --steps -5": "steps: expected a whole number from 1, got -5",
    "train digits --steps many": "--steps",
    "train ring --recipe gan-ring --dynamics.gamma 2": "nothing uses it where dynamics.rule is alt",
    "train digits --game.augment.target 0.5": "game.augment.adaptive is False; --game.augment.adap",
    "train digits --steps 1.5": "--steps",
    "train digits --steps 3 --steps 4": "option --steps stands twice",
    "train digits --batch 3 --data.batch 4": "option --data.batch stands twice",
    "train digits --batch 0": "data.batch: expected a whole number from 1, got 0",
    "train digits --batch 5000": "1439 training examples",
    "train digits --size 9": "size 9",
    "train digits --size 1": "data.size: expected a side",
    "train digits --seed -1": "seed: expected a whole number from 0",
    "train digits --game.critic.lr fast": "--game.critic.lr",
    "train digits --game.critic.lr 0": "game.critic.lr: expected a number above 0",
    "train digits --game.critic.lr nan": "game.critic.lr: expected a number above 0, got nan",
    "train digits --game.critic.betas 0.5": "option --game.critic.betas lacks a value",
    "train digits --game.critic.betas 0.5 1.5": "two numbers in [0, 1)",
    "train digits --game.penalty 3": "the recipe 'digits' has no --game.penalty",
    "train digits --game.cost wasserstien": "wasserstien",
    "train digits --precision fp16": "fp16",
    "train digits --device tpu": "tpu",
    "train digits --tracker nothing": "nothing",
    "train digits --accumulate 3": "3 parts do not divide a batch of 64",
    "train digits --config nowhere.yaml": "--config nowhere.yaml: cannot be read",
    "train digits --config {folder}": "cannot be read",
    "train digits --config bad.yaml": "bad.yaml: stepz: no such field; did you mean 'steps'?",
    "train digits --config twice.yaml": "the key 'steps' stands twice",
    "train --config nameless.yaml": "name: missing",
    "train --resume nowhere": "no run at nowhere",
    "train --resume {folder}": "is not a run folder",
    "train --resume {run} --game.latent 3": "--resume cannot change game.latent",
    "train --resume {run} --seed 3": "--resume cannot change seed",
    "train --resume {run} --batch 16": "--resume cannot change data.batch",
    "train --resume {run} --precision bf16": "--resume cannot change precision",
    "train --resume {run} --dynamics optimistic": "--resume cannot change dynamics.rule",
    "train --resume {run} --steps 3": "this run has played 6 rounds already",
    "train pictures --resume {run}": "are not those of the run",
    "train digits --out {run}": "holds a run already",
    "train digits --out {folder}": "is not empty",
    "train digits --out bad.yaml": "is a file",
    "train moons --recipe digits": "networks of type dcgan, and the data are rows of 2 numbers",
    "train digits --recipe pacgan-ring-gan": "networks of type points, and the data are pictures",
    "train moons --recipe plane --game.conditional": "the data has no classes",
    "train pictures --size 16 --batch 8 --game.r1 1": "batch norm",
    "train empty": "empty",
    "train notes": "notes",
    "sample": "",
    "sample nowhere": "no run at nowhere",
    "sample {folder}": "is not a run folder",
    "sample {run} -n 0": "-n 0",
    "sample {run} -n many": "many",
    "sample {run} --seed -1": "--seed -1",
    "sample {run} --class 12": "no class '12'",
    "sample {run} --checkpoint 3": "this run has checkpoints of steps",
    "sample {run} --checkpoint newest": "say last, best or a step",
    "sample {run} --out samples.jpg": "written as .png, .npz",
    "sample {run} --out samples.csv": "pictures do not fit a table",
    "sample {run} --out nowhere/x.png": "there is no folder nowhere",
    "sample {run} --out {folder}": "something is there already",
    "sample {table} --class setosa": "was not shown classes",
    "sample {table} --out rows": "a folder is for pictures",
    "evaluate nowhere": "no run at nowhere",
    "evaluate {run} --data nowhere": "nowhere",
    "evaluate {run} --data moons": "'moons' is an exact law of points",
    "evaluate {table} --data wine": "the run makes rows of 4 numbers, 'wine' has rows of 13",
    "evaluate {run} -n 0": "-n 0",
    "evaluate {run} --split training": "training",
    "list everything": "everything",
}


def laid_out() -> None:
    """Make what the bad words name, in the working folder."""
    for name in ("empty", "notes", "pictures", "full"):
        Path(name).mkdir()
    Path("notes", "read.me").write_text("words")
    Path("full", "something").write_text("words")
    Path("bad.yaml").write_text("stepz: 3\n")
    Path("twice.yaml").write_text("steps: 3\nsteps: 4\n")
    Path("nameless.yaml").write_text("steps: 3\n")
    pictures("pictures", 40)


def pictures(folder: str, count: int) -> None:
    """Make a folder of pictures of noise."""
    Path(folder).mkdir(exist_ok=True)
    noise = np.random.default_rng(0).integers(0, 255, (count, 8, 8), dtype=np.uint8)
    for i, pixels in enumerate(noise):
        Image.fromarray(pixels).save(f"{folder}/{i}.png")


def everything() -> dict[str, float]:
    """Return every file here with its time."""
    return {str(p): p.stat().st_mtime for p in Path().rglob("*") if p.is_file()}


@pytest.mark.parametrize("words", sorted(BAD))
def test_every_mistake_is_one_line_and_leaves_nothing(words, run, table, capsys):
    laid_out()
    before, ran = everything(), sorted(p.name for p in run.rglob("*"))
    given = [w.format(folder="full", run=run, table=table) for w in words.split()]
    assert main(given) == 2
    said = capsys.readouterr().err
    assert said.startswith("counterplay: ")
    assert said.count("\n") == 1
    assert BAD[words] in said
    assert "Traceback" not in said
    assert everything() == before
    assert sorted(p.name for p in run.rglob("*")) == ran


@pytest.mark.parametrize(
    "box",
    [
        "╭─ Parsing error ─╮\n│ Invalid choice\n│ 'x'.\n│ ─────\n│ For full helptext, ask.\n╰──╯",
        "Parsing error\n---------\nInvalid choice\n'x'.\n---------\nFor full helptext, ask.",
    ],
)
def test_a_mistake_is_read_off_a_box_whatever_it_is_drawn_with(box):
    assert _gist(box) == "invalid choice 'x'"


def test_a_folder_that_cannot_be_written_to_is_told(capsys):
    # Not by its mode, which root may ignore: a part of the path is a file.
    Path("file").write_text("words")
    assert main(["train", "digits", *TINY, "--out", "file/run"]) == 2
    assert "a file is in its place" in capsys.readouterr().err
    assert Path("file").read_text() == "words"


def test_a_dry_run_says_what_cannot_be_built(capsys):
    words = ["train", "digits", "--dry-run", "--game.r1", "1"]
    assert main([*words, "--game.networks.critic-norm", "batch"]) == 2
    assert "--game.networks.critic-norm none" in capsys.readouterr().err


def test_a_mistake_that_the_first_round_finds_leaves_no_folder(tmp_path, capsys):
    words = ["train", "digits", "--dynamics.rule", "unrolled", "--dynamics.look-by", "adam"]
    words += ["--game.critic.rule", "sgd", *SMALL, "--quiet"]
    assert main([*words, "--out", str(tmp_path / "run")]) == 2
    assert "unrolled: the critic moves by SGD" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_dry_run_prints_the_whole_recipe_and_makes_nothing(capsys):
    words = "train digits --dry-run --steps 7 --dynamics optimistic --game.critic.lr 3e-4"
    assert main(words.split()) == 0
    recipe = read(capsys.readouterr().out)
    assert (recipe.steps, recipe.dynamics.rule) == (7, "optimistic")
    assert recipe.data.size == 8
    assert recipe.precision in ("float32", "bf16")
    assert not Path("runs").exists()


def test_an_override_keeps_the_recipes_other_values(capsys):
    # Not the class's defaults (trap 46): the recipe's own penalty, betas and networks stand.
    assert main(["train", "ring-wgan-gp", "--dry-run", "--game.critic.lr", "7e-4"]) == 0
    game, own = read(capsys.readouterr().out).game, named("ring-wgan-gp").game
    assert game.critic.lr == 7e-4
    assert game.critic.betas == own.critic.betas
    assert (game.generator, game.networks, game.penalty) == (
        own.generator,
        own.networks,
        own.penalty,
    )


def test_the_recipe_comes_first_then_the_file_then_the_options(capsys):
    Path("my.yaml").write_text("steps: 11\nseed: 5\ngame: {critic: {lr: 1e-3}}\n")
    assert main(["train", "digits", "--config", "my.yaml", "--dry-run", "--seed", "6"]) == 0
    recipe = read(capsys.readouterr().out)
    assert (recipe.steps, recipe.seed, recipe.game.critic.lr) == (11, 6, 1e-3)
    assert recipe.game.critic.betas == named("digits").game.critic.betas


def test_a_whole_recipe_from_a_file(capsys):
    Path("own.yaml").write_text("name: own\ndata: {source: moons}\ngame: {type: wgan-gp}\n")
    assert main(["train", "--config", "own.yaml", "--dry-run"]) == 0
    assert read(capsys.readouterr().out).name == "own"


def test_options_may_stand_before_the_data_and_be_spelled_with_underscores(capsys):
    assert main(["train", "--steps", "3", "digits", "--log_every=2", "--dry-run"]) == 0
    recipe = read(capsys.readouterr().out)
    assert (recipe.steps, recipe.log_every) == (3, 2)


def test_columns_of_a_table_can_be_left_out_as_the_error_says(capsys):
    lines = [f"{i % 90},{i * i},{i % 180:o}th of May\n" for i in range(200)]
    Path("t.csv").write_text("a,b,the town\n" + "".join(lines))
    assert main(["train", "t.csv", "--dry-run"]) == 2
    assert "--data.drop 'the town'" in capsys.readouterr().err
    words = ["--data.drop", "the town", "--batch", "32", "t.csv", "--dry-run"]
    assert main(["train", *words]) == 0
    assert read(capsys.readouterr().out).data.drop == ("the town",)
    assert main(["train", "t.csv", "--data.drop"]) == 2
    assert "--data.drop lacks a value" in capsys.readouterr().err


def test_training_leaves_a_run_and_says_where(capsys):
    assert main(["train", "digits", *TINY[:-1], *SMALL, "--decay", "0"]) == 0
    said = capsys.readouterr().out
    run = Path("runs/digits")
    for name in ("recipe.yaml", "domain.json", "environment.json", "metrics.jsonl", "report.html"):
        assert (run / name).stat().st_size > 0
    assert read((run / "recipe.yaml").read_text()).steps == 6
    for words in ("real vs real", "counterplay sample runs/digits", "--resume runs/digits"):
        assert words in said
    assert main(["train", "digits", *TINY, *SMALL]) == 0
    assert Path("runs/digits-2/recipe.yaml").exists()  # the first one is as it was


def pixels(path: str | Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_sample_writes_what_the_ending_says(run, capsys):
    for name in ("a.png", "a.npz", "a.npy", "folder"):
        assert main(["sample", str(run), "-n", "6", "--out", name, "--seed", "3"]) == 0
    assert pixels("a.png").shape[1] > 16
    with np.load("a.npz", allow_pickle=False) as arrays:
        x, y = arrays["x"], arrays["y"]
    assert (x.shape, x.dtype, y.shape) == ((6, 1, 8, 8), np.uint8, (6,))
    assert np.array_equal(np.load("a.npy"), x)
    files = sorted(Path("folder").rglob("*.png"))
    assert len(files) == 6
    for path in files:
        i = int(path.stem)
        assert path.parent.name == str(y[i])
        assert np.array_equal(pixels(path), x[i, 0])


def test_sample_of_one_class_and_of_one_seed(run):
    for name, seed in (("a.npz", "1"), ("b.npz", "1"), ("c.npz", "2")):
        words = ["-n", "5", "--class", "7", "--seed", seed, "--out", name]
        assert main(["sample", str(run), *words]) == 0
    a, b, c = (np.load(f"{name}.npz") for name in "abc")
    assert np.array_equal(a["x"], b["x"])
    assert not np.array_equal(a["x"], c["x"])
    assert a["y"].tolist() == [7] * 5


def test_sample_of_a_table_is_in_its_own_units(table):
    assert main(["sample", str(table), "-n", "9", "--out", "rows.csv"]) == 0
    lines = Path("rows.csv").read_text().splitlines()
    assert len(lines) == 10
    assert lines[0].count(",") == 3
    domain = json.loads((table / "domain.json").read_text())
    assert lines[0].split(",") == domain["names"]
    values = np.array([[float(v) for v in line.split(",")] for line in lines[1:]])
    # An untrained generator still lands near the data: in centimetres, not around zero.
    assert np.abs(values.mean(0) - domain["mean"]).max() < 5 * max(domain["std"])


def test_averaged_and_raw_networks_differ(run):
    for name, more in (("a.npy", []), ("b.npy", ["--raw"])):
        assert main(["sample", str(run), "-n", "2", "--out", name, *more]) == 0
    assert not np.array_equal(np.load("a.npy"), np.load("b.npy"))


def test_evaluate_prints_the_figures_as_json(run, capsys):
    before = {p: p.stat().st_mtime for p in run.rglob("*")}
    assert main(["evaluate", str(run), "--json", "-n", "40"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["step"] == 6
    assert "coverage/judge" in found["metrics"]
    for entry in found["metrics"].values():
        assert entry.keys() >= {
            *("value", "reference", "interval", "n_real", "n_generated"),
            *("features", "split", "ema"),
        }
        assert entry["ema"] is True
    assert found["metrics"]["coverage/judge"]["n_generated"] == 40
    assert {p: p.stat().st_mtime for p in run.rglob("*")} == before  # a reader changes nothing


def test_evaluate_against_other_data_says_so(run, capsys):
    pictures("few", 40)
    pictures("more", 120)
    assert main(["evaluate", str(run), "--data", "few"]) == 2
    assert "4 test examples; measuring takes 10 or more" in capsys.readouterr().err
    assert main(["evaluate", str(run), "--data", "more"]) == 0
    said = capsys.readouterr().out
    assert "real vs real" in said
    assert "not the run's own data: more" in said


def test_a_closed_pipe_is_no_error():
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"{sys.executable} -m counterplay list | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=here)
    assert done.returncode == 0
    assert done.stderr == ""


def test_what_is_left_to_write_to_a_closed_pipe_is_no_error():
    """The reader closes while words wait in the buffer, which Python empties when it ends."""
    code = (
        "import os, sys; from counterplay import cli; r, w = os.pipe(); os.dup2(w, 1); "
        "cli._dispatch = lambda words: (print('x'), os.close(w), os.close(r), 0)[-1]; "
        "sys.exit(cli.main([]))"
    )
    here = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=here)
    assert (done.returncode, done.stderr) == (0, "")
