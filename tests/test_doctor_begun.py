"""What has only begun, was measured a few times, creeps, or goes about: a finding, or none."""

from __future__ import annotations

import math

from test_doctor import FACTS, LIKELY, history, names

from counterplay.doctor import THRESHOLDS, diagnose

MODEL = {name: value for name, value in LIKELY.items() if not name.startswith("chains/")}


def test_latents_that_carry_nothing_yet_are_no_finding():
    """All begin with nothing: it is one when it stays so."""
    closed = {"latents/active": 0.0, "latents/explained": 0.01}
    found = history(closed, base=MODEL, before=0, count=9)
    assert "posterior-collapse" not in names(diagnose(found.upto(700)))
    assert "posterior-collapse" in names(diagnose(found))


def test_a_critic_that_has_only_begun_is_not_too_weak():
    blind = {"critic/auc": 0.3, "samples/distance": 9.0, "samples/coverage": 0.02}
    found = history(blind, before=0, count=9)
    assert "critic-too-weak" not in names(diagnose(found.upto(500)))
    assert "critic-too-weak" in names(diagnose(found))


def test_samples_that_have_only_begun_to_move_do_not_hop():
    moving = {"samples/moved": 0.5, "raw/moved": 0.5, "samples/missing": 0.6, "raw/missing": 0.6}
    found = history({**moving, "samples/coverage": 0.1}, before=0, count=12)
    assert "mode-hopping" not in names(diagnose(found.upto(600)))
    assert "mode-hopping" in names(diagnose(found))


def test_two_looks_do_not_show_that_a_class_is_ignored():
    """Of what one pass does not make there are samples at a look alone."""

    def at_looks(times: int) -> set[str]:
        looks = (8, 12, 16)[-times:]
        heard = {"samples/class_heard": lambda i: 0.0 if i in looks else None}
        heard |= {"samples/class_share": None}
        return names(diagnose(history(heard, before=0, count=21)))

    assert "ignored-condition" not in at_looks(2)
    assert "ignored-condition" in at_looks(3)


def test_a_class_that_is_heard_by_chance_alone_is_told_where_classes_are_hard_to_tell():
    """Its values scatter: their mean says what no single one does."""
    lot = {"samples/class_heard": lambda i: 0.08 + 0.3 * math.sin(2.5 * i), "samples/distance": 2.0}
    heard = {**lot, "samples/class_heard": lambda i: 0.25 + 0.3 * math.sin(2.5 * i)}
    by_chance, told = (names(diagnose(history(x, before=0, count=19))) for x in (lot, heard))
    assert "ignored-condition" in by_chance
    assert "ignored-condition" not in told


def test_a_model_that_creeps_straight_on_is_too_slow_however_large_its_moves_are_beside_it():
    costs = {
        "vae/train": lambda i: 10 + 0.1 * (i % 2),
        "vae/again": lambda i: 10 - 0.1 * (i % 3),
        "vae/scrambled": lambda i: 10 + 0.1 * (i % 3 - 1),
        "vae/moved": lambda i: 0.05 / (i + 1),
        "vae/turn": 0.997,
    }
    tied = FACTS | {"data/scrambled": 0.4}
    creeping = names(diagnose(history(costs, base=MODEL, before=0, count=18, facts=tied)))
    assert "rate-too-low" in creeping
    assert "rate-too-high" not in creeping
    thrown = {**costs, "vae/turn": 0.1}
    stunned = names(diagnose(history(thrown, base=MODEL, before=0, count=18, facts=tied)))
    assert "rate-too-high" in stunned
    assert "rate-too-low" not in stunned
    learnt, loose = {**costs, "vae/scrambled": 12.0}, FACTS | {"data/scrambled": 0.98}
    for values, facts in ((learnt, tied), (costs, loose)):
        fine = history(values, base=MODEL, before=0, count=18, facts=facts)
        assert "rate-too-low" not in names(diagnose(fine))


def test_a_recording_far_too_quiet_was_read_on_the_wrong_scale():
    sound = {"data/span": None, "data/places": 1.5, "data/outliers": 0.04}
    facts = {name: value for name, value in (FACTS | sound).items() if value is not None}
    plain = {name: value for name, value in facts.items() if name != "data/places"}
    loud = facts | {"data/outliers": 0.9}

    def told(of: dict[str, float]) -> bool:
        found = history(base=MODEL)
        return "data-range" in names(diagnose(type(found)(of, found.normal, found.checkups)))

    assert [told(each) for each in (facts, loud, plain)] == [True, False, False]


def test_one_held_out_set_does_not_count_as_many():
    """The mean of five check-ups of the same examples scatters by more than that of new ones."""
    room = THRESHOLDS["deviations"] * 0.02
    just = {"critic/held": 0.5 + 0.55 * room, "critic/r_v": 0.3, "samples/distance": 4.0}
    clear = {**just, "critic/held": 0.5 + 0.8 * room}
    assert "critic-overfitting" not in names(diagnose(history(just, before=0)))
    assert "critic-overfitting" in names(diagnose(history(clear, before=0)))


