"""Finding events by two of their traits, against a join a trait over plain rows of traits."""

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from events.records import Event, Trait
from events.selection import EventQuery, TraitCondition
from events.storage import reading, writing
from telemetry_site.core.clock import now
from telemetry_site.core.storage import partitions
from telemetry_site.core.transactions import in_transaction
from tests.bench import dataset, goals, trait_rows, turns
from tests.bench.agreement import Disagreement
from tests.bench.databases import execute, number, used
from tests.bench.rows import Goal, Row
from tests.bench.run import Run
from tests.bench.trait_rows import Found
from tests.bench.turns import timed

EVENTS, AT_ONCE = 1_000_000, 2_000
DAYS, LIMIT, MOST = 30, 100, 61
HOSTS, PROJECTS, INSTANCES = 100, 500, 10_000
# One in fifty is an error.
STATES = ["active"] * 40 + ["building"] * 9 + ["error"]
TYPES = ("compute.instance.update", "compute.instance.exists", "compute.instance.create.end")
# One host's errors, and what happened to one instance of a project.
ASKED: Mapping[Goal, dict[str, str]] = {
    goals.FOUND_OFTEN: {"host": "compute-7", "state": "error"},
    goals.FOUND_RARELY: {"project_id": "project-77", "instance_id": "instance-77"},
}


def measure(run: Run) -> list[Row]:
    """The rows of both questions. Raises Disagreement unless both ways find the same."""
    with used(run.databases.migrated("found")):
        _store()
        trait_rows.make()
        return [*(_row(run, goal, wanted) for goal, wanted in ASKED.items()), _bytes()]


def _row(run: Run, goal: Goal, wanted: dict[str, str]) -> Row:
    conditions = tuple(TraitCondition(name, "string", "eq", v) for name, v in wanted.items())
    query = EventQuery(traits=conditions, limit=LIMIT)
    ours = [_plain(event) for event in reading.events(query)]
    if not ours or ours != trait_rows.find(wanted, LIMIT):
        raise Disagreement(f"{goal.name}: the answers differ")
    ways = {
        "ours": lambda _: timed(lambda: list(reading.events(query))),
        "rows": lambda _: timed(lambda: trait_rows.find(wanted, LIMIT)),
    }
    found = turns.take(ways, MOST, run.size.seconds)
    against = (
        f"a join a trait over rows of traits ({found.median('rows') * 1e3:,.1f} ms); "
        f"{len(ours)} events found of {EVENTS:,}"
    )
    return Row(goal, found.median("ours") * 1e3, found.ratio("rows", to="ours"), against)


def _plain(event: Event) -> Found:
    traits = tuple((trait.name, str(trait.value)) for trait in event.traits)
    return str(event.message_id), event.generated, event.event_type, traits


def _bytes() -> Row:
    ours, theirs = (
        sum(number("SELECT pg_total_relation_size(%s)", name) for name in names) / EVENTS
        for names in (partitions.names(writing.EVENTS), trait_rows.NAMES)
    )
    against = f"rows of traits ({theirs:,.0f} B)"
    return Row(goals.EVENT_BYTES, ours, theirs / ours, against)


def _store() -> None:
    waiting = _events()
    while some := list(islice(waiting, AT_ONCE)):
        writing.prepare(some)
        in_transaction(partial(writing.record, some))
    execute("VACUUM ANALYZE")


def _events() -> Iterator[Event]:
    """Eight traits each, in the order of their times."""
    chance = random.Random(7)  # noqa: S311 - the same at every run
    start = dataset.midnight(now()) - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / EVENTS
    for place in range(EVENTS):
        instance = chance.randrange(INSTANCES)
        traits = {
            "project_id": f"project-{instance % PROJECTS}",
            "user_id": f"user-{instance % (PROJECTS * 4)}",
            "instance_id": f"instance-{instance}",
            "host": f"compute-{chance.randrange(HOSTS)}",
            "state": chance.choice(STATES),
            "request_id": f"req-{chance.getrandbits(128):032x}",
            "service": "compute",
        }
        yield Event(
            UUID(int=chance.getrandbits(128), version=4),
            chance.choice(TYPES),
            start + place * step,
            (
                *(Trait(name, "string", text) for name, text in traits.items()),
                Trait("memory_mb", "integer", 512 << chance.randrange(6)),
            ),
        )
