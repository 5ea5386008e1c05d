"""What every view of the API does with its request and its answer."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from meters.api.views import MeterView
from tests.callers import ADMIN
from tests.meters.posted.entries import body, entry


@pytest.fixture
def _no_garbage_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_garbage_collector")
def test_nothing_large_waits_for_the_garbage_collector(settings: LazySettings) -> None:
    """A server that posts megabytes a second would soon hold gigabytes of them."""
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}
    posted = body(*[entry()] * 10)
    request = RequestFactory().post(
        "/v2/meters/ap", posted, content_type="application/json", headers=ADMIN
    )
    response = MeterView.as_view()(request, name="ap")
    assert response.status_code == 201
    answered = ref(response)
    del response
    assert answered() is None
    assert posted not in vars(request).values()
