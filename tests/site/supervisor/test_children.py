"""What `up` runs."""

from pathlib import Path

import pytest

from telemetry_site import options
from telemetry_site.supervisor.children import NAMES, STOP_ORDER, commands, idle

URLS = {"TELEMETRY_NOTIFICATION_URLS": "amqp://nova:hidden@mq"}


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, ("consumer",)),
        (URLS, ()),
        ({**URLS, "TELEMETRY_NOTIFICATIONS": "off"}, ("consumer",)),
    ],
)
def test_the_consumer_has_something_to_do_where_there_is_a_bus(
    environ: dict[str, str], found: tuple[str, ...]
) -> None:
    assert idle(options.read(environ)) == found


def test_every_process_has_a_command_and_is_stopped() -> None:
    found = commands(options.read(URLS), Path("/opt"), 3)
    assert tuple(found) == NAMES
    assert set(STOP_ORDER) == set(NAMES)
    assert not any("hidden" in word for command in found.values() for word in command.argv)


def test_the_consumer_is_a_worker_that_takes_no_tasks() -> None:
    words = commands(options.read(URLS), Path("/opt"), 3)["consumer"].argv
    assert "--notifications" in words
    assert words[words.index("-P") + 1] == "threads"
    assert words[words.index("-Q") + 1] == "consumer"
