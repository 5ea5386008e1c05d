"""The real python-ceilometerclient asks for events."""

from typing import Any

import pytest
import requests
from ceilometerclient import exc

from tests.ceilometer import Access, pairs, query, table

# It announces its own end at every start.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:ceilometerclient is now deprecated"),
]
CREATED, RESIZED, BACKUP = (  # uuid5 of the source and id of each
    "59724a13-b441-5ddf-91c7-2e9a427d8fcb",
    "7fbfd71d-d87f-5dec-9266-81df74b555e6",
    "2fe0a465-ea2a-5dcc-902f-47e0c62a23cf",
)
VOLUME = {"tenant_id": "admin", "user_id": "root", "volume_id": "v-1"}
TOLD: tuple[tuple[Any, ...], ...] = (
    ("volumes", "1", "volume.create.end", "2026-03-01T12:00:05Z", {**VOLUME, "size": 10}),
    ("volumes", "2", "volume.resize.end", "2026-03-01T13:00:00Z", {**VOLUME, "size": 20}),
    ("cron", "4", "backup.done", "2026-03-01T15:00:00Z", {}),
)


@pytest.fixture
def told(access: Access) -> Access:
    """A server that has been told of three events."""
    names = ("source", "id", "type", "time", "data")
    body = [{"specversion": "1.0", **dict(zip(names, row, strict=True))} for row in TOLD]
    kind = {"Content-Type": "application/cloudevents-batch+json"}
    response = requests.post(
        f"{access.url}/v2/cloudevents",
        json=body,
        headers={"X-Auth-Token": access.token, **kind},
        timeout=10,
    )
    assert response.json()["events"] == 3
    return access


@pytest.fixture
def library(told: Access) -> Any:
    return told.library()


def ids(events: list[Any]) -> list[str]:
    return [event.message_id for event in events]


def test_the_library_lists_and_shows_events(library: Any) -> None:
    assert ids(library.events.list()) == [CREATED, RESIZED, BACKUP]
    assert ids(library.events.list(limit=1)) == [CREATED]
    large = query("size", "10", "gt", "integer") + query("start_timestamp", "2026-03-01", "ge")
    assert ids(library.events.list(q=large)) == [RESIZED]
    shown = library.events.get(RESIZED)
    assert (shown.event_type, shown.generated) == ("volume.resize.end", "2026-03-01T13:00:00")
    assert {"name": "size", "type": "integer", "value": "20"} in shown.traits
    assert shown.raw == {}
    with pytest.raises(exc.HTTPNotFound):
        library.events.get("no-such-event")


def test_the_library_lists_types_and_traits(library: Any) -> None:
    assert [one.event_type for one in library.event_types.list()] == [
        "backup.done", "volume.create.end", "volume.resize.end",
    ]  # fmt: skip
    found = library.trait_descriptions.list("volume.create.end")
    assert ("size", "integer") in [(one.name, one.type) for one in found]
    (size,) = library.traits.list("volume.create.end", "size")
    assert (size.name, size.type, size.value) == ("size", "integer", "10")


def test_the_program_lists_events(told: Access) -> None:
    assert table(told.run("event-list", "--no-traits")) == [
        [CREATED, "volume.create.end", "2026-03-01T12:00:05"],
        [RESIZED, "volume.resize.end", "2026-03-01T13:00:00"],
        [BACKUP, "backup.done", "2026-03-01T15:00:00"],
    ]
    assert [row[0] for row in table(told.run("event-list", "--no-traits", "-l", "2"))] == [
        CREATED, RESIZED,
    ]  # fmt: skip


def test_the_program_prints_the_traits_of_events(told: Access) -> None:
    printed = told.run("event-list", "-q", "event_type=backup.done")
    inner = [[cell for cell in row if cell] for row in table(printed) if "string" in row]
    assert inner == [
        ["project_id", "string", "admin"],
        ["service", "string", "cron"],
        ["source", "string", "cron"],
        ["tenant_id", "string", "admin"],
        ["user_id", "string", "root"],
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("event_type=volume.create.end", [CREATED]),
        (f"message_id={BACKUP}", [BACKUP]),
        ("start_timestamp>=2026-03-01T13:00:00;end_timestamp<=2026-03-01T14:00:00", [RESIZED]),
        ("size>integer::5;size<integer::20", [CREATED]),
        ("size!=integer::10", [RESIZED]),
        ("resource_id=string::v-1", [CREATED, RESIZED]),
        ("resource_id=v-2", []),
    ],
)
def test_the_program_asks_by_type_time_and_traits(
    told: Access, asked: str, found: list[str]
) -> None:
    rows = table(told.run("event-list", "--no-traits", "-q", asked))
    assert [row[0] for row in rows] == found


def test_the_program_shows_an_event(told: Access) -> None:
    shown = pairs(told.run("event-show", BACKUP))
    assert (shown["event_type"], shown["generated"]) == ("backup.done", "2026-03-01T15:00:00")
    assert shown["raw"] == "{}"
    assert '{"name": "project_id", "type": "string", "value":' in shown["traits"]


def test_the_program_lists_types(told: Access) -> None:
    assert table(told.run("event-type-list")) == [
        ["backup.done"], ["volume.create.end"], ["volume.resize.end"],
    ]  # fmt: skip


def test_the_program_lists_traits(told: Access) -> None:
    assert table(told.run("trait-description-list", "-e", "volume.resize.end")) == [
        ["project_id", "string"],
        ["resource_id", "string"],
        ["service", "string"],
        ["size", "integer"],
        ["source", "string"],
        ["tenant_id", "string"],
        ["user_id", "string"],
    ]
    assert table(told.run("trait-list", "-e", "volume.resize.end", "-t", "size")) == [
        ["size", "20", "integer"]
    ]
    assert table(told.run("trait-list", "-e", "volume.resize.end", "-t", "colour")) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("event-show nope", "Event not found: nope"),
        ("event-list -l -1", "the limit should be a positive integer. (HTTP 400)"),
        ("event-list -q event_type!=x", "Only `eq' operator is available for field event_type"),
        ("event-list -q a=boolean::true", "The data type boolean is not supported."),
    ],
)
def test_the_program_prints_our_refusals(
    access: Access, capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    with pytest.raises(SystemExit):
        access.run(*words.split())
    assert sentence in capsys.readouterr().err
