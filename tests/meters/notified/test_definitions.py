"""Every rule of meter definitions, with values worked out by hand."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters.ingest import EXISTENCE, SHIPPED
from meters.notified.definition import Definition
from meters.notified.definitions import Definitions
from meters.notified.drafts import Made, Terms, Unusable
from meters.notified.loading import load
from telemetry_site.core.definitions.matches import BadPath
from telemetry_site.core.messaging.notification import Notification
from tests.notifications import notification

TERMS = Terms(keys=frozenset({"team"}))
BASE = {
    "name": "thing.size",
    "type": "gauge",
    "event_type": "thing.made",
    "unit": "B/s",
    "volume": "payload.size",
    "resource_id": "payload.id",
}
PAYLOAD = {"id": "r-1", "size": 5}


def made(said: Notification, *given: Mapping[str, Any], **options: Any) -> Made:
    """What definitions, each the base with changes, make of it."""
    definitions = [
        Definition({**BASE, **one}, f"line {number}", **options)
        for number, one in enumerate(given or [{}], 1)
    ]
    return Definitions(definitions, TERMS).made_of(said)


def thing(**payload: Any) -> Notification:
    return notification(payload=PAYLOAD | payload)


def test_a_sample_has_what_the_definition_says() -> None:
    found = made(thing())
    (sample,) = found.samples
    assert (sample.meter, sample.type, sample.unit, sample.volume) == (
        "thing.size", "gauge", "B/s", 5.0,
    )  # fmt: skip
    assert (sample.resource, sample.project, sample.user) == ("r-1", None, None)
    assert (sample.source, sample.timestamp) == (
        "openstack",
        datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    )
    assert json.loads(sample.metadata) == {
        "id": "r-1", "size": 5, "event_type": "thing.made", "host": "service.host-1",
    }  # fmt: skip
    assert found.places == ["line 1"]


def test_ids_are_the_same_however_often_it_comes() -> None:
    first, again = made(thing()), made(thing())
    assert [one.message_id for one in first.samples] == [one.message_id for one in again.samples]
    several = made(thing(), {}, {"name": "other"}, {"name": "$.payload.id"})
    assert len({one.message_id for one in several.samples}) == 3


@pytest.mark.parametrize(
    ("event_type", "of", "fits"),
    [
        ("thing.made", "thing.made", True),
        ("thing.made", "thing.made.end", True),
        ("thing.made", "a.thing.made", False),
        ("thing.*", "thing", True),
        ("thing*", "thing.made", True),
        (["a", "thing.(?!un)"], "thing.made", True),
        (["a", "thing.(?!un)"], "thing.unmade", False),
        ("*", "anything", True),
        ("*.made", "thing.made", True),
    ],
)
def test_event_types_are_bound_to_the_beginning(event_type: Any, of: str, fits: bool) -> None:
    said = notification(of, PAYLOAD)
    assert len(made(said, {"event_type": event_type}).samples) == fits


@pytest.mark.parametrize(
    ("changes", "owners", "project", "user"),
    [
        ({}, False, None, None),
        ({}, True, "context-project", "context-user"),
        ({"project_id": "payload.p", "user_id": "payload.u"}, True, "p", "context-user"),
        ({"project_id": "payload.none"}, True, "context-project", "context-user"),
        ({"user_id": "_context_user"}, False, None, "context-user"),
    ],
)
def test_owners(changes: dict[str, Any], owners: bool, project: Any, user: Any) -> None:
    (sample,) = made(thing(p="p", u=None), changes, owners=owners).samples
    assert (sample.project, sample.user) == (project, user)


@pytest.mark.parametrize(
    ("payload", "why"),
    [({"size": None}, "volume"), ({"id": None}, "resource"), ({"id": ""}, "resource")],
)
def test_what_lacks_a_volume_or_resource_is_left_out(payload: dict[str, Any], why: str) -> None:
    found = made(thing(**payload), {}, {"name": "fixed", "volume": 1, "resource_id": "payload.x"})
    assert (found.samples, len(found.dropped)) == ([], 2)
    assert why in found.dropped[0].why


@pytest.mark.parametrize(
    ("size", "volume"), [("7.5", 7.5), (0, 0.0), (True, 1.0), (2**60, 2.0**60)]
)
def test_volumes_are_numbers(size: Any, volume: float) -> None:
    assert made(thing(size=size)).samples[0].volume == volume


@pytest.mark.parametrize(
    ("payload", "changes", "why"),
    [
        ({"size": "much"}, {}, "its volume is no number but 'much'"),
        ({"size": [1]}, {}, "its volume is no number"),
        ({"size": 1e101}, {}, "is not between"),
        ({"id": {"a": 1}}, {}, "its resource is no text"),
        ({"id": "x" * 256}, {}, "its resource is longer than 255 characters"),
        ({"when": "soon"}, {"timestamp": "payload.when"}, "'soon' is no time"),
        ({"when": "1969-01-01"}, {"timestamp": "payload.when"}, "before 1970"),
        ({"kind": "odd"}, {"type": "payload.kind", "lookup": "type"}, "its type is none of"),
    ],
)
def test_what_can_be_no_sample_says_why(
    payload: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Unusable, match="line 1") as caught:
        made(thing(**payload), changes)
    assert why in str(caught.value)


def test_times_may_come_from_the_payload() -> None:
    (sample,) = made(thing(when="2026-01-02T03:04:05+02:00"), {"timestamp": "payload.when"}).samples
    assert sample.timestamp == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)


def test_metadata_that_are_given_stand_alone_without_what_is_false() -> None:
    given = {"a": "payload.size", "b": "payload.zero", "c": "payload.none", "d": "payload.id"}
    (sample,) = made(thing(zero=0), {"metadata": given}).samples
    assert json.loads(sample.metadata) == {"a": 5, "d": "r-1"}
    (sample,) = made(thing(zero=0), {"metadata": {"b": "payload.zero"}}).samples
    assert json.loads(sample.metadata)["host"] == "service.host-1"


def test_metadata_of_users_are_chosen_by_their_names() -> None:
    mine = {"metering.a.b": "x" * 300, "team": "t", "other": "o", "metering.id": "no"}
    changes = {"user_metadata": "payload.mine", "metadata": {"id": "payload.id"}}
    (sample,) = made(thing(mine=mine), changes).samples
    assert json.loads(sample.metadata) == {
        "id": "r-1", "user_metadata": {"a_b": "x" * 256, "team": "t"},
    }  # fmt: skip


LOOKUP = {
    "name": "payload.list[*].name",
    "unit": "payload.list[*].unit",
    "volume": "payload.list[*].value",
    "lookup": ["name", "unit", "volume"],
}


def listed(*rows: tuple[Any, ...], **more: Any) -> Notification:
    names = ("name", "unit", "value")
    return thing(list=[dict(zip(names, row, strict=False)) for row in rows], **more)


def test_what_is_looked_up_makes_many() -> None:
    found = made(listed(("a", "B", 1), ("b", "s", 2), ("a", "B", None)), LOOKUP)
    assert [(s.meter, s.unit, s.volume, s.resource) for s in found.samples] == [
        ("a", "B", 1, "r-1"), ("b", "s", 2, "r-1"),
    ]  # fmt: skip
    assert len(found.dropped) == 1
    assert made(listed(), LOOKUP) == Made([], [], [])


def test_numbers_that_do_not_go_together_make_none() -> None:
    for rows in ([("a", "B", 1), ("b", "s")], [("a", "B"), ("b", "s")]):
        with pytest.raises(Unusable, match="2 names"):
            made(listed(*rows), LOOKUP)


def test_one_value_goes_with_all_names_unless_it_is_looked_up() -> None:
    changes = {**LOOKUP, "lookup": "name", "volume": "payload.size", "unit": "B"}
    found = made(listed(("a",), ("b",)), changes)
    assert [(s.meter, s.volume, s.unit) for s in found.samples] == [("a", 5, "B"), ("b", 5, "B")]
    with pytest.raises(Unusable):
        made(listed(("a",), ("b",)), {**changes, "lookup": ["name", "volume"]})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"volume": 0}, "it needs volume"),
        ({"unit": ""}, "it needs unit"),
        ({"type": "odd"}, "its type must be one of"),
        ({"volume": "a b"}, "volume: a b cannot be read as a path"),
        ({"event_type": 5}, "event_type is a text"),
        ({"lookup": ["colour"]}, "colour"),
        ({"metadata": []}, "metadata is an object"),
        ({"metadata": {"a": "a b"}}, "metadata: "),
        ({"user_metadata": "a b"}, "user_metadata: "),
        (
            {
                "lookup": "name",
                "volume": {"fields": ["payload.a", "payload.b"], "plugin": "timedelta"},
            },
            "makes one value",
        ),
    ],
)
def test_bad_definitions_say_why(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BadPath) as caught:
        Definition({**BASE, **changes}, "line 1")
    assert why in str(caught.value)


def entry(name: str, unit: str) -> str:
    base = "type: gauge, event_type: a, volume: payload.v, resource_id: payload.r"
    return f"  - {{name: {name}, unit: {unit}, {base}}}\n"


def test_the_last_of_a_file_and_the_first_of_several_count(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.yaml", tmp_path / "folder"
    theirs.mkdir()
    mine.write_text("metric:\n" + entry("a", "first") + entry("a", "last") + "  - {name: bad}\n")
    (theirs / "1.yaml").write_text("metric:\n" + entry("a", "late") + entry("b", "b1"))
    (theirs / "2.yaml").write_text("metric:\n" + entry("b", "b2") + entry("c", "c"))
    (theirs / "3.yaml").write_text("metric: [")
    loaded = load([mine, theirs])
    said = notification("a", {"v": 1, "r": "r"})
    found = Definitions(loaded.definitions, TERMS).made_of(said)
    assert sorted((s.meter, s.unit) for s in found.samples) == [
        ("a", "last"),
        ("b", "b1"),
        ("c", "c"),
    ]
    assert [(Path(f.file).name, f.line) for f in loaded.faults] == [("mine.yaml", 4), ("3.yaml", 1)]


def test_what_is_shipped_can_be_used() -> None:
    loaded = load([SHIPPED, EXISTENCE])
    assert loaded.faults == []
    assert len(loaded.definitions) > 85


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["metrics", "name", "value", "id", "size", "x"]), inner)
    ),
    max_leaves=20,
)
SHIPPED_ALL = Definitions(load([SHIPPED, EXISTENCE]).definitions, TERMS, existence=True)
TYPES = st.sampled_from(
    [
        "volume.exists", "magnum.bay.metrics.update", "objectstore.http.request", "image.upload",
        "compute.metrics.update", "compute.instance.exists", "identity.authenticate",
        "http.request", "telemetry.polling", "hardware.ipmi.metrics.update", "network.create.end",
        "profiler.x",
    ]
)  # fmt: skip


@given(TYPES, JSON)
def test_any_payload_makes_samples_or_says_why_not(event_type: str, payload: Any) -> None:
    try:
        found = SHIPPED_ALL.made_of(notification(event_type, payload))
    except Unusable:
        return
    for sample in found.samples:
        assert sample.volume is not None
        assert sample.resource
