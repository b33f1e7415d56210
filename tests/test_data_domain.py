"""Domains: decode inverts encode, JSON brings them back, and nothing here needs torch to import."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from counterplay.data import SIZES, Image, Vector, from_json, load, names
from counterplay.data.catalogue import LAWS
from counterplay.data.sizes import LARGEST_CHOSEN, check_size, choose_size
from counterplay.errors import UserError


def test_decode_inverts_encode_on_all_levels_of_a_picture():
    domain = Image(1, 16)
    raw = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    x = domain.encode(raw)
    assert (x.min(), x.max(), x.dtype) == (-1, 1, torch.float32)
    assert torch.equal(x, raw.float() / 127.5 - 1)
    assert torch.equal(domain.decode(x), raw)


def test_decode_of_a_picture_rounds_and_clamps():
    x = torch.tensor([-7.0, -1.0, -1 + 0.4 / 127.5, -1 + 0.6 / 127.5, 0.0, 1.0, 9.0])
    assert Image(1, 8).decode(x).tolist() == [0, 0, 0, 1, 128, 255, 255]


def test_encode_leaves_the_raw_examples_alone():
    raw = torch.tensor([[1.0, 2.0]])
    Vector(2, ("a", "b"), (0.5, 0.5), (2.0, 2.0)).encode(raw)
    assert raw.tolist() == [[1.0, 2.0]]


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.floats(-5, 5))
def test_decode_inverts_encode_on_vectors(mean: float, std: float, z: float):
    domain = Vector(1, ("x0",), (mean,), (std,))
    raw = torch.tensor([[mean + z * std]])
    scale = max(abs(mean), std)
    assert (domain.decode(domain.encode(raw)) - raw).abs().item() <= 1e-5 * scale


@pytest.mark.parametrize("name", names())
def test_every_domain_comes_back_from_json(name: str):
    domain = load(name).domain
    assert from_json(json.loads(json.dumps(domain.to_json()))) == domain


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "sound"}, "'sound'"),
        ([1, 2], "[1, 2]"),
        ({"kind": "image", "channels": 1}, "needs size"),
        ({"kind": "image", "channels": 1, "size": "8", "classes": []}, "needs size, seen '8'"),
        ({"kind": "image", "chanels": 1}, "did you mean 'channels'"),
        (
            {
                "kind": "vector",
                "dim": 2,
                "names": ["a"],
                "mean": [0, 0],
                "std": [1, 1],
                "classes": [],
            },
            "as many names, seen 1",
        ),
    ],
)
def test_a_tampered_domain_is_refused_in_one_line(fields: object, said: str):
    with pytest.raises(UserError) as caught:
        from_json(fields)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sizes_are_what_networks_build():
    powers = {s * 2**k for s in (4, 5, 6, 7) for k in range(1, 10)}
    assert set(SIZES) == {s for s in powers if 8 <= s <= 128}


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_the_chosen_size_can_be_built_and_is_nearest(width: int, height: int):
    size = choose_size(width, height)
    assert size in SIZES
    if width == height and width in SIZES and width <= LARGEST_CHOSEN:
        assert size == width
    else:
        short = min(width, height)
        assert abs(size - short) == min(abs(s - short) for s in SIZES if s <= LARGEST_CHOSEN)


@pytest.mark.parametrize(("size", "near"), [(30, "28 or 32"), (7, "8 or 10"), (500, "112 or 128")])
def test_a_size_that_cannot_be_built_names_the_nearest(size: int, near: str):
    with pytest.raises(UserError, match=near):
        check_size(size)


def test_names_of_laws_are_those_of_the_laws():
    from counterplay.laws import LAWS as laws

    assert set(LAWS) == set(laws)


def test_names_and_domains_need_no_torch():
    code = (
        "import sys, counterplay.data as d; d.names(); d.from_json(d.Image(1, 8).to_json());"
        "sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_path_is_told_without_torch():
    code = (
        "import sys\nfrom counterplay.data import load\n"
        "try: load('no/such/folder')\nexcept ValueError: sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_encoded_vectors_have_mean_0_and_deviation_1_on_the_training_part():
    rows = np.random.default_rng(0).normal([3, -200], [0.1, 50], (500, 2))
    x = load(rows).examples("train").x
    assert x.mean(0).abs().max() < 1e-4
    assert math.isclose(x.std(0, unbiased=False).mean(), 1, abs_tol=1e-4)
