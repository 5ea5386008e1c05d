"""Lists events."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings

from events import queries
from events.api import questions, wire
from events.selection import OLDEST_FIRST, EventQuery, Order
from telemetry_site.core.cli.arguments import add_limit, items
from telemetry_site.core.cli.command import AskingCommand
from telemetry_site.core.cli.printing import Column
from telemetry_site.core.errors import InvalidInput
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query.simple import Item

QUERY_HELP = (
    "Conditions on traits between semicolons, such as 'project_id=abc;size>integer::5'. "
    "Operators: = != < <= > >=. A value names its type: string (default), integer, float, "
    "datetime. Can be repeated."
)
OF_ALL = Caller(user="", project="", roles=frozenset({"admin"}))
NEWEST_FIRST = (Order("generated", downwards=True), Order("message_id", downwards=True))

FIELDS = (
    Column("generated", lambda event: event.generated),
    Column("event_type", lambda event: event.event_type),
    Column("message_id", lambda event: event.message_id),
    Column("traits", lambda event: _traits(event)),
)


class Command(AskingCommand):
    """`manage.py events --type volume.create.end -q 'project_id=abc' --since 2026-03-01`"""

    help = "List events, the oldest first, of all projects."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What GET /v2/events takes, and shorter words for it."""
        parser.add_argument("-t", "--type", help="Only events of this type.")
        parser.add_argument("--since", help="Only events of this time or later, ISO 8601 in UTC.")
        parser.add_argument("--until", help="Only events of this time or earlier.")
        parser.add_argument("-q", "--query", action="append", default=[], help=QUERY_HELP)
        parser.add_argument("--newest", action="store_true", help="The newest first.")
        add_limit(parser)
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        asked = [*_narrowing(options), *items(options["query"])]
        question = questions.conditions(asked, sees_all=True)
        rows = queries.events(_listed(question.query, options), OF_ALL, all_tenants=True)
        self.print_rows(map(wire.event, rows), FIELDS, options)


def _narrowing(options: dict[str, Any]) -> Iterator[Item]:
    for name, field, operator in (
        ("type", "event_type", "eq"),
        ("since", "start_timestamp", "ge"),
        ("until", "end_timestamp", "le"),
    ):
        if options[name] is not None:
            yield Item(field, operator, options[name])


def _listed(query: EventQuery, options: dict[str, Any]) -> EventQuery:
    """The query with how many it asks for, and in which order. Raises BadRequest."""
    default: int = settings.TELEMETRY["DEFAULT_LIMIT"]
    try:
        number = None if options["limit"] is None else int(options["limit"])
    except ValueError as error:
        raise InvalidInput("limit", options["limit"], "unable to convert to int") from error
    order = NEWEST_FIRST if options["newest"] else OLDEST_FIRST
    return replace(query, limit=questions.limit(number, default), order=order)


def _traits(event: wire.WireEvent) -> str:
    """All traits in one cell."""
    return " ".join(f"{trait.name}={trait.value}" for trait in event.traits)
