"""The commands that try definitions: convert, check_definitions, send_notification, rejected."""

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.models import StoredEvent
from meters.models import StoredSample
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.ingest import ingest

PAYLOAD = {"volume_id": "v-1", "size": 5, "tenant_id": "p", "user_id": "u"}
SAID = {
    "message_id": "0b8a9a4c-5f0e-4f0e-9a52-6a3cf1e0a111",
    "publisher_id": "volume.host-1",
    "event_type": "volume.exists",
    "priority": "INFO",
    "payload": PAYLOAD,
    "timestamp": "2026-03-04 05:06:07",
}


def ran(*words: str, code: int = 0) -> tuple[str, str]:
    """What the command writes; it has to end with this code."""
    out, err = StringIO(), StringIO()
    ended = 0
    try:
        call_command(*words, stdout=out, stderr=err)
    except SystemExit as error:
        ended = int(error.code or 0)
    assert ended == code, (out.getvalue(), err.getvalue())
    return out.getvalue(), err.getvalue()


def written(folder: Path, content: Any, name: str = "said.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def envelope(said: Any) -> dict[str, str]:
    return {"oslo.version": "2.0", "oslo.message": json.dumps(said)}


LISTS: Sequence[Any] = (
    [SAID, SAID],
    [envelope(SAID), SAID],
    json.dumps(SAID) + "\n" + json.dumps(envelope(SAID)) + "\n",
)


def test_convert_shows_what_is_made_and_by_what(tmp_path: Path) -> None:
    out, _ = ran("convert", "--format", "json", written(tmp_path, SAID))
    found = json.loads(out)
    (sample,) = found["samples"]
    assert sample.pop("definition").startswith("current.yaml, line ")
    assert sample == {
        "name": "volume.size",
        "type": "gauge",
        "unit": "GiB",
        "volume": 5.0,
        "resource_id": "v-1",
        "project_id": "p",
        "user_id": "u",
        "timestamp": "2026-03-04T05:06:07+00:00",
        "metadata": PAYLOAD | {"event_type": "volume.exists", "host": "volume.host-1"},
    }
    event = found["event"]
    assert (event["event_type"], event["generated"]) == ("volume.exists", "2026-03-04T05:06:07")
    assert {"name": "size", "type": "integer", "value": 5} in event["traits"]
    assert event["definition"].startswith("event_definitions.yaml, line ")
    text, _ = ran("convert", written(tmp_path, SAID))
    assert "sample volume.size = 5 GiB (gauge) of v-1" in text
    assert "size (integer) = 5" in text


@pytest.mark.parametrize("content", LISTS)
def test_convert_reads_several(tmp_path: Path, content: Any) -> None:
    out, _ = ran("convert", "--format", "json", written(tmp_path, content))
    assert [len(json.loads(line)["samples"]) for line in out.splitlines()] == [1, 1]


def test_convert_tells_faults(tmp_path: Path) -> None:
    out, _ = ran("convert", written(tmp_path, {"a": 1}), code=1)
    assert "no message_id" in out
    bad = SAID | {"payload": PAYLOAD | {"size": "much"}}
    out, _ = ran("convert", "--format", "json", written(tmp_path, bad), code=1)
    assert ["No samples" in f or "No event" in f for f in json.loads(out)["faults"]] == [True] * 2
    gone = SAID | {"payload": {"volume_id": "v-1"}}
    out, _ = ran("convert", written(tmp_path, gone))
    assert "no sample volume.size: it has no volume" in out
    with pytest.raises(CommandError, match="cannot be read"):
        ran("convert", str(tmp_path / "none.json"))


def test_check_definitions_names_file_line_and_reason(tmp_path: Path) -> None:
    assert "All definitions can be used." in ran("check_definitions")[0]
    bad = """
metric:
  - {name: a, type: gauge, unit: B, event_type: a, volume: 1, resource_id: payload.id}
  - {name: b, type: gauge, unit: B, event_type: a, volume: payload.a b, resource_id: payload.id}
  - {name: c, type: gauge}
"""
    _, err = ran("check_definitions", "--meters", written(tmp_path, bad, "m.yaml"), code=1)
    assert "m.yaml, line 4: volume: payload.a b cannot be read as a path" in err
    assert "m.yaml, line 5: it needs event_type and unit and volume and resource_id." in err
    bad = "- event_type: a\n- event_type: b\n  traits:\n    size: {fields: payload.x, type: odd}\n"
    _, err = ran("check_definitions", "--events", written(tmp_path, bad, "e.yaml"), code=1)
    assert "e.yaml, line 1: it needs event_type and traits." in err
    assert "e.yaml, line 2: size: its type 'odd' is none of text, none, int, float, datet" in err
    _, err = ran("check_definitions", "--events", written(tmp_path, "a: [", "y.yaml"), code=1)
    assert "y.yaml, line 1" in err
    _, err = ran("check_definitions", "--polling", written(tmp_path, "a: 1", "p.yaml"), code=1)
    assert "p.yaml" in err


@pytest.mark.django_db(transaction=True)
def test_send_notification_takes_in_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, [SAID, envelope({**SAID, "message_id": "other"})])
    assert ran("send_notification", "--direct", file)[0] == (
        "2 taken in, 0 known before, 0 rejected.\n"
    )
    assert ran("send_notification", "--direct", file)[0] == (
        "0 taken in, 2 known before, 0 rejected.\n"
    )
    assert (StoredSample.objects.count(), StoredEvent.objects.count()) == (2, 2)
    bare = {key: SAID[key] for key in ("event_type", "payload", "publisher_id")}
    assert "1 taken in" in ran("send_notification", "--direct", written(tmp_path, bare))[0]


def test_send_notification_says_what_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, SAID)
    with pytest.raises(CommandError, match="Say where to"):
        ran("send_notification", file)
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:1/ does not take it"):
        ran("send_notification", "--url", "amqp://a:secret@127.0.0.1:1/", file)
    with pytest.raises(CommandError, match="no notification"):
        ran("send_notification", written(tmp_path, {"payload": 1}))


@pytest.mark.django_db(transaction=True)
def test_rejected_lists_replays_and_drops() -> None:
    ingest([Delivery(b"{", "notifications.info"), Delivery(b"[]", "notifications.error")])
    first, second = RejectedMessage.objects.order_by("pk")
    lines = ran("rejected", "list")[0].splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(first.pk), str(second.pk)]
    assert lines[1].split("\t")[2:4] == ["notifications.error", "decoding"]
    with pytest.raises(CommandError, match="Say which"):
        ran("rejected", "replay")
    first.body = json.dumps(SAID).encode()
    first.size = len(first.body)
    first.save()
    out, err = ran("rejected", "replay", "--all", code=1)
    assert out == "1 taken in, 1 still rejected.\n"
    assert err.startswith(f"{second.pk}: It is no JSON object")
    assert StoredSample.objects.count() == 1
    assert ran("rejected", "drop", "--queue", "notifications.error")[0] == "1 dropped.\n"
    assert ran("rejected", "list")[0] == ""
