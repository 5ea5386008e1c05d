"""Ranges of the traits that are named are found by an index, in every partition."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from events.records import TraitDescription
from events.selection import EventQuery, TraitCondition
from events.storage import indexes, reading
from events.storage.indexes import Changes
from events.storage.writing import EVENTS, prepare, record
from telemetry_site.core import clock
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.sql import Sql, run, run_only
from tests.events.made import make_event

SIZE = TraitDescription("size", "integer")
LABEL = TraitDescription("la'bel", "string")
DAY = timedelta(days=1)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_index_stays() -> Iterator[None]:
    yield
    indexes.make([])


def store(numbers: Sequence[int], days_ago: int) -> None:
    then = clock.now() - days_ago * DAY
    named: list[dict[str, Any]] = [{"size": n, "la'bel": f"l{n}"} for n in numbers]
    events = [
        make_event(n, generated=then, **traits) for n, traits in zip(numbers, named, strict=True)
    ]
    prepare(events)
    with transaction.atomic():
        record(events)


def plan(condition: TraitCondition) -> str:
    """How the question is answered where reading everything costs too much."""
    where = reading._where(EventQuery(traits=(condition,)))
    with transaction.atomic():
        run_only(Sql("SET LOCAL enable_seqscan = off"))
        text = f"EXPLAIN SELECT count(*) FROM event e WHERE {where.text}"
        return "\n".join(line for (line,) in run(Sql(text, where.params)))


def indexed(name: str) -> set[str]:
    """The partitions that have a usable part of the one index there is."""
    return {part for (part,) in run(Sql(indexes.PARTS, (name,)))}


def index_name() -> str:
    ((name,),) = run(Sql(indexes.ALL))
    return str(name)


def test_it_is_made_once_used_and_there_in_days_that_come_later() -> None:
    store([1, 2, 3], days_ago=1)
    assert indexes.make([SIZE]) == Changes(["size"], 0)
    assert indexes.make([SIZE]) == Changes([], 0)
    store([4, 5], days_ago=2)
    assert indexed(index_name()) == partitions.names(EVENTS)
    condition = TraitCondition("size", "integer", "ge", 3)
    assert plan(condition).count("Index Cond") == len(partitions.names(EVENTS))
    found = [event.message_id.int for event in reading.events(EventQuery(traits=(condition,)))]
    assert found == [4, 5, 3]


def test_texts_too_whatever_their_name() -> None:
    store([1, 2], days_ago=1)
    assert indexes.make([LABEL]) == Changes(["la'bel"], 0)
    assert "Index Cond" in plan(TraitCondition("la'bel", "string", "gt", "l1"))


def test_what_is_named_no_more_is_dropped() -> None:
    store([1], days_ago=1)
    indexes.make([SIZE, LABEL])
    assert indexes.make([LABEL]) == Changes([], 1)
    assert indexes.make([]) == Changes([], 1)
    assert run(Sql(indexes.ALL)) == []
    assert run(Sql("SELECT 'event_traits'::regclass::text")) == [("event_traits",)]


def test_an_attempt_that_was_broken_off_is_taken_up() -> None:
    store([1], days_ago=1)
    indexes.make([SIZE])
    name = index_name()
    run_only(Sql(f"DROP INDEX {name}"))
    run_only(Sql(f"CREATE INDEX {name} ON ONLY event (((traits ->> 'i:size')::numeric))"))
    run_only(Sql(f"CREATE INDEX {name}_default ON event_default (generated)"))
    assert indexes.make([SIZE]) == Changes(["size"], 0)
    assert indexed(name) == partitions.names(EVENTS)
