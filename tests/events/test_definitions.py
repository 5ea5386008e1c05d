"""Every rule of event definitions, with values worked out by hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.definitions import Definition, Definitions, Unusable, load
from events.ingest import SHIPPED
from events.records import Event, Trait
from telemetry_site.core.definitions.matches import BadPath
from tests.notifications import notification

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SAID_AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def event(payload: Any = None, *given: dict[str, Any], **options: Any) -> Event | None:
    """What definitions make of a notification of thing.made; the first that fits counts."""
    definitions = [Definition(one, f"line {n}") for n, one in enumerate(given, 1)]
    said = notification(payload=payload, **options.pop("said", {}))
    return Definitions(definitions, **options).event(said, NOW)


def traits(payload: Any, **named: Any) -> dict[str, Any]:
    """The traits of those names that a definition of them finds."""
    found = event(payload, {"event_type": "thing.made", "traits": named})
    assert found is not None
    return {one.name: (one.type, one.value) for one in found.traits if one.name in named}


def test_every_event_has_its_default_traits() -> None:
    said = {"_context_request_id": "req-1", "_context_project_id": "cp", "_context_user_id": "cu"}
    found = event({"tenant_id": "t"}, said=said)
    assert found is not None
    assert (found.event_type, found.generated, found.raw) == ("thing.made", SAID_AT, {})
    assert set(found.traits) == {
        Trait("service", "string", "service.host-1"),
        Trait("request_id", "string", "req-1"),
        Trait("project_id", "string", "t"),
        Trait("tenant_id", "string", "t"),
        Trait("user_id", "string", "cu"),
    }


def test_a_default_is_replaced_whole() -> None:
    assert traits({"tenant_id": "t"}, project_id="payload.owner") == {}
    assert traits({"owner": "o"}, project_id="payload.owner") == {"project_id": ("string", "o")}


MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "value", "found"),
    [
        ("text", "x" * 300, ("string", "x" * 255)),
        ("text", True, ("string", "True")),
        ("text", 8, ("string", "8")),
        ("text", {"a": [1, None]}, ("string", "{'a': [1, None]}")),
        ("text", "", ("string", "")),
        ("none", 5, ("string", "5")),
        ("int", "8", ("integer", 8)),
        ("int", 8.9, ("integer", 8)),
        ("int", "", None),
        ("int", None, None),
        ("float", "1e3", ("float", 1000.0)),
        ("float", "", None),
        ("datetime", "2026-01-02 03:04:05", ("datetime", MOMENT)),
        ("datetime", "2026-01-02T04:04:05+01:00", ("datetime", MOMENT)),
        ("datetime", "", None),
    ],
)
def test_values_become_their_types(word: str, value: Any, found: Any) -> None:
    expected = {} if found is None else {"x": found}
    assert traits({"v": value}, x={"fields": "payload.v", "type": word}) == expected


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("int", "8.5"), ("int", "x"), ("int", [1]), ("int", 1e300), ("float", "x"),
        ("float", "nan"), ("float", "inf"), ("datetime", "soon"), ("datetime", 5),
    ],
)  # fmt: skip
def test_what_cannot_become_its_type_is_told(word: str, value: Any) -> None:
    with pytest.raises(Unusable, match=r"line 1: .* cannot be the \w+ x"):
        traits({"v": value}, x={"fields": "payload.v", "type": word})


def test_fields_may_be_lists_and_have_plugins() -> None:
    payload = {"a": None, "b": "left.right"}
    given = {"fields": ["payload.a", "payload.b"], "plugin": {"name": "split"}}
    assert traits(payload, x=given) == {"x": ("string", "left")}


@pytest.mark.parametrize(
    ("patterns", "event_type", "fits"),
    [
        ("thing.*", "thing.made", True),
        ("thing", "thing.made", False),
        ("Thing.*", "thing.made", False),
        (["a", "thing.m?de"], "thing.made", True),
        (["thing.*", "!*.made"], "thing.made", False),
        (["!thing.*"], "other", True),
        (["!thing.*"], "thing.made", False),
    ],
)
def test_event_types_are_patterns(patterns: Any, event_type: str, fits: bool) -> None:
    assert Definition({"event_type": patterns, "traits": {}}, "x").matches(event_type) is fits


def test_what_fits_nothing_has_the_default_traits_or_is_dropped() -> None:
    other = {"event_type": "other", "traits": {}}
    assert event(None, other) is not None
    assert event(None, other, drop_unmatched=True) is None


def test_the_notification_is_kept_for_some_priorities() -> None:
    found = event({"a": 1}, store_raw=["ERROR"], said={"priority": "ERROR"})
    assert found is not None
    assert (found.raw["payload"], found.raw["priority"]) == ({"a": 1}, "error")


def test_the_time_may_come_from_the_context_or_is_now() -> None:
    context = {"timestamp": None, "_context_timestamp": "2026-01-02T03:04:05"}
    found = event(said=context), event(said={"timestamp": None})
    assert [one and one.generated for one in found] == [MOMENT, NOW]
    with pytest.raises(Unusable, match="is no time"):
        event(said={"timestamp": "soon"})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"event_type": "a"}, "event_type and traits"),
        ({"traits": {}}, "event_type and traits"),
        ({"event_type": [], "traits": {}}, "event_type is a text"),
        ({"event_type": "a", "traits": []}, "traits is an object"),
        ({"event_type": "a", "traits": {"x": "a b"}}, "x: a b cannot be read"),
        ({"event_type": "a", "traits": {"x": {"fields": "a", "type": "odd"}}}, "x: its type 'odd'"),
        ({"event_type": "a", "traits": {"x": {"type": "int"}}}, "x: an object needs fields"),
    ],
)
def test_bad_definitions_say_why(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadPath) as caught:
        Definition(given, "line 1")
    assert why in str(caught.value)


def test_the_last_of_a_file_and_earlier_files_come_first(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.yaml", tmp_path / "theirs.yaml"
    mine.write_text(
        "- {event_type: 'b.*', traits: {x: payload.first}}\n"
        "- {event_type: 'b.*', traits: &t {x: payload.last}}\n"
        "- event_type: c\n  traits:\n    <<: *t\n    y: payload.y\n"
        "- {event_type: d}\n- 5\n"
    )
    theirs.write_text("- {event_type: '*', traits: {x: payload.theirs}}\n")
    loaded = load([mine, theirs])
    found = Definitions(loaded.definitions)
    places = [one and one.place for one in map(found.chosen, ("b.1", "c", "z"))]
    assert places == ["mine.yaml, line 2", "mine.yaml, line 3", "theirs.yaml, line 1"]
    assert sorted(fault.line for fault in loaded.faults) == [1, 7]
    made = found.event(notification("c", {"last": "l", "y": "y"}), NOW)
    assert made is not None
    assert {one.name for one in made.traits} >= {"x", "y"}


def test_what_is_shipped_can_be_used() -> None:
    loaded = load([SHIPPED])
    assert (loaded.faults, len(loaded.definitions) > 40) == ([], True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["size", "id", "created_at", "volume_id", "target"]), inner
        )
    ),
    max_leaves=20,
)
TYPES = st.sampled_from(["volume.exists", "image.upload", "identity.authenticate", "x.http.y", "z"])
SHIPPED_ALL = Definitions(load([SHIPPED]).definitions, store_raw=["info"])


@given(TYPES, JSON)
def test_any_payload_makes_an_event_or_says_why_not(event_type: str, payload: Any) -> None:
    try:
        found = SHIPPED_ALL.event(notification(event_type, payload), NOW)
    except Unusable:
        return
    assert found is not None
    assert len({(one.name, one.type) for one in found.traits}) == len(found.traits)
