"""Our own numbers, on rows made by hand."""

from datetime import timedelta

import pytest

from pollsters.models import PollJob
from telemetry_site.observation import exposition
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db


def numbers() -> dict[str, float]:
    lines = exposition(MOMENT).decode().splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def job(source: str, due: int, ok: int | None, **named: int | bool) -> None:
    """A row that is due, and last brought samples, so many seconds from the moment."""
    last_ok = None if ok is None else MOMENT + timedelta(seconds=ok)
    next_due = MOMENT + timedelta(seconds=due)
    PollJob.objects.create(source=source, interval=60, next_due=next_due, last_ok=last_ok, **named)


def test_it_says_how_the_sources_are_doing() -> None:
    job("host", due=20, ok=-40)
    job("slow", due=-90, ok=None, failures=2)
    assert numbers() == {
        "telemetry_series": 0,
        'telemetry_poll_age_seconds{source="host"}': 40,
        'telemetry_poll_late_seconds{source="host"}': 0,
        'telemetry_poll_late_seconds{source="slow"}': 90,
        'telemetry_poll_failures{source="host"}': 0,
        'telemetry_poll_failures{source="slow"}': 2,
    }


def test_it_is_silent_about_what_is_switched_off() -> None:
    job("off", due=-90, ok=-90, enabled=False)
    assert numbers() == {"telemetry_series": 0}
