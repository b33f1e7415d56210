"""``reproduce``: a promise is run from end to end, and its row is honest."""

from __future__ import annotations

import json
import math
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import counterplay
from counterplay.commands import reproduce as verb
from counterplay.data import load
from counterplay.errors import UserError
from counterplay.recipes import ledger, measuring, named
from counterplay.recipes.measuring import pca_log_prob, peer_samples
from counterplay.recipes.promises import REPRODUCTIONS
from counterplay.recipes.row import plain
from counterplay.recipes.stale import stale

ROOT = Path(__file__).parents[1]


# The table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(REPRODUCTIONS))
def test_every_promise_can_be_run_and_judged(name):
    made = REPRODUCTIONS[name]
    recipe = named(made.recipe)
    assert made.data or recipe.data.source
    assert made.seeds >= 1
    assert made.seconds is None or made.seconds > 0
    if made.seconds and recipe.budget:
        assert recipe.budget * 60 <= made.seconds
    for each in made.promises:
        bounds = [b for b in (each.at_least, each.at_most) if b is not None]
        assert all(math.isfinite(b) for b in bounds)
        assert bounds == sorted(bounds)
        assert (each.published is None) == (not each.citation)
        assert "arXiv" in each.citation or not each.citation
    assert any(p.at_least is not None or p.at_most is not None for p in made.promises)
    assert len({each.metric for each in made.promises}) == len(made.promises)


def test_the_issues_numbers_are_promised():
    bounds = {
        name: {p.metric: (p.at_least, p.at_most, p.relative) for p in made.promises}
        for name, made in REPRODUCTIONS.items()
    }
    toys = {"high_quality": (0.9, None, False)}
    assert bounds["ring-wgan-gp"] == {"modes": (8.0, None, False)} | toys
    assert bounds["grid-wgan-gp"] == {"modes": (25.0, None, False)} | toys
    assert bounds["mnist"] == {
        "confident": (0.85, None, False),
        "coverage/judge": (0.88, None, True),
        "class_share_min": (0.07, None, False),
        "class_share_max": (None, 0.14, False),
    }
    limits = {name: made.seconds for name, made in REPRODUCTIONS.items()}
    assert (limits["ring-wgan-gp"], limits["grid-wgan-gp"], limits["mnist"]) == (180, 180, 600)
    assert REPRODUCTIONS["ring-wgan-gp"].seeds == REPRODUCTIONS["grid-wgan-gp"].seeds == 5


# From end to end ---------------------------------------------------------------------------------


def test_a_promise_that_is_kept_is_written_and_fits(run, promise):
    code, out, _ = run("tiny", "--ledger", "here/results.json", "--out", "runs", "--json")
    assert code == 0
    (row,) = ledger.read(Path("here/results.json"))
    assert json.loads(out) == {"quick": False} | plain(row)
    assert row.passed is True
    assert row.seeds == (0, 1)
    assert row.command == "counterplay reproduce tiny"
    assert (row.data, row.split, row.version) == ("ring", "test", counterplay.__version__)
    assert row.fingerprint == load("ring").fingerprint
    assert row.notes[0] == "a note"
    assert row.recipe["game"]["networks"] == {"type": "mlp", "width": 8, "depth": 1}
    assert [c.metric for c in row.criteria] == ["modes", "seconds"]
    assert row.criteria[0].reference == 8.0
    assert row.criteria[1].measured == row.seconds
    # What a seed took holds its training; which is more than nothing.
    assert all(a >= b for a, b in zip(row.seconds, row.training_seconds, strict=True))
    for seed in (0, 1):
        assert f"seed: {seed}\n" in Path(f"runs/seed-{seed}/recipe.yaml").read_text()
    code, out, _ = run("--check", "--ledger", "here/results.json")
    assert (code, out) == (0, "here/results.json: 1 rows, all fit the code\n")


def test_a_promise_that_is_not_kept_is_written_and_ends_with_1(run, promise):
    promise(at_least=9.0)
    code, out, _ = run("tiny", "--seeds", "1", "--ledger", "results.json", "--out", "runs")
    assert code == 1
    assert "NOT kept" in out
    (row,) = ledger.read(Path("results.json"))
    assert row.passed is False
    assert row.command == "counterplay reproduce tiny --seeds 1"
    assert "**no**" in Path("results.md").read_text()


