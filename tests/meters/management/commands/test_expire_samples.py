"""manage.py expire_samples, as it is typed."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from meters.models import StoredSample
from meters.pipelines import publish
from tests.commands import printed
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_a_time_to_live_nothing_goes() -> None:
    publish([make_sample()])
    assert printed("expire_samples").startswith("Everything is kept for ever")
    assert StoredSample.objects.count() == 1


def test_it_says_what_would_go_and_takes_it(settings: LazySettings) -> None:
    """March 2026 is long over."""
    settings.TELEMETRY = {**settings.TELEMETRY, "SAMPLE_TTL": timedelta(days=2)}
    publish([make_sample(), make_sample(timestamp=MOMENT.replace(year=1999))])
    would, did = printed("expire_samples", "--dry-run"), printed("expire_samples")
    assert would.replace("would go", "went") == did.splitlines(keepends=True)[0]
    assert did.startswith("sample: ")
    assert did.endswith("series: 0 went\nmetadata: 1 went\n")
    assert StoredSample.objects.count() == 0
