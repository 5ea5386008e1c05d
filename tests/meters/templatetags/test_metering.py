"""How the pages write numbers and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from meters.templatetags.metering import ago, moment, quantity, query, softly

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_it_keeps_the_exact_number_beside_the_readable_one() -> None:
    expected = '<data value="1536" title="1536 B">1.5 KiB</data>'
    assert quantity(1536.0, "B") == expected


def test_it_escapes_units() -> None:
    assert "<b>" not in quantity(1.0, "<b>")


def test_it_shows_nothing_as_a_dash() -> None:
    assert (quantity(None, "B"), moment(None), ago(None, NOW)) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (1, "now"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7200, "2 h ago"),
        (86400, "1 day ago"),
        (5 * 86400, "5 days ago"),
        (-120, "in 2 min"),
    ],
)
def test_it_says_times_in_words(seconds: int, words: str) -> None:
    assert f">{words}</time>" in ago(NOW - timedelta(seconds=seconds), NOW)


def test_it_tells_the_exact_time_in_utc() -> None:
    there = timezone(timedelta(hours=2))
    found = ago(datetime(2026, 3, 1, 13, 0, 0, 250_000, tzinfo=there), NOW)
    assert 'datetime="2026-03-01T11:00:00.250000+00:00"' in found
    assert 'title="2026-03-01 11:00:00.250 UTC"' in found


@pytest.mark.parametrize(
    ("second", "text"), [(0, ">2026-03-01 12:00<"), (7, ">2026-03-01 12:00:07<")]
)
def test_it_writes_seconds_where_there_are_some(second: int, text: str) -> None:
    assert text in moment(NOW.replace(second=second))


def test_it_lets_long_names_break_behind_their_marks() -> None:
    assert softly("disk.read..<b>/x") == "disk.<wbr>read..<wbr>&lt;b&gt;/<wbr>x"


def test_it_leaves_empty_parameters_out_of_a_url() -> None:
    assert query({"a": "x y", "b": "", "c": None, "d": 0}) == "?a=x+y&d=0"


def test_it_changes_some_parameters_of_the_page_and_forgets_its_number() -> None:
    request = RequestFactory().get("/?group=user&page=3&range=1h")
    template = Template("{% load metering %}{% with_params range='7d' group='' %}")
    assert template.render(Context({"request": request})) == "?range=7d"
