"""What rises, falls or moves on: trends that excuse a finding, and some that do not."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import torch
from test_doctor import FACTS, LIKELY, history, names

from counterplay.doctor import Checkup, diagnose
from counterplay.doctor.history import finite, from_records, to_record
from counterplay.doctor.players import replayed
from counterplay.game import Batch
from counterplay.games import Flow
from counterplay.networks.flows import VECTORS
from counterplay.recipes.doctor_bench import reference as ref


def test_what_creeps_is_collapsed_though_it_rises():
    bare = {"samples/coverage": 0.0}
    creeping = {**bare, "samples/diversity": lambda i: 1e-4 * 1.2**i}
    climbing = {**bare, "samples/diversity": lambda i: 1e-2 * 1.2**i}
    assert "mode-collapse" in names(diagnose(history(creeping, before=0)))
    assert "mode-collapse" not in names(diagnose(history(climbing, before=0)))


def test_gaps_that_fill_up_are_not_missing_for_good():
    gone = {"samples/missing": 0.3, "samples/distance": 1.3}
    assert "partial-collapse" in names(diagnose(history(gone)))
    for filling in (
        {"samples/missing": lambda i: 0.5 * 0.9**i},
        {"samples/coverage": lambda i: 0.1 * 1.1**i},
    ):
        assert "partial-collapse" not in names(diagnose(history({**gone, **filling}, before=0)))


def test_samples_that_are_nowhere_need_move_less_to_be_told_that_they_hop():
    moving = {"samples/moved": 0.25, "raw/moved": 0.25, "samples/distance": 1.6}
    nowhere = history({**moving, "samples/coverage": 0.005}, before=0, count=24)
    assert "mode-hopping" in names(diagnose(nowhere))
    assert "mode-hopping" not in names(diagnose(nowhere.upto(800)))  # it has only begun


def test_samples_that_wander_for_long_and_win_nothing_hop():
    """Each time not far; with anything won in the long run it is a way."""
    moving = {"samples/moved": 0.2, "samples/coverage": 0.2, "samples/distance": 2.5}
    round_and_round = {**moving, "samples/distance": lambda i: 2.5 + math.sin(i / 2)}
    wandering = history(round_and_round, before=0, count=24)
    assert "mode-hopping" in names(diagnose(wandering))
    assert "mode-hopping" not in names(diagnose(wandering.upto(1500)))  # it has only begun
    for won in (
        {"samples/distance": lambda i: 2.5 * 0.97**i},
        {"samples/missing": lambda i: 0.5 * 0.97**i},
        {"samples/coverage": lambda i: 0.1 * 1.03**i},
        {"samples/moved": 0.14},
    ):
        arriving = history({**round_and_round, **won}, before=0, count=24)
        assert "mode-hopping" not in names(diagnose(arriving))


def test_a_generator_that_stands_still_before_a_sure_critic_is_told_nothing():
    """Whatever its slope is worth: a clipped critic's units are its own."""
    sure = {"critic/auc": 0.96, "samples/distance": 5.0, "generator/slope": 1e-9}
    flat = {**sure, "critic/gap": 1e-9, "generator/moved": 3e-5, "critic/moved": 3e-3}
    assert "vanishing-gradient" in names(diagnose(history(flat, before=0, count=20)))
    for other in (
        {"generator/moved": 2e-4},
        {"critic/moved": 2e-4},  # both are slow
        {"samples/distance": 1.5},
        {"critic/auc": 0.7},
        {"samples/distance": lambda i: 9.0 * 0.9**i},
    ):
        assert "vanishing-gradient" not in names(
            diagnose(history({**flat, **other}, before=0, count=20))
        )


def test_what_has_not_moved_at_all_has_learnt_nothing_however_near_it_began():
    near = {"samples/distance": 1.6, "generator/moved": 1e-8, "critic/moved": 1e-8}
    assert "rate-too-low" in names(diagnose(history(near, before=0)))
    slow = {**near, "generator/moved": 1e-5}
    assert "rate-too-low" not in names(diagnose(history(slow, before=0)))


