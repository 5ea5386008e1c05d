"""Lists meters."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from meters import queries
from meters.api import questions, wire
from telemetry_site.core.cli.arguments import add_limit, add_query, arguments_of, caller_of
from telemetry_site.core.cli.command import AskingCommand
from telemetry_site.core.cli.printing import columns

FIELDS = columns(wire.WireMeter, "meter_id", "user_id", "source")


class Command(AskingCommand):
    """`manage.py meters -q 'project=webshop'`"""

    help = "List meters, one line for each meter of a resource; with --unique, each meter once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What GET /v2/meters takes."""
        add_query(parser)
        add_limit(parser)
        parser.add_argument(
            "--unique", action="store_const", const="true", help="Each name, type and unit once."
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        query = questions.meters(arguments_of(options), settings.TELEMETRY["DEFAULT_LIMIT"])
        rows = map(wire.meter, queries.meters(query, caller_of(options)))
        self.print_rows(rows, FIELDS, options)
