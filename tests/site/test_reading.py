"""How the reading of a queue goes, in words."""

from datetime import timedelta
from typing import Any

import pytest

from telemetry_site import options, reading
from telemetry_site.core.messaging.models import QueueStanding
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

AGO = MOMENT - timedelta(seconds=61)


def settings(**given: str) -> dict[str, Any]:
    named = {"NOTIFICATION_URLS": "amqp://mq", "NOTIFICATION_PRIORITIES": "info", **given}
    return options.read({f"TELEMETRY_{name}": value for name, value in named.items()})


def row(**values: Any) -> QueueStanding:
    named = {"bus": "mq:5672/", "queue": "notifications.info", "state": "consuming"}
    return QueueStanding(**{**named, "seen_at": MOMENT, "began_at": MOMENT, **values})


@pytest.mark.parametrize(
    ("values", "state", "words", "note"),
    [
        ({"durable": True}, "good", "Read", ""),
        ({"durable": None}, "good", "Read", ""),
        ({"durable": False}, "good", "Read", reading.IN_MEMORY),
        (
            {"durable": False, "auto_delete": True},
            "partly",
            "Read; what comes while nobody reads is lost",
            reading.FLEETING_WHY,
        ),
        (
            {"state": "mismatch", "durable": False, "problem": "Why."},
            "partly",
            "Read, but made otherwise",
            f"Why. {reading.IN_MEMORY}",
        ),
        (
            {"state": "waiting", "problem": "It is not there."},
            "busy",
            "Waiting for it to appear",
            "It is not there.",
        ),
        ({"state": "away", "problem": "Refused."}, "bad", "Not read", "Refused."),
        (
            {"seen_at": AGO, "problem": "Old."},
            "bad",
            "Not heard of for a while: is the consumer running?",
            "",
        ),
    ],
)
def test_it_says_how_it_goes(values: dict[str, Any], state: str, words: str, note: str) -> None:
    row(**values).save()
    (line,) = reading.queues(settings(), MOMENT)
    assert (line.standing.state, line.standing.words, line.note) == (state, words, note)


def test_a_queue_that_nobody_has_looked_for_is_there_too() -> None:
    (line,) = reading.queues(settings(), MOMENT)
    assert (line.bus, line.queue, line.row) == ("mq:5672/", "notifications.info", None)
    assert line.standing == reading.UNSEEN


def test_switched_off_it_says_so() -> None:
    row(problem="Old.").save()
    (line,) = reading.queues(settings(NOTIFICATIONS="off"), MOMENT)
    assert (line.standing, line.note) == (reading.OFF, "")


def test_what_the_settings_do_not_name_is_left_out() -> None:
    row(queue="another").save()
    assert [line.queue for line in reading.queues(settings(), MOMENT)] == ["notifications.info"]
    assert reading.queues(settings(NOTIFICATION_URLS=""), MOMENT) == []
