"""What it takes to ask many selectors at once: how many statements, and how they find samples."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from meters import queries
from meters.queries import Selector
from meters.windows import Stretch
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or
from tests.bench.databases import execute
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = pytest.mark.django_db

MINUTES = Stretch(MOMENT, MOMENT + timedelta(minutes=4), 60, MOMENT)
CPU = Compare("meter", "=", "cpu_util")


def of_resource(n: int) -> Node:
    return And((CPU, Compare("resource", "=", f"vm-{n}")))


def of_metadata(n: int, *keys: str) -> Node:
    return And((CPU, *(Compare("metadata", "=", f"{key}-{n}", ("m", key)) for key in keys)))


# Each the n-th selector of a kind.
KINDS: dict[str, Callable[[int], Node]] = {
    "everything": lambda _: And(),
    "a resource": of_resource,
    "metadata": lambda n: of_metadata(n, "stack"),
    "metadata twice": lambda n: of_metadata(n, "stack", "role"),
    "metadata of a resource": lambda n: And((of_resource(n), of_metadata(n, "stack"))),
    "some resources": lambda n: Compare("resource", "in", (f"vm-{n}", "vm-0")),
    "a message": lambda n: Compare("message_id", "=", str(UUID(int=n))),
    "either": lambda n: Or((of_metadata(n, "stack"), Not(of_metadata(n, "role")))),
    "like": lambda n: Compare("metadata", "=~", f"^stack-{n}", ("m", "stack")),
    "more than": lambda n: And((CPU, Compare("metadata", ">", n / 2, ("m", "n")))),
}


def asked(kinds: Iterable[str], count: int) -> list[Selector]:
    """As many of each kind, of a tenant each."""
    callers = [Caller(user="u", project=f"p{n}") for n in range(count)]
    return [(KINDS[kind](n), caller) for kind in kinds for n, caller in enumerate(callers)]


def statements(selectors: list[Selector]) -> int:
    """As many for the points as for the summaries."""
    with sent() as found:
        queries.summaries(selectors, MINUTES, by_resource=True)
    with sent() as others:
        queries.points(selectors, MINUTES.start, MINUTES.end)
    assert len(found) == len(others)
    return len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_one_statement_however_many_ask(kind: str) -> None:
    keep([make_sample()])
    assert [statements(asked([kind], count)) for count in (1, 10, 1000)] == [1, 1, 1]


def test_each_kind_is_a_statement() -> None:
    assert statements(asked(KINDS, 20)) == len(KINDS)


MANY = """
INSERT INTO sample (series_id, timestamp, message_id, metadata_id, recorded_at, volume)
SELECT series_id, at, gen_random_uuid(), metadata_id, at, 1
FROM (SELECT series_id, metadata_id FROM sample) s,
    generate_series(%s + interval '1 second', %s, %s) at
"""


def plans(ask: Callable[[], Any]) -> list[str]:
    """What PostgreSQL plans for the statements of a question."""
    found: list[str] = []

    def wrapper(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        run(f"EXPLAIN {sql}", params, many, context)
        found.extend(line for (line,) in context["cursor"].cursor.fetchall())
        return run(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        ask()
    return found


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("series", "rows", "analyzed"),
    [
        (3, 300_000, True),
        (3, 300_000, False),
        (3_000, 300_000, True),
        (3_000, 300_000, False),
        (3_000, 5_000_000, True),
    ],
)
def test_no_partition_is_ever_read_whole(series: int, rows: int, analyzed: bool) -> None:
    """With few series, a large part of a partition is asked for; unanalyzed, nobody knows."""
    samples = [
        make_sample(resource=f"vm-{n}", project=f"p{n}", metadata={"m": {"stack": f"stack-{n}"}})
        for n in range(series)
    ]
    keep(samples)
    execute(MANY, MOMENT, MOMENT + timedelta(hours=6), timedelta(hours=6) * series / rows)
    if analyzed:
        execute("ANALYZE sample, meters_series, meters_metadatasnapshot")
    selectors = asked(KINDS, min(series, 300))
    for ask in (
        lambda: queries.summaries(selectors, MINUTES, by_resource=True),
        lambda: queries.points(selectors, MINUTES.start, MINUTES.end),
    ):
        lines = plans(ask)
        assert [line for line in lines if "Scan on sample" in line and "Seq" in line] == []
        assert sum("_series_id_timestamp_message_id_" in line for line in lines) == len(KINDS)
