"""Recipes: the YAML says exactly what the dataclasses say, and refuses everything else."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import inspect
import typing
from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplay.errors import UserError
from counterplay.recipes import RECIPES, named, read, summary, validate, write
from counterplay.recipes.choose import candidates, choose
from counterplay.recipes.schema import (
    TYPES,
    Adam,
    Data,
    Dcgan,
    Dynamics,
    Gan,
    Mlp,
    Recipe,
    Vae,
    WganGp,
)

POSITIVE = st.floats(1e-12, 1e12)
NATURAL = st.integers(1, 10**9)
BY_NAME = {
    "name": st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,20}", fullmatch=True),
    "source": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.sampled_from(
        [
            "no",
            "1e-4",
            "null",
            "~",
            "010",
            "12:30:00",
            "true",
            "=",
            "<<",
            "- a",
            "",
            "a\x85b",
            "\u2028",
        ]
    ),
    "size": st.none() | st.integers(4, 1024),
    "resolution": st.integers(2, 512),
    "seed": st.integers(0, 2**63 - 1),
    "budget": st.none() | POSITIVE,
    "betas": st.tuples(*[st.floats(0, 1, exclude_max=True)] * 2),
    "ema": st.floats(0, 1e9),
    "r1": st.floats(0, 1e9),
    "latents": st.lists(st.integers(1, 10**6), min_size=2, max_size=4).map(tuple),
    "pixels": st.floats(1e-6, 1),
    "degrees": st.floats(0, 180),
    "penalty": st.floats(0, 1e9),
    "beta": st.floats(0, 1e9),
    "decay": st.floats(0, 1),
    "mixing": st.floats(0, 1),
    "inner": st.integers(0, 8),
    "gamma": st.floats(0, 1e9),
    "accumulate": st.just(1),
    "pack": st.just(1),
    "real_label": st.floats(1e-6, 1),
    "fake_label": st.floats(0, 1, exclude_max=True),
    "flips": st.floats(0, 0.5),
    "chance": st.floats(0, 1),
    "start": st.floats(0, 1),
    "target": st.floats(-1, 1, exclude_min=True, exclude_max=True),
    "bins": st.integers(2, 64),
    "dropout": st.floats(0, 1, exclude_max=True),
    "margin": st.floats(1e-6, 0.499),
}


SCALARS = {
    int: NATURAL,
    float: POSITIVE,
    bool: st.booleans(),
    str: st.text(),
    type(None): st.none(),
}


def values(kind: object, name: str) -> st.SearchStrategy:
    """A strategy for the field ``name`` of type ``kind``, over the whole schema."""
    if name in BY_NAME:
        return BY_NAME[name]
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{n: values(hint, n) for n, hint in hints.items()})
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    options = typing.get_args(kind)
    if options[1:] == (Ellipsis,):
        return st.lists(values(options[0], name), max_size=3).map(tuple)
    if options:
        return st.one_of(*(values(option, name) for option in options))
    return SCALARS[kind]


@given(values(Recipe, ""))
@settings(max_examples=300, deadline=None)
def test_any_recipe_comes_back_from_its_yaml(recipe):
    assert read(write(recipe)) == recipe


@given(values(Recipe, ""))
@settings(max_examples=100, deadline=None)
def test_an_ordinary_yaml_reader_reads_the_same(recipe):
    plain = yaml.safe_load(write(recipe))
    assert plain["data"]["source"] == recipe.data.source
    assert plain["data"]["size"] == recipe.data.size
    assert plain["seed"] == recipe.seed


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_every_recipe_is_valid_and_round_trips(name):
    recipe = named(name)
    assert recipe.name == name
    assert read(write(recipe)) == recipe
    assert validate(recipe) is recipe
    assert summary(name).endswith((".", ":")) or len(summary(name)) > 20


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_override_changes_its_field_and_nothing_else(data):
    base = named(data.draw(st.sampled_from(sorted(RECIPES))))
    lr = data.draw(POSITIVE)
    moves = [n for n in ("generator", "critic", "optimiser") if hasattr(base.game, n)]
    who = data.draw(st.sampled_from(moves))
    changed = read(f"game: {{{who}: {{lr: {lr!r}}}}}", base)
    adam = dataclasses.replace(getattr(base.game, who), lr=lr)
    assert changed == dataclasses.replace(base, game=dataclasses.replace(base.game, **{who: adam}))


def test_every_field_explains_itself():
    # tyro shows the string under a field; a number without one is a riddle in --help.
    for kind in [Recipe, Data, Dynamics, Adam, *TYPES.values()]:
        tree = ast.parse(inspect.getsource(inspect.getmodule(kind)))
        body = next(n for n in tree.body if getattr(n, "name", "") == kind.__name__).body
        followed = {
            a.target.id: isinstance(b, ast.Expr) for a, b in pairwise(body) if hasattr(a, "target")
        }
        silent = [
            f.name
            for f in dataclasses.fields(kind)
            if not followed.get(f.name) and f.default_factory is dataclasses.MISSING
        ]
        assert silent == [], kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("game: {critic: {lr: 1e-4}}", 1e-4),
        ("game: {critic: {lr: 4E-4}}", 4e-4),
        ("game: {critic: {lr: 1}}", 1.0),
        ("game: {critic: {lr: .5}}", 0.5),
    ],
)
def test_numbers_are_numbers(text, value):
    lr = read(text, named("digits")).game.critic.lr
    assert lr == value
    assert type(lr) is float


def test_betas_become_floats():
    betas = read("game: {critic: {betas: [0, .9]}}", named("digits")).game.critic.betas
    assert betas == (0.0, 0.9)
    assert all(type(b) is float for b in betas)


def test_whole_numbers():
    assert read("steps: 1e4", named("digits")).steps == 10_000
    assert read("steps: 010", named("digits")).steps == 10  # ten, not eight
    assert type(read("steps: 1e4", named("digits")).steps) is int


def test_words_stay_words():
    for word in ("no", "on", "Yes", "y", "12:30:00", "2026-01-01", "0x10"):
        assert read(f"data: {{source: {word}}}", named("digits")).data.source == word


def test_a_type_tag_changes_the_kind_and_forgets_the_other_kinds_fields():
    recipe = read("game: {type: wgan-gp, networks: {type: mlp}}", named("digits"))
    assert recipe.game == WganGp(Mlp())
    assert read(
        "game: {networks: {width: 8}}", named("digits")
    ).game.networks == dataclasses.replace(named("digits").game.networks, width=8)


BAD = {
    "stepz: 3": "stepz: no such field; did you mean 'steps'?",
    "game: {critic: {lr: fast}}": "game.critic.lr: expected a number, got 'fast'",
    "game: {critic: {lrr: 1}}": "game.critic.lrr: no such field; did you mean 'lr'?",
    "game: {critic: {lr: true}}": "game.critic.lr: expected a number, got True",
    "game: {critic: {lr: -1}}": "game.critic.lr: expected a number above 0, got -1.0",
    "game: {critic: {lr: .nan}}": "game.critic.lr: expected a number, got nan",
    "game: {critic: {lr: .inf}}": "game.critic.lr: expected a number, got inf",
    "game: {critic: {betas: [0.5]}}": "game.critic.betas: expected a list of 2, got [0.5]",
    "game: {critic: {betas: 0.5}}": "game.critic.betas: expected a list, got 0.5",
    "game: {critic: {betas: [a, 1]}}": "game.critic.betas[0]: expected a number, got 'a'",
    "game: {critic: {betas: [0.5, 1]}}": "game.critic.betas: expected two numbers in [0, 1)",
    "game: {critic: 3}": "game.critic: expected fields, got 3",
    "game: {type: wgan}": "game.type: cannot be 'wgan'; did you mean 'gan'?",
    "game: {type: mlp}": "game.type: cannot be 'mlp'",
    "game: {type: [gan]}": "game.type: cannot be ['gan']",
    "game: {cost: non-saturating}": "game.cost: cannot be 'non-saturating'; did you mean 'non_sat",
    "game: {conditional: yes}": "game.conditional: expected true or false, got 'yes'",
    "steps: 0": "steps: expected a whole number from 1, got 0",
    "steps: -5": "steps: expected a whole number from 1, got -5",
    "steps: 1.5": "steps: expected a whole number, got 1.5",
    "steps: many": "steps: expected a whole number, got 'many'",
    "steps: null": "steps: expected a whole number, got None",
    "steps: 99999999999999999999999": "too large",
    "data: {batch: 0}": "data.batch: expected a whole number from 1, got 0",
    "data: {size: 1}": "data.size: expected a side from 4",
    "data: {source: 3}": "data.source: expected a word, got 3",
    "decay: 2": "decay: expected a share from 0 to 1, got 2.0",
    "seed: -1": "seed: expected a whole number from 0",
    "dynamics: alternating": "dynamics: expected fields, got 'alternating'",
    "dynamics: {rule: extra-gradient}": "cannot be 'extra-gradient'; did you mean 'extragradient'",
    "budget: 0": "budget: expected a number above 0",
    "accumulate: 7": "accumulate: 7 parts do not divide a batch of 64",
    "precision: fp16": "precision: cannot be 'fp16'",
    "name: ../up": "name: expected a name of letters",
    "steps: 1\nsteps: 2": "line 2: the key 'steps' stands twice",
    "game: {r1: 1, r1: 2}": "the key 'r1' stands twice",
    "3: 4": "the key 3 is not a word",
    "? [a, b]\n: 1": "is not a word",
    "steps": "expected 'key: value' lines, got 'steps'",
    "": "expected 'key: value' lines, got None",
    "[1, 2]": "expected 'key: value' lines",
    "a: b: c": "line 1",
    "steps: [1": "not the YAML of a recipe",
    "steps: 1\n---\nsteps: 2": "not the YAML of a recipe",
    "a: &x [1]\nb: *x": "alias",
    "!!python/object/apply:os.system [ls]": "not the YAML of a recipe",
    "steps: !!python/name:os.system": "not the YAML of a recipe",
    "name: \x00": "not the YAML of a recipe",
}


@pytest.mark.parametrize("text", sorted(BAD))
def test_every_mistake_is_one_line_with_its_path(text):
    with pytest.raises(UserError) as error:
        read(text, named("digits"))
    line = str(error.value)
    assert BAD[text] in line
    assert "\n" not in line
    assert len(line) < 300


def test_a_whole_recipe_needs_its_name():
    with pytest.raises(UserError, match="name: missing"):
        read("steps: 3")


def test_nesting_without_end_is_refused():
    with pytest.raises(UserError, match="nested too deeply"):
        read("a: " + "[" * 5000)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_recipe_or_a_users_error(text):
    recipe: object = None
    with contextlib.suppress(UserError):
        recipe = read(text, named("digits"))
    assert recipe is None or isinstance(recipe, Recipe)


def test_unknown_recipe_suggests_the_nearest():
    with pytest.raises(UserError, match="no recipe 'ring-wgan'; did you mean 'ring-wgan-gp'"):
        named("ring-wgan")


@dataclasses.dataclass(frozen=True)
class Domain:
    kind: str
    shape: tuple[int, ...]
    classes: tuple[str, ...] = ()


TEN = tuple("0123456789")


@pytest.mark.parametrize(
    ("domain", "count", "name", "expected", "game"),
    [
        (Domain("image", (1, 8, 8), TEN), 1500, "digits", "digits", Gan),
        (Domain("image", (1, 28, 28), TEN), 50_000, "folder", "mnist", Gan),
        (Domain("image", (3, 64, 64)), 600, "folder", "photos-few", Gan),
        (Domain("image", (3, 64, 64)), 6000, "folder", "photos", Gan),
        (Domain("image", (1, 64, 64), tuple(map(str, range(40)))), 400, "faces", "photos-few", Gan),
        (Domain("vector", (2,)), 1000, "ring", "ring-wgan-gp", WganGp),
        (Domain("vector", (2,)), 1000, "points", "plane", WganGp),
        (Domain("vector", (9,)), 1000, "rows.csv", "table", WganGp),
    ],
)
def test_each_kind_of_data_finds_its_recipe(domain, count, name, expected, game):
    chosen, reason = choose(domain, count, name)
    assert chosen == expected
    assert chosen in candidates(name)
    assert "\n" not in reason
    recipe = named(chosen)
    assert type(recipe.game) is game
    wanted = Dcgan if domain.kind == "image" else Mlp
    assert type(recipe.game.networks) is wanted


def test_a_vae_recipe_has_one_player():
    assert isinstance(named("vae-digits").game, Vae)


def test_steps_may_change_at_a_resume_until_the_learning_rates_have_begun_to_fall():
    from dataclasses import replace

    from counterplay.recipes.changes import changes

    falls = Recipe("falls", steps=100, decay=0.5)
    longer = replace(falls, steps=200)
    assert changes(falls, longer, done=50) == {"steps": [100, 200]}
    with pytest.raises(UserError, match=r"steps \(from 100 to 200\): the learning rates fall"):
        changes(falls, longer, done=51)
    steady = replace(falls, decay=0.0)
    assert changes(steady, replace(steady, steps=200), done=100) == {"steps": [100, 200]}
