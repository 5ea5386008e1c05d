"""Lists resources."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from meters import queries
from meters.api import questions, wire
from telemetry_site.core.cli.arguments import add_limit, add_query, arguments_of, caller_of
from telemetry_site.core.cli.command import AskingCommand
from telemetry_site.core.cli.printing import Column, columns

# Links are for programs that follow them: they stand in JSON alone.
FIELDS: tuple[Column, ...] = tuple(
    column
    for column in columns(wire.WireResource, "user_id", "metadata", "source")
    if column.name != "links"
)


class Command(AskingCommand):
    """`manage.py resources -q 'timestamp>=2026-03-01;metadata.flavor=small'`"""

    help = "List resources with their first and last sample."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What GET /v2/resources takes."""
        add_query(parser)
        add_limit(parser)
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        base = f"http://{settings.TELEMETRY['BIND']}"
        query = questions.resources(arguments_of(options), settings.TELEMETRY["DEFAULT_LIMIT"])
        found = queries.resources(query, caller_of(options))
        self.print_rows((wire.resource(each, base) for each in found), FIELDS, options)