def test_large_moves_are_excused_by_the_last_samples_that_were_looked_at():
    """Samples that take long to draw are looked at now and then."""

    def fast(distance):
        seen = {"samples/distance": lambda i: distance if i == 4 else None}
        values = {"vae/moved": 0.02, "vae/turn": -0.1, "samples/distance": None}
        return history({**values, **({} if distance is None else seen)}, before=0)

    assert "rate-too-high" in names(diagnose(fast(9.0)))
    assert "rate-too-high" in names(diagnose(fast(None)))
    assert "rate-too-high" not in names(diagnose(fast(1.5)))


def test_a_class_that_is_not_heard_for_long_is_a_warning_while_samples_come_closer():
    closer = {"samples/distance": lambda i: 9.0 * 0.9**i, "samples/class_share": 0.2}
    silent = history({**closer, "samples/class_heard": 0.01}, before=0, count=20)
    (found,) = [f for f in diagnose(silent) if f.name == "ignored-condition"]
    assert found.severity == "warning"
    assert "ignored-condition" not in names(diagnose(silent.upto(1200)))
    for heard in ({"samples/class_heard": 0.2}, {"samples/class_diversity": 0.1}):
        values = {**closer, "samples/class_heard": 0.01, **heard}
        assert "ignored-condition" not in names(diagnose(history(values, before=0, count=20)))


def test_what_is_found_twice_is_told_once_the_worse_way():
    deaf = {"samples/class_share": 0.01, "samples/class_heard": 0.01}
    found = diagnose(history(deaf, before=0, count=20))
    (one,) = [f for f in found if f.name == "ignored-condition"]
    assert one.severity == "sick"


def test_twice_next_to_nothing_is_no_gain():
    far = {"samples/distance": 5.0, "critic/auc": 0.9}
    flat = history({**far, "samples/coverage": lambda i: 0.001 * (1 + i % 3)}, count=40, before=0)
    rising = history({**far, "samples/coverage": lambda i: 0.005 * i}, count=40, before=0)
    assert "plateau" in names(diagnose(flat))
    assert "plateau" not in names(diagnose(rising))


def test_a_cost_that_rises_for_all_examples_is_a_warm_up():
    rising = {"vae/held": lambda i: 10.5 + 0.3 * i}
    alike = {"vae/train": lambda i: 9.5 + 0.3 * i, "vae/again": lambda i: 9.55 + 0.3 * i}
    both = history({**rising, **alike}, base=LIKELY, count=20, before=0)
    held = history({**rising, "vae/train": 9.5, "vae/again": 9.55}, base=LIKELY, count=20, before=0)
    assert "overfitting" not in names(diagnose(both))
    assert "overfitting" in names(diagnose(held))


def test_what_comes_and_goes_is_not_healthy_in_between():
    """A condition that four of five check-ups make, and as many without it end."""

    def told(tail):
        marks = "#" * 8 + tail
        tied = {"generator/tied": lambda i: 9.0 if marks[i] == "#" else 1.0}
        found = diagnose(history(tied, before=0, count=len(marks)))
        return {f.name: f for f in found}.get("batch-leakage")

    assert all(told(tail) for tail in ("...", "..#.#..", "....####"))
    assert not any(told(tail) for tail in ("....", "....###", "...#..."))
    assert told("...").since == told("").since


def test_only_samples_that_come_closer_are_said_to():
    far = {"samples/distance": 5.0, "samples/coverage": 0.3, "critic/auc": 0.9}
    nearer = history({**far, "samples/distance": lambda i: 9.0 * 0.93**i}, before=0)
    still = history(far, before=0)
    (one,), (other,) = (diagnose(each) for each in (nearer, still))
    assert one.name == other.name == "healthy-unfinished"
    assert "become better" in one.meaning
    assert "nor lately come closer" in other.meaning
    assert "not enough to say" in diagnose(still.upto(still.checkups[4].step))[0].meaning


def test_samples_that_come_closer_and_hear_no_class_are_told():
    nearer = {"samples/distance": lambda i: 6.0 * 0.93**i, "samples/class_diversity": 0.8}
    deaf = {**nearer, "samples/class_share": lambda i: 0.05 * (i % 2)}
    slow = {**nearer, "samples/class_share": 0.05}  # little is heard, and more may come
    assert "ignored-condition" in names(diagnose(history(deaf, before=0)))
    assert "ignored-condition" not in names(diagnose(history(slow, before=0)))


