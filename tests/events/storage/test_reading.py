"""Events are stored once, and found as a plain look at all of them finds them."""

import operator
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import EventType, TraitKey
from events.records import TRAIT_TYPES, Event, Trait
from events.selection import EventQuery, Order, TraitCondition
from events.storage import catalogue, reading
from events.storage.writing import prepare, record
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.storage.sql import Sql, run
from tests.events.made import MOMENT, make_event
from tests.statements import sent

DAY = timedelta(days=1)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")
}

pytestmark = pytest.mark.django_db


def store(events: Sequence[Event]) -> int:
    prepare(events)
    with transaction.atomic():
        return record(events)


def numbers(query: EventQuery) -> list[int]:
    return [event.message_id.int for event in reading.events(query)]


def test_an_event_comes_back_as_it_was() -> None:
    event = make_event(
        1,
        raw={"payload": {"a": [1, None, "x"]}},
        size=8,
        load=0.25,
        when=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
        odd='a "quoted.name',
    )
    assert store([event]) == 1
    (found,) = reading.events(EventQuery())
    assert (found.message_id, found.event_type, found.generated, found.raw) == (
        event.message_id, event.event_type, event.generated, event.raw,
    )  # fmt: skip
    assert sorted(found.traits, key=lambda one: one.name) == sorted(
        event.traits, key=lambda one: one.name
    )


def test_what_is_there_is_passed_over() -> None:
    assert store([make_event(1), make_event(2)]) == 2
    assert store([make_event(2, size=9), make_event(3)]) == 1
    assert numbers(EventQuery()) == [1, 2, 3]
    assert numbers(EventQuery(traits=(TraitCondition("size", "integer", "eq", 9),))) == []


def test_a_batch_is_a_handful_of_statements() -> None:
    store([make_event(1, "a.b")])
    with sent() as statements:
        store([make_event(n, f"type.{n % 7}", size=n) for n in range(2, 502)])
    assert len(statements) <= 9


VALUES = {
    "string": st.sampled_from(["a", "b", "ab", "Z", "", "é", "10"]),
    "integer": st.integers(-3, 3) | st.sampled_from([2**62, -(2**62)]),
    "float": st.sampled_from([-1.5, 0.0, 0.1, 2.0, 1e10, 1e-7]),
    "datetime": st.integers(0, 3).map(lambda n: MOMENT + timedelta(microseconds=n)),
}
NAMES = st.sampled_from(["size", "b.c", 'quo"te', "project_id"])
TRAITS = st.sampled_from(TRAIT_TYPES).flatmap(
    lambda kind: st.builds(Trait, NAMES, st.just(kind), VALUES[kind])
)
CONDITIONS = st.sampled_from(TRAIT_TYPES).flatmap(
    lambda kind: st.builds(
        TraitCondition, NAMES, st.just(kind), st.sampled_from(list(COMPARE)), VALUES[kind]
    )
)
EVENTS = st.lists(
    st.lists(TRAITS, max_size=4, unique_by=lambda one: (one.name, one.type)), max_size=8
)


def holds(condition: TraitCondition, event: Event) -> bool:
    return any(
        COMPARE[condition.operator](trait.value, condition.value)
        for trait in event.traits
        if (trait.name, trait.type) == (condition.name, condition.type)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(EVENTS, st.lists(CONDITIONS, max_size=3))
def test_conditions_are_what_a_look_at_all_finds(
    traits: list[list[Trait]], conditions: list[TraitCondition]
) -> None:
    events = [
        Event(UUID(int=number), "x", MOMENT, tuple(some)) for number, some in enumerate(traits, 1)
    ]
    # How strings are ordered is the database's affair; with plain letters all agree.
    conditions = [c for c in conditions if c.type != "string" or c.operator in ("eq", "ne")]
    with transaction.atomic():
        record(events)
        catalogue.forget()
        found = numbers(EventQuery(traits=tuple(conditions)))
        transaction.set_rollback(True)
    wanted = [e.message_id.int for e in events if all(holds(c, e) for c in conditions)]
    assert found == wanted


def test_type_id_and_time_narrow() -> None:
    store([make_event(n, "ab"[n % 2], MOMENT + n * DAY) for n in range(4)])
    assert numbers(EventQuery(event_type="a")) == [0, 2]
    assert numbers(EventQuery(event_type="none")) == []
    assert numbers(EventQuery(message_id=UUID(int=3))) == [3]
    assert numbers(EventQuery(start=MOMENT + DAY, end=MOMENT + 2 * DAY)) == [1, 2]


ORDERS: list[tuple[Order, ...]] = [
    (Order("generated"), Order("message_id")),
    (Order("generated", downwards=True),),
    (Order("message_id", downwards=True),),
    (Order("generated"), Order("message_id", downwards=True)),
]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_follow_each_other_without_a_gap(
    order: tuple[Order, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    store([make_event(n, generated=MOMENT + (n % 3) * DAY) for n in range(1, 20)])
    whole = numbers(EventQuery(order=order))
    assert sorted(whole) == list(range(1, 20))
    monkeypatch.setattr(reading, "PAGE", 4)
    assert numbers(EventQuery(order=order)) == whole
    paged: list[int] = []
    for _ in count():
        marker = UUID(int=paged[-1]) if paged else None
        page = numbers(EventQuery(order=order, marker=marker, limit=5))
        if not page:
            break
        paged += page
    assert paged == whole


def test_a_marker_has_to_be_there() -> None:
    with pytest.raises(BadRequest, match=r"Marker .* not found"):
        numbers(EventQuery(marker=UUID(int=9)))


def test_the_catalogue_knows_types_and_traits_until_their_last_day() -> None:
    store([make_event(1, "old", MOMENT, a="x"), make_event(2, "new", MOMENT, a="x", b=1)])
    store([make_event(3, "new", MOMENT + DAY, a="x"), make_event(4, "new", MOMENT - DAY, c=1.5)])
    keys = TraitKey.objects.filter(event_type__name="new").values_list("name", "type", "last_day")
    today, later, earlier = (MOMENT + n * DAY for n in (0, 1, -1))
    assert sorted(keys) == [
        ("a", "string", later.date()),
        ("b", "integer", today.date()),
        ("c", "float", earlier.date()),
        ("project_id", "string", later.date()),
        ("user_id", "string", later.date()),
    ]
    catalogue.expire(later.date())
    assert list(EventType.objects.values_list("name", flat=True)) == ["new"]
    assert {key.name for key in TraitKey.objects.all()} == {"a", "project_id", "user_id"}


@pytest.mark.postgres
def test_two_equalities_go_by_the_index() -> None:
    store([make_event(n, host=f"h{n % 50}", size=n) for n in range(1, 200)])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    conditions = (
        TraitCondition("host", "string", "eq", "h1"),
        TraitCondition("size", "integer", "eq", 51),
    )
    assert numbers(EventQuery(traits=conditions)) == [51]
    both = "e.traits @> %s::jsonb AND e.traits @> %s::jsonb"
    wanted = Sql(
        f"EXPLAIN SELECT 1 FROM event e WHERE {both}", ('{"s:host": "h1"}', '{"i:size": 51}')
    )
    assert any("_traits_idx" in line for (line,) in run(wanted))
