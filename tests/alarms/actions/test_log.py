"""Actions that stay here."""

import logging

import pytest

from alarms.actions import memory
from alarms.actions.log import Log
from alarms.actions.memory import Memory
from tests.alarms.calls import BODY, make_call, options


def test_it_is_one_line_that_says_all(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        Log(options()).run(make_call("log://"))
    (record,) = caplog.records
    assert record.getMessage() == (
        "Alarm too hot (a-1) of critical severity: from ok to alarm, action log://, because "
        f"{BODY['reason']}"
    )


def test_it_is_one_line_whatever_the_name(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        call = make_call("log://u:s3cret@h?s3cret", alarm_name="a\nERROR b\x1b[2J", reason="c\r\nd")
        Log(options()).run(call)
    assert "Alarm a ERROR b [2J (a-1)" in caplog.text
    assert "because c d" in caplog.text
    assert "s3cret" not in caplog.text


def test_calls_are_kept_for_tests() -> None:
    call = make_call("test://here")
    Memory(options()).run(call)
    assert memory.kept("test://here") == [call]
    memory.forget()
    assert memory.kept("test://here") == []