def test_one_far_example_does_not_tell_what_held_out_examples_cost():
    game = Flow(VECTORS["nice"](2, [8]), (2,))
    x = torch.zeros(64, 2)
    far = x.clone()
    far[5] = 1e3
    found = replayed(game, {"train": Batch(x), "held": Batch(far)}, 0, 0)
    assert found["flow/held"] == found["flow/train"]
    shifted = replayed(game, {"held": Batch(x + 3)}, 0, 0)
    assert shifted["flow/held"] > found["flow/train"] + 1  # the twin: all of them


def test_what_ends_in_numbers_has_not_come_to_have_none():
    assert ref.shown("non-finite", None, "non-finite")
    assert ref.shown("non-finite", {"reached": 0.0}) is False


def test_endless_costs_are_counted_with_and_no_numbers_are_left_out():
    odd = finite({"a": math.inf, "b": -math.inf, "c": math.nan, "d": 2, "e": "5"})
    assert odd == {"a": 1e30, "b": -1e30, "d": 2.0}
    lost = dict.fromkeys(("vae/train", "vae/again", "vae/held"), 1e30)
    one = history(lost, base=LIKELY, count=20)
    told = json.loads(json.dumps([{"step": c.step, "signals": c.values} for c in one.checkups]))
    told[-1]["signals"]["vae/held"] = math.inf
    again = from_records([to_record(one), *told])
    assert diagnose(again) == diagnose(one)


def test_a_class_that_begins_to_be_heard_is_no_longer_ignored():
    deaf = {"samples/class_share": 0.05, "samples/class_heard": 0.01}
    hears = {**deaf, "samples/class_heard": lambda i: 0.007 * i}
    assert "ignored-condition" in names(diagnose(history(deaf, before=0, count=14)))
    assert "ignored-condition" not in names(diagnose(history(hears, before=0, count=14)))


def test_samples_that_are_copies_less_and_less_are_not_learnt_by_heart():
    copied = history({"samples/authentic": 0.2}, before=0, count=14)
    leaving = history({"samples/authentic": lambda i: 0.1 + 0.01 * i}, before=0, count=14)
    assert "memorisation" in names(diagnose(copied))
    assert "memorisation" not in names(diagnose(leaving))


def test_samples_that_are_as_near_to_strangers_are_blurred_and_no_copies():
    near = {"samples/authentic": 0.2}
    copied = history({**near, "samples/impartial": 0.1}, before=0, count=14)
    blurred = history({**near, "samples/impartial": 1.1}, before=0, count=14)
    assert "memorisation" in names(diagnose(copied))
    assert "memorisation" not in names(diagnose(blurred))


def test_chains_that_count_are_not_said_to_stray():
    """A machine that says next to nothing of any state changes by more than that, and is young."""
    astray = {"chains/strayed": 1.5, "chains/flipped": 1.0}
    lost = history({**astray, "chains/counted": 0.2}, base=LIKELY, before=0)
    young = history({**astray, "chains/counted": 0.8}, base=LIKELY, before=0)
    assert "chain-not-mixing" in names(diagnose(lost))
    assert "chain-not-mixing" not in names(diagnose(young))


def test_a_model_that_goes_back_and_forth_and_learns_nothing_is_too_fast_however_near():
    near = {"samples/distance": 1.5, "vae/moved": 0.02, "vae/turn": -0.5}
    costs = {
        "vae/held": lambda i: 10.2 + 0.1 * (i % 3),
        "vae/again": lambda i: 10.0 + 0.2 * (i % 2),
    }
    model = {name: value for name, value in LIKELY.items() if not name.startswith("chains/")}
    wild = history({**near, **costs}, base=model, before=0, count=20)
    assert "rate-too-high" in names(diagnose(wild))
    machine = history({**near, **costs}, base=LIKELY, before=0, count=20)
    assert "rate-too-high" not in names(diagnose(machine))
    assert "rate-too-high" not in names(diagnose(wild.upto(1400)))  # it has only begun
    for other in ({"vae/turn": 0.05}, {"vae/moved": 2e-3}, {"vae/held": lambda i: 20.0 - 0.5 * i}):
        tame = history({**near, **costs, **other}, base=model, before=0, count=20)
        assert "rate-too-high" not in names(diagnose(tame))


