"""The table of periodic work."""

import pytest

from telemetry_site.celery import app
from telemetry_site.schedule import QUEUES, TICKS, Tick, beat


@pytest.mark.parametrize("tick", TICKS, ids=lambda tick: tick.task)
def test_every_tick_has_its_task_and_queue(tick: Tick) -> None:
    app.loader.import_default_modules()
    assert tick.task in app.tasks
    assert app.amqp.router.route({}, tick.task)["queue"].name in QUEUES


def test_no_message_reaches_two_queues() -> None:
    queues = app.amqp.queues.values()
    assert len({(queue.exchange.name, queue.routing_key) for queue in queues}) == len(QUEUES)


def test_what_nobody_took_in_time_is_thrown_away() -> None:
    assert beat()["poll what is due"] == {
        "task": "pollsters.tasks.tick",
        "schedule": 2.0,
        "options": {"expires": 10.0},
    }
    assert all(tick.expires >= tick.every for tick in TICKS)