def test_samples_that_are_all_elsewhere_each_time_hop_though_they_are_nearer_now_and_then():
    """They scatter by more than they come nearer."""
    seen = (12.8, 3.3, 7.8, 2.5, 19.1, 2.8, 5.4, 18.1, 2.3, 6.9, 5.2, 5.5)
    about = {"samples/distance": lambda i: seen[i]}
    about |= {"samples/missing": 0.7, "samples/coverage": 0.05}
    wild, tame = ({**about, "samples/moved": moved} for moved in (0.9, 0.35))
    assert "mode-hopping" in names(diagnose(history(wild, before=0)))
    assert "mode-hopping" not in names(diagnose(history(tame, before=0)))
    arriving = {**wild, "samples/distance": lambda i: 6.0 * 0.9**i}
    assert "mode-hopping" not in names(diagnose(history(arriving, before=0)))


def test_samples_that_go_far_about_for_long_hop_though_they_reach_half_of_the_data():
    far = {"samples/moved": 0.4, "samples/coverage": 0.42, "samples/distance": 1.4}
    for other, hops in (
        ({}, True),
        ({"samples/coverage": 0.5}, False),
        ({"samples/moved": 0.2}, False),
    ):
        found = names(diagnose(history({**far, **other}, before=0, count=22)))
        assert ("mode-hopping" in found) is hops


def test_samples_that_go_far_about_for_long_hop_though_they_come_nearer():
    coming = {"samples/distance": lambda i: 9.0 * 0.95**i, "samples/coverage": 0.1}
    for moved, count, hops in ((0.3, 20, True), (0.2, 20, False), (0.3, 15, False)):
        found = history({**coming, "samples/moved": moved}, before=0, count=count)
        assert ("mode-hopping" in names(diagnose(found))) is hops


def test_samples_of_averaged_networks_that_stay_hop_where_the_networks_themselves_go_far_about():
    still = {"samples/moved": 0.14, "samples/coverage": 0.25, "samples/distance": 2.0}
    coming = {"samples/distance": lambda i: 9.0 * 0.95**i}
    for other, hops in (
        ({"raw/moved": 0.35}, True),
        ({"raw/moved": 0.2}, False),
        ({"raw/moved": 0.35, "samples/coverage": 0.5}, False),
        ({"raw/moved": 0.35, **coming}, False),
        ({"raw/moved": 0.55, **coming}, True),  # nearly all of them are elsewhere each time
    ):
        found = history({**still, **other}, before=0, count=22)
        assert ("mode-hopping" in names(diagnose(found))) is hops
        assert "mode-hopping" not in names(diagnose(found.upto(1500)))


def test_samples_that_reach_next_to_nothing_and_go_about_for_long_hop_though_they_come_nearer():
    coming = {"samples/distance": lambda i: 9.0 * 0.95**i, "samples/coverage": 0.03}
    about = {**coming, "samples/moved": 0.17, "raw/moved": 0.25}
    for other, hops in (
        ({}, True),
        ({"raw/moved": 0.15}, False),
        ({"samples/moved": 0.13}, False),
        ({"samples/coverage": 0.1}, False),
    ):
        found = history({**about, **other}, before=0, count=22)
        assert ("mode-hopping" in names(diagnose(found))) is hops
        assert "mode-hopping" not in names(diagnose(found.upto(1500)))


def test_samples_that_come_nearer_and_reach_less_and_less_hop():
    about = {"samples/distance": lambda i: 9.0 * 0.95**i, "raw/moved": 0.35}
    for reached, hops in ((lambda i: 0.3 * 0.96**i, True), (0.25, False)):
        found = history({**about, "samples/coverage": reached}, before=0, count=24)
        assert ("mode-hopping" in names(diagnose(found))) is hops


def test_samples_that_went_far_away_and_are_nearer_each_time_do_not_hop():
    wild = {"samples/moved": 0.9, "samples/missing": 0.7, "samples/coverage": 0.05}
    seen = (3.9, 5.0, 12.2, 9.0, 7.5, 6.6, 5.7, 4.9, 4.0, 3.3)
    for there, hops in ((seen, False), ((*seen[:5], 9.9, 5.7, 8.9, 7.0, 8.3), True)):
        coming = {**wild, "samples/distance": lambda i, there=there: there[i]}
        assert ("mode-hopping" in names(diagnose(history(coming, before=0, count=10)))) is hops


def test_before_samples_that_are_nowhere_a_critic_that_sees_little_is_blind():
    nowhere = {"critic/auc": 0.65, "samples/distance": 4.5, "samples/coverage": 0.0}
    nowhere |= {"samples/precision": 0.0, "generator/slope": 5.0}
    sees, among = {"critic/auc": 0.8}, {"samples/precision": 0.2}
    for other, blind in (({}, True), (sees, False), (among, False)):
        found = names(diagnose(history({**nowhere, **other}, before=0, count=21)))
        assert ("critic-too-weak" in found) is blind