def test_a_model_that_knows_frequencies_alone_after_a_far_move_is_too_fast():
    costs = {
        "vae/train": lambda i: 10 + 0.1 * (i % 2),
        "vae/again": lambda i: 10 - 0.1 * (i % 3),
        "vae/scrambled": lambda i: 10 + 0.1 * (i % 3 - 1),
        "vae/moved": lambda i: 0.03 if i == 1 else 1e-3,
    }
    tied = FACTS | {"data/scrambled": 0.4}
    model = {name: value for name, value in LIKELY.items() if not name.startswith("chains/")}
    stunned = history(costs, base=model, before=0, count=14, facts=tied)
    assert "rate-too-high" in names(diagnose(stunned))
    loose = FACTS | {"data/scrambled": 0.98}  # numbers that have nothing to do with each other
    assert "rate-too-high" not in names(
        diagnose(history(costs, base=model, before=0, count=14, facts=loose))
    )
    for other in (
        {"vae/scrambled": 11.0},
        {"vae/moved": 1e-3},
        {"vae/held": lambda i: 20.0 - 0.5 * i},
    ):
        fine = history({**costs, **other}, base=model, before=0, count=14, facts=tied)
        assert "rate-too-high" not in names(diagnose(fine))


def test_a_class_whose_mean_is_like_the_others_is_ignored_where_it_is_not_heard():
    deaf = {"samples/class_share": None, "samples/class_heard": 0.02}
    assert "ignored-condition" in names(diagnose(history(deaf, before=0, count=14)))
    hears = {**deaf, "samples/class_heard": 0.5}
    assert "ignored-condition" not in names(diagnose(history(hears, before=0, count=14)))


def test_a_critic_is_too_weak_only_where_little_of_the_data_is_reached():
    blind = {"critic/auc": 0.5, "samples/distance": 4.0, "samples/coverage": 0.02}
    assert "critic-too-weak" in names(diagnose(history(blind, before=0, count=14)))
    for other in ({"samples/coverage": 0.3}, {"critic/auc": 0.7}, {"samples/distance": 2.0}):
        seeing = history({**blind, **other}, before=0, count=14)
        assert "critic-too-weak" not in names(diagnose(seeing))


def test_samples_that_come_closer_before_a_critic_that_never_sees_are_not_led_there():
    closer = {"samples/distance": lambda i: 90.0 * 0.9**i, "samples/coverage": 0.0}
    blind = history({**closer, "critic/auc": 0.5}, before=0, count=24)
    assert "critic-too-weak" in names(diagnose(blind))
    assert "critic-too-weak" not in names(diagnose(blind.upto(1400)))
    late = {**closer, "critic/auc": lambda i: 0.9 if i < 20 else 0.5}
    assert "critic-too-weak" not in names(diagnose(history(late, before=0, count=24)))


def test_what_has_stopped_far_from_the_data_is_too_slow_however_far_it_once_went():
    moves = {
        f"{player}/moved": lambda i: 1e-2 if i < 6 else 1e-9 for player in ("generator", "critic")
    }
    far = history({**moves, "samples/distance": 5.0}, before=0, count=16)
    assert "rate-too-low" in names(diagnose(far))
    arrived = history({**moves, "samples/distance": 1.1}, before=0, count=16)
    assert "rate-too-low" not in names(diagnose(arrived))
    one = history({**moves, "samples/distance": 5.0, "critic/moved": 1e-3}, before=0, count=16)
    assert "rate-too-low" not in names(diagnose(one))


def test_a_model_that_has_only_begun_may_become_various_while_it_learns():
    alike = {"samples/diversity": 0.06, "samples/coverage": 0.1}
    learns = {"vae/held": lambda i: 20.0 - 0.5 * i}
    model = history({**alike, **learns}, base=LIKELY, before=0, count=6)
    assert "mode-collapse" not in names(diagnose(model))
    still = {"vae/held": 20.0, "latents/active": 1.0, "latents/explained": 0.6}
    stuck = history({**alike, **still}, base=LIKELY, before=0, count=6)
    assert "mode-collapse" in names(diagnose(stuck))


