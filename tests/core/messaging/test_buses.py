"""Which buses and queues are listened to."""

from typing import Any

from telemetry_site import options
from telemetry_site.core.messaging.buses import plan, queues


def read(**given: str) -> dict[str, Any]:
    return options.read({f"TELEMETRY_NOTIFICATION{name}": value for name, value in given.items()})


def test_each_topic_and_priority_has_a_queue() -> None:
    found = queues(("notifications", "metering"), ("info", "error"), "")
    assert [(queue.name, queue.keys) for queue in found] == [
        ("notifications.info", ("notifications.info",)),
        ("notifications.error", ("notifications.error",)),
        ("metering.info", ("metering.info",)),
        ("metering.error", ("metering.error",)),
    ]


def test_a_pool_is_one_queue_that_gets_what_the_others_get() -> None:
    found = queues(("notifications",), ("info", "sample"), "telemetry")
    assert [(queue.name, queue.keys) for queue in found] == [
        ("telemetry", ("notifications.info", "notifications.sample"))
    ]


def test_every_priority_is_read_unless_told_otherwise() -> None:
    found = plan(read(_URLS="amqp://mq"))
    assert {queue.name for queue in found.queues} == {
        f"notifications.{priority}"
        for priority in ("audit", "debug", "info", "warn", "error", "critical", "sample")
    }
    assert (found.declare, found.auto_delete, found.most, found.wait) == ("none", False, 500, 0.2)


def test_a_bus_is_named_without_its_account() -> None:
    found = plan(read(_URLS="amqp://nova:s3cret@mq1/cloud;amqp://nova:s3cret@mq2/cloud, amqps://b"))
    assert [bus.name for bus in found.buses] == ["mq1:5672/cloud;mq2:5672/cloud", "b:5671/"]
    assert "s3cret" not in repr(found)


def test_switched_off_there_is_nothing_to_read() -> None:
    found = plan(read(_URLS="amqp://mq", S="off"))
    assert found.buses == ()
    assert found.pairs() == []
