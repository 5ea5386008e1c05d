"""How lines are cut and shown."""

import json

from telemetry_site.supervisor.lines import LineBuffer, form_of
from tests.factories import MOMENT

NAMES = ("web", "worker", "beat")


def test_it_shows_the_name_before_each_line() -> None:
    assert form_of("text", NAMES, colour=False)("beat", "tick", MOMENT) == "beat   | tick"


def test_it_colours_for_a_terminal() -> None:
    assert form_of("text", NAMES, colour=True)("web", "x", MOMENT) == "\x1b[36mweb    |\x1b[0m x"


def test_it_writes_json_for_programs_even_on_a_terminal() -> None:
    line = form_of("json", NAMES, colour=True)("web", 'a "b"', MOMENT)
    assert json.loads(line) == {
        "time": "2026-03-01T12:00:00+00:00",
        "process": "web",
        "line": 'a "b"',
    }


def test_it_keeps_half_a_line_for_later() -> None:
    lines = LineBuffer()
    assert lines.feed(b"one\ntw") == ["one"]
    assert lines.feed(b"o\r\n") == ["two"]
    assert lines.rest() == []


def test_it_gives_what_never_ended() -> None:
    lines = LineBuffer()
    lines.feed(b"cut")
    assert lines.rest() == ["cut"]


def test_it_cuts_a_line_without_end() -> None:
    lines = LineBuffer()
    assert [len(line) for line in lines.feed(b"x" * 70_000)] == [70_000]


def test_it_shows_what_is_no_text() -> None:
    assert LineBuffer().feed(b"\xff\n") == ["\N{REPLACEMENT CHARACTER}"]
