"""Samples of other systems as rows of a comparison."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from typed_tables import content

from counterplay.data import load
from counterplay.data.cells import write_text
from counterplay.errors import UserError
from counterplay.recipes.comparing.page import text
from counterplay.recipes.comparing.peers import asked_peers, measure_peer, samples_of
from counterplay.recipes.comparing.rows import axis


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("peers") / "t.csv"
    path.write_text(content(400))
    return load(path)


def written(source, raw: np.ndarray, path: Path) -> Path:
    path.write_bytes(write_text(source.domain, raw))
    return path


def rows(source) -> np.ndarray:
    return source.supply.held("train", source.splits["train"], 0)[0].numpy()


def test_a_peers_file_is_measured_as_ours_are(source, tmp_path):
    """A copier's rows are new to nobody; rows of independent columns are told apart."""
    rng = np.random.default_rng(0)
    apart = np.stack([rng.permutation(column) for column in rows(source).T], 1)
    files = {"thief": rows(source), "loose": apart}
    peers = [
        f"{name}={written(source, raw, tmp_path / (name + '.csv'))}" for name, raw in files.items()
    ]
    found = {peer.name: measure_peer(peer, source, tmp_path, "cpu") for peer in asked_peers(peers)}
    new = {name: axis(row, "authenticity") for name, row in found.items()}
    assert new["thief"] is not None
    assert new["loose"] is not None
    assert new["thief"].value == 0
    assert new["loose"].value > 0.5
    assert found["thief"].cells["copies"].value == 1
    assert found["loose"].cells["copies"].value == 0
    pairs = {name: row.cells["correlation"].value for name, row in found.items()}
    assert pairs["thief"] > pairs["loose"] + 0.01
    lines = text(list(found.values()), {}).splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["thief", "loose"]
    assert not any("parameters" in line and "thief" in line for line in lines)
    kept = (tmp_path / "thief-0" / "peer.json").stat().st_mtime_ns
    again = measure_peer(asked_peers(peers)[0], source, tmp_path, "cpu")
    assert again.cells == found["thief"].cells
    assert (tmp_path / "thief-0" / "peer.json").stat().st_mtime_ns == kept


def test_rows_of_a_file_are_the_datas_own_codes(source, tmp_path):
    raw = rows(source)[:40]
    x = samples_of(written(source, raw, tmp_path / "some.csv"), source)[0]
    assert len(x) == 40
    back = source.domain.decode(x).numpy()
    keep = [i for i, c in enumerate(source.domain.columns) if c.kind not in ("id",)]
    key = lambda a: sorted(map(tuple, np.nan_to_num(a[:, keep], nan=-9.0).round(6).tolist()))  # noqa: E731
    assert key(back) == key(source.domain.decode(source.domain.encode(torch.tensor(raw))).numpy())


def test_files_that_cannot_be_rows(source, tmp_path):
    few = written(source, rows(source)[:10], tmp_path / "few.csv")
    with pytest.raises(UserError, match="measuring takes 20"):
        samples_of(few, source)
    (tmp_path / "other.csv").write_text("a,b\n" + "x,1\ny,2\n" * 30)
    with pytest.raises(UserError, match=r"its columns are a, b; the data.s are age"):
        samples_of(tmp_path / "other.csv", source)
    with pytest.raises(UserError, match="NAME=FILE is needed"):
        asked_peers(["rows.csv"])
    with pytest.raises(UserError, match="there is no file"):
        asked_peers(["a=nowhere.csv"])
    with pytest.raises(UserError, match="another row already"):
        asked_peers([f"vae={few}"], ["vae"])
