"""A person sees how far it is: a live line on a terminal, plain lines elsewhere, once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from counterplay.run import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def drive(stream, clock, rank=0, seconds=10.0):
    progress = Progress(1000, start=200, rank=rank, stream=stream, seconds=seconds, clock=clock)
    with progress:
        for step in range(201, 601):
            clock.now += 0.125
            values = {"critic/adversarial": 1.38629} if step % 50 == 0 else None
            progress.update(step, 3104.4, values, Path("run/samples/00000400.png"))
    return progress


def test_plain_lines_come_each_ten_seconds_and_at_the_end():
    stream = io.StringIO()
    drive(stream, Clock())
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert lines[-1] == (
        "step 600 of 1,000 (60%) · 3,104 images/s · 50 s left · critic/adversarial 1.386 · "
        "run/samples/00000400.png"
    )
    assert "\x1b" not in stream.getvalue()


def test_time_left_counts_from_where_it_was_resumed():
    clock = Clock()
    progress = Progress(1000, start=900, stream=io.StringIO(), clock=clock)
    assert progress.left() is None
    clock.now = 30.0
    progress.update(910)
    assert progress.left() == pytest.approx(270)


def test_on_a_terminal_one_line_stays_in_place_and_has_everything():
    stream = Terminal()
    drive(stream, Clock())
    shown = stream.getvalue()
    assert "\x1b[" in shown
    for part in ("600/1,000", "3,104 images/s", "left", "critic/adversarial 1.386", "00000400.png"):
        assert part in shown


def test_what_is_said_stays_above():
    for stream in (io.StringIO(), Terminal()):
        with Progress(10, stream=stream, clock=Clock()) as progress:
            progress.say("tracker [bold] failed and is dropped")
        assert "tracker [bold] failed and is dropped" in stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["plain", "terminal"])
def test_other_ranks_are_silent(stream):
    drive(stream, Clock(), rank=1).say("nobody hears")
    assert stream.getvalue() == ""
