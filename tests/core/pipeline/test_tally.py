"""What went through sources and sinks."""

from datetime import timedelta

import pytest

from telemetry_site.core.pipeline import tally
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.pipeline.tally import Count, Place
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

SINK = Place("samples", "sink", "s")


def minutes() -> tuple[int, int, int, int]:
    """Total, unusable, this minute and the one before."""
    row = PipelineStanding.objects.get()
    return row.total, row.unusable, row.of_minute, row.of_last_minute


def test_minutes_follow_each_other() -> None:
    at = MOMENT + timedelta(seconds=5)
    tally.write({SINK: Count(3, 1)}, at)
    tally.write({SINK: Count(2)}, at + timedelta(seconds=10))
    assert minutes() == (5, 1, 5, 0)
    tally.write({SINK: Count(4)}, at + timedelta(minutes=1))
    assert minutes() == (9, 1, 4, 5)
    tally.write({SINK: Count(1)}, at + timedelta(minutes=5))
    assert minutes() == (10, 1, 1, 0)
