"""Takes away events that are past their time to live."""

from argparse import ArgumentParser
from typing import Any

from events import retention
from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand

NOTHING = "Events are kept for ever: set TELEMETRY_EVENT_TTL."


class Command(MeteringCommand):
    """`manage.py expire_events --dry-run`"""

    help = (
        "Take away events that are past TELEMETRY_EVENT_TTL, and the types and traits that no "
        "event has any more. Beat does the same every hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only look, or do it."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would go; take none.")

    def handle(self, **options: Any) -> None:
        """Do it and say what went."""
        dry = options["dry_run"]
        dropped = retention.preview(clock.now()) if dry else retention.expire(clock.now())
        if dropped is None:
            self.stdout.write(NOTHING)
        else:
            self.stdout.write(f"event: {dropped.told('would go' if dry else 'went')}")