def test_too_slow_is_not_kept(run, promise):
    promise(seconds=1e-3)
    assert run("tiny", "--seeds", "1", "--out", "runs")[0] == 1
    (row,) = ledger.read(Path("runs/results.json"))  # no docs folder: the ledger is in --out
    assert [c.passed for c in row.criteria] == [True, False]


def test_a_training_that_goes_astray_is_in_the_row(run, promise):
    promise(lr=1e30)
    code, out, _ = run("tiny", "--ledger", "results.json", "--out", "runs", "--seeds", "1")
    assert code == 1
    assert "went astray" in out
    (row,) = ledger.read(Path("results.json"))
    assert row.criteria[0].measured == (None,)
    assert (row.criteria[0].median, row.criteria[0].passed, row.passed) == (None, False, False)


def test_a_training_that_is_stopped_makes_no_row(run, promise, monkeypatch):
    from counterplay.recipes.stop import Stop

    def now(self):
        self.reason = "Ctrl-C"
        return True

    monkeypatch.setattr(Stop, "now", now)
    code, _, err = run("tiny", "--ledger", "results.json", "--out", "runs")
    assert code == 130
    assert "interrupted" in err
    assert not Path("results.json").exists()


def test_a_reproduction_that_was_interrupted_is_gone_on_with_to_the_same_row(
    run, promise, monkeypatch
):
    from counterplay.recipes.stop import Stop

    assert run("tiny", "--ledger", "whole.json", "--out", "whole")[0] == 0
    rounds, now = [0], Stop.now

    def in_the_second_training(self):
        rounds[0] += 1
        self.reason = "SIGTERM" if rounds[0] == named("tiny").steps * 3 // 2 else ""
        return bool(self.reason) or now(self)

    with monkeypatch.context() as patched:
        patched.setattr(Stop, "now", in_the_second_training)
        code, out, _ = run("tiny", "--ledger", "broken.json", "--out", "broken")
    assert code == 130
    assert "--resume broken goes on" in out
    assert run("tiny", "--resume", "broken", "--ledger", "broken.json")[0] == 0
    (whole,), (again,) = (ledger.read(Path(f"{name}.json")) for name in ("whole", "broken"))
    assert again.criteria[0] == whole.criteria[0]
    assert (again.seeds, again.notes, again.command) == (whole.seeds, whole.notes, whole.command)
    assert all(seconds > 0 for seconds in again.training_seconds)


def test_only_the_promises_own_trainings_are_gone_on_with(run, promise):
    assert run("tiny", "--seeds", "1", "--ledger", "one.json", "--out", "runs")[0] == 1  # of two
    # The seed that is not there yet is trained.
    assert run("tiny", "--resume", "runs", "--ledger", "two.json")[0] == 0
    assert ledger.read(Path("two.json"))[0].seeds == (0, 1)
    promise(lr=2e-3)
    code, _, err = run("tiny", "--resume", "runs", "--ledger", "other.json")
    assert code == 2
    assert "seed-0 is of another recipe than 'tiny' has now" in err
    assert not Path("other.json").exists()


def test_an_existing_docs_ledger_is_taken_and_a_rerun_replaces(run, promise):
    Path("docs").mkdir()
    ledger.save(Path("docs/results.json"), [])
    for _ in range(2):
        assert run("tiny")[0] == 0
    assert len(ledger.read(Path("docs/results.json"))) == 1
    assert sorted(p.name for p in Path("runs").iterdir()) == [
        "reproduce-tiny",
        "reproduce-tiny-2",
    ]


# Quick -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ring-wgan-gp", "vae-digits", "digits"])
def test_quick_runs_all_of_it_and_writes_nothing(run, name, tmp_path):
    ledger.save(tmp_path / "results.json", [])
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    code, out, _ = run(name, "--quick", "--json", "--ledger", "results.json")
    assert code == 0
    row = json.loads(out)
    assert row["quick"] is True
    assert row["passed"] is None
    assert [c["passed"] for c in row["criteria"]] == [None] * len(row["criteria"])
    wanted = [p.metric for p in REPRODUCTIONS[name].promises] + ["seconds"]
    assert [c["metric"] for c in row["criteria"]] == wanted
    assert all(len(c["measured"]) == 1 for c in row["criteria"])
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_quick_gives_no_verdict_in_words(run, promise):
    code, out, _ = run("tiny", "--quick")
    assert code == 0
    assert "says nothing about the promise" in out
    assert "yes" not in out
    assert "the promise is kept" not in out
    assert not Path("runs").exists()
    promise(at_least=9.0)
    assert run("tiny", "--quick")[0] == 0


