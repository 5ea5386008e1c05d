"""Lists samples."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from meters import queries
from meters.api import questions, wire
from meters.cli.naming import add_meter, meter_of
from telemetry_site.core.cli.arguments import add_limit, add_query, arguments_of, caller_of
from telemetry_site.core.cli.command import AskingCommand
from telemetry_site.core.cli.printing import columns

FIELDS = columns(wire.NewSample, "id", "user_id", "source", "recorded_at", "metadata")


class Command(AskingCommand):
    """`manage.py samples cpu_util -q 'resource=vm-1;timestamp>=2026-03-01' --limit 10`"""

    help = "List samples, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What GET /v2/samples takes, and a meter."""
        add_meter(parser, "Samples of this meter; without it, of all meters.")
        add_query(parser)
        add_limit(parser)
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        limit = settings.TELEMETRY["DEFAULT_LIMIT"]
        query = questions.samples(arguments_of(options), limit, meter_of(options))
        rows = map(wire.new_sample, queries.samples(query, caller_of(options)))
        self.print_rows(rows, FIELDS, options)