def test_latents_that_know_less_than_one_bit_are_not_used():
    """The KL from the prior bounds what latents know: I(x; z) ≤ E KL(q(z | x) ‖ p(z))."""
    dim = {"latents/active": 0.5, "latents/explained": 0.1, "latents/axes": 0.8}
    closed = history({**dim, "latents/rate": 0.1}, base=LIKELY, before=0, count=14)
    assert "posterior-collapse" in names(diagnose(closed))
    for other in ({"latents/rate": 3.0}, {"latents/explained": 0.3}):
        used = history({**dim, "latents/rate": 0.1, **other}, base=LIKELY, before=0, count=14)
        assert "posterior-collapse" not in names(diagnose(used))


def test_samples_near_the_data_that_come_nearer_may_hop_all_the_same():
    nowhere = {"samples/coverage": 0.005, "samples/moved": 0.5, "raw/moved": 0.5}
    near = {**nowhere, "samples/distance": lambda i: 1.6 * 0.97**i}
    assert "mode-hopping" in names(diagnose(history(near, before=0, count=14)))
    far = {**nowhere, "samples/distance": lambda i: 16 * 0.97**i, "raw/distance": 9.0}
    assert "mode-hopping" not in names(diagnose(history(far, before=0, count=14)))


def test_where_most_is_missing_more_of_the_rest_does_not_count():
    """Samples of one colour of four become better ones of that colour."""
    better = {"samples/coverage": lambda i: 0.02 + 0.02 * i, "samples/distance": 2.5}
    for missing, said in ((0.74, True), (0.3, False), (lambda i: 0.9 - 0.05 * i, False)):
        found = diagnose(history({**better, "samples/missing": missing}, before=0, count=14))
        assert ("partial-collapse" in names(found)) == said


def test_a_model_that_lost_what_it_had_learnt_in_a_far_move_is_too_fast():
    model = {name: value for name, value in LIKELY.items() if not name.startswith("chains/")}

    def course(after, jump=0.03, held=None):
        costs = {
            f"vae/{which}": lambda i, k=k: 100 - 8 * i if i < 8 else after + 0.2 * ((i + k) % 3)
            for k, which in enumerate(("train", "again", "held"))
        }
        costs["vae/moved"] = lambda i: jump if i == 8 else 1e-3
        return history(costs | (held or {}), base=model, before=0, count=14)

    assert "rate-too-high" in names(diagnose(course(80.0)))
    assert "rate-too-high" in names(diagnose(course(140.0)))  # worse than it began
    assert "rate-too-high" not in names(diagnose(course(45.0)))  # not all of it
    assert "rate-too-high" not in names(diagnose(course(80.0, jump=5e-3)))
    early = {"vae/moved": lambda i: 0.03 if i < 3 else 1e-3}  # before it was at its best
    assert "rate-too-high" not in names(diagnose(course(80.0, held=early)))
    # What is learnt by heart makes held-out examples dear alone.
    rise = {"vae/held": lambda i: 44 + 5.0 * i}
    assert "rate-too-high" not in names(diagnose(course(44.0, held=rise)))


def test_a_model_that_stopped_short_is_too_slow_by_what_it_reached_when_it_was_looked_at():
    base = {name: value for name, value in LIKELY.items() if not name.startswith("samples/")}

    def course(coverage, speed=1e-9):
        signals = {
            "vae/moved": lambda i: 3e-3 if i < 4 else speed,
            "samples/coverage": coverage,
            "samples/distance": 1.4,
        }
        made = history(signals, base=base, before=0, count=20)
        seen = [
            Checkup(c.step, {k: v for k, v in c.values.items() if i == 4 or "samples" not in k})
            for i, c in enumerate(made.checkups)
        ]
        return replace(made, checkups=seen)

    assert "rate-too-low" in names(diagnose(course(0.05)))
    assert "rate-too-low" not in names(diagnose(course(0.6)))  # it was there when it stopped
    assert "rate-too-low" not in names(diagnose(course(0.05, speed=1e-3)))


def test_what_ties_a_batch_counts_until_it_is_looked_at_again():
    made = history({"generator/tied": 9.0}, before=0, count=8)
    every = [
        Checkup(c.step, {k: v for k, v in c.values.items() if i % 2 == 0 or k != "generator/tied"})
        for i, c in enumerate(made.checkups)
    ]
    assert "batch-leakage" in names(diagnose(replace(made, checkups=every)))
    assert "batch-leakage" not in names(diagnose(replace(made, checkups=every[:2])))