# Peers -------------------------------------------------------------------------------------------


def peer(file: str, name: str = "some 1.0") -> list[str]:
    return ["--peer-samples", file, "--peer-name", name, "--peer-seconds", "12.5"]


def test_a_peer_is_measured_as_ours_is(run, tmp_path):
    source = load("digits")
    real = source.domain.decode(source.examples("train", 500).x).numpy()
    noise = np.random.default_rng(0).integers(0, 256, real.shape, dtype=np.uint8)
    np.savez(tmp_path / "both.npz", real=real, b=noise, y=np.zeros(500, dtype=np.int64))
    book = ["--ledger", "results.json"]
    assert run("digits", *peer(str(tmp_path / "both.npz")), *book)[0] == 0
    (row,) = ledger.read(Path("results.json"))
    assert (row.peer, row.system, row.seeds, row.recipe) == (True, "some 1.0", (0, 1), {})
    assert row.seconds == row.training_seconds == (12.5, 12.5)
    numbers = {c.metric: c for c in row.criteria}
    assert set(numbers) == {p.metric for p in REPRODUCTIONS["digits"].promises}
    # In the order of their names. Real examples in the peer's place come near real's own values.
    noisy, perfect = numbers["coverage/judge"].measured
    assert perfect > 0.9
    assert noisy < 0.3
    noisy, perfect = numbers["confident"].measured
    assert perfect == pytest.approx(numbers["confident"].reference, abs=0.15)
    assert row.passed is all(c.passed for c in row.criteria)
    assert row.command == (
        "counterplay reproduce digits --peer-samples both.npz "
        "--peer-name 'some 1.0' --peer-seconds 12.5"
    )
    assert run("--check", *book)[0] == 0


ODD = {
    "text.npz": (lambda p: p.write_text("no"), "no .npz file"),
    "none.npz": (lambda p: np.savez(p, y=np.zeros(3)), "no pictures"),
    "shape.npz": (lambda p: np.savez(p, x=np.zeros((9, 1, 9, 9), np.uint8)), "of 1x9x9, the data"),
    "range.npz": (lambda p: np.savez(p, x=np.full((9, 1, 8, 8), 0.5)), "floats in [-1, 1]"),
    "nan.npz": (lambda p: np.savez(p, x=np.full((9, 1, 8, 8), np.nan)), "floats in [-1, 1]"),
    "few.npz": (lambda p: np.savez(p, x=np.zeros((9, 8, 8), np.uint8)), "9 samples"),
    "object.npz": (lambda p: np.savez(p, x=np.array([None])), "no .npz file"),
    "gone.npz": (lambda p: None, "no such file"),
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_samples_that_do_not_fit_are_told_in_one_line(run, tmp_path, name):
    make, reason = ODD[name]
    make(tmp_path / name)
    code, _, err = run("digits", *peer(name), "--ledger", "results.json", "--quick")
    assert code == 2
    assert reason in err
    assert err.count("\n") == 1


def test_floats_and_bytes_are_the_same_samples(tmp_path):
    domain = load("digits").domain
    x = torch.randint(0, 256, (5, 1, 8, 8), dtype=torch.uint8)
    x[0, 0, 0, 0] = 0
    np.savez(tmp_path / "x.npz", a=x.numpy(), b=domain.encode(x).numpy(), c=x[:, 0].numpy())
    a, b, c = peer_samples(tmp_path / "x.npz", domain)
    assert torch.equal(a, b)
    assert torch.equal(a, c)


# The command line --------------------------------------------------------------------------------


@given(
    st.sampled_from(sorted(REPRODUCTIONS)),
    st.none() | st.integers(1, 1000),
    st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9),
)
@settings(max_examples=60, deadline=None)
def test_a_rows_command_asks_for_the_same_again(name, seeds, data):
    if data and data.startswith("-"):
        data = f"./{data}"
    given_ = verb.Arguments(name=name, seeds=seeds, data=data)
    again = verb.request(shlex.split(verb.command(given_))[2:])
    assert again.data == data
    promised = REPRODUCTIONS[name].seeds
    assert (again.seeds or promised) == (seeds or promised)
    assert verb.read_command(verb.command(given_)) == (name, seeds or promised, False)


