"""Samples that are sent on between services, signed."""

from typing import Any

import pytest

from meters.notified.definitions import Definitions
from meters.notified.drafts import Terms, Unusable
from meters.publishers.documents import message
from meters.samples import Sample
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.core.publishers.signing import OLDER, signed
from tests.factories import make_sample
from tests.notifications import notification

SECRET = "secret"


def made_of(payload: Any, event_type: str = "metering", secret: str = SECRET) -> list[Sample]:
    """The samples of such a notification."""
    said: Notification = notification(event_type, payload)
    terms = Terms("openstack", "metering.", frozenset())
    return list(Definitions([], terms, secret=secret).made_of(said).samples)


def test_signed_samples_are_what_they_were() -> None:
    one = make_sample(1.5, metadata={"a": {"b": [1, "x"]}})
    other = make_sample(2, meter="disk", user=None)
    payload = [signed(message(one), SECRET), signed(message(other), SECRET, OLDER)]
    assert made_of(payload) == [one, other]
    assert made_of(payload[:1], "metering.cpu_util") == [one]


@pytest.mark.parametrize("secret", ["", "other"])
def test_a_wrong_signature_is_refused(secret: str) -> None:
    payload = [signed(message(make_sample()), secret), signed(message(make_sample()), SECRET)]
    with pytest.raises(Unusable, match="1 of its 2 messages are not signed with TELEMETRY_SIGNING"):
        made_of(payload)


def test_without_a_secret_nothing_is_checked() -> None:
    assert len(made_of([message(make_sample())], secret="")) == 1


@pytest.mark.parametrize("payload", [{}, None, [1], "x"])
def test_what_is_no_list_of_messages(payload: Any) -> None:
    with pytest.raises(Unusable, match="list of objects"):
        made_of(payload)