MISTAKES = {
    "rnig-wgan-gp": "nothing called 'rnig-wgan-gp' is promised; did you mean 'ring-wgan-gp'?",
    "ring-wgan-gp grid-wgan-gp": "takes one name, not",
    "ring-wgan-gp --seeds 0": "--seeds 0: 1 to 1000",
    "ring-wgan-gp --seeds many": "--seeds",
    "ring-wgan-gp --sedes 3": "no option --sedes; did you mean '--seeds'?",
    "ring-wgan-gp --check": "leave the name out",
    "--check --ledger none.json": "no ledger at none.json",
    "digits --peer-name x": "a peer takes a NAME",
    "--peer-samples x --peer-name x --peer-seconds 1": "a peer takes a NAME",
    "digits --peer-samples x --peer-name x --peer-seconds 0": "a number above 0",
    "digits --peer-samples x --peer-name x --peer-seconds 1 --seeds 2": "--seeds is for trainings",
    "digits --peer-samples x --peer-name x --peer-seconds 1 --more": "--more is for trainings",
    "--more": "it takes the NAME of a promise",
    "doctor --more": "it takes the NAME of a promise",
    "tiny --more --quick": "and no --quick",
    "mnist --data nowhere": "the data of 'mnist' are not at nowhere; --data says",
    "tiny --out taken": "is not empty",
    "tiny --resume nowhere": "--resume nowhere: no reproduction is there",
    "tiny --resume taken --out other": "leave --out out",
    "tiny --resume taken --quick": "no --quick and no peer",
    "--resume taken": "--resume takes the NAME of a promise",
    "tiny --ledger foreign.json": "is no ledger",
}


@pytest.mark.parametrize("line", sorted(MISTAKES))
def test_a_mistake_is_one_line_before_anything_is_run(run, promise, line, monkeypatch):
    Path("taken/seed-1").mkdir(parents=True)
    Path("taken/seed-1/x").write_text("")
    Path("foreign.json").write_text("[]")
    monkeypatch.setattr("counterplay.recipes.session.start", lambda *_: pytest.fail("it ran"))
    code, out, err = run(*line.split())
    assert code == 2
    assert MISTAKES[line] in err
    assert (out, err.count("\n")) == ("", 1)
    assert not Path("runs").exists()


def test_without_a_name_it_lists_what_is_promised(run):
    code, out, _ = run()
    assert code == 0
    for name in REPRODUCTIONS:
        assert f"  {name} " in out
    assert set(json.loads(run("--json")[1])) == {*REPRODUCTIONS, "doctor"}


def test_the_list_and_the_check_import_no_torch():
    script = (
        "import sys; from counterplay.cli import main; "
        "codes = [main(['reproduce']), main(['reproduce', '--check', '--json'])]; "
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_without_more_words_the_row_goes_to_the_repositorys_ledger(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert verb._ledger(verb.Arguments("mnist")) == ROOT / "docs" / "results.json"
    assert verb._ledger(verb.Arguments("mnist", ledger=Path("x.json"))) == Path("x.json")


def test_the_judge_shares_no_seed_with_a_training():
    with pytest.raises(UserError, match="1 to 1000"):
        verb.request(["mnist", "--seeds", "1001"])
    assert measuring.JUDGE_SEED > 1000


def test_the_repositorys_own_ledger_fits_the_code():
    path = ROOT / "docs" / "results.json"
    assert path.is_file()
    assert stale(path, counterplay.__version__, verb.read_command) == []


# What a promise is measured with -----------------------------------------------------------------


def correlated(n: int, seed: int) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    mix = torch.randn(6, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return torch.randn(n, 6, generator=rng, dtype=torch.float64) @ mix + 3


def test_pca_with_all_but_one_latents_is_the_gaussian():
    train, x = correlated(500, 1), correlated(50, 2)
    covariance = torch.cov(train.T, correction=0)
    exact = torch.distributions.MultivariateNormal(train.mean(0), covariance)
    assert pca_log_prob(train, x, 5) == pytest.approx(float(exact.log_prob(x).mean()))


def test_pca_likes_its_training_set_better_with_each_latent():
    train = correlated(500, 1)
    found = [pca_log_prob(train, train, latent) for latent in range(6)]
    assert found == sorted(found)
