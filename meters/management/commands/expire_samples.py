"""Takes away samples and rollups that are past their time to live."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from meters import retention
from meters.retention import Expired
from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand

NOTHING = "Everything is kept for ever: set TELEMETRY_SAMPLE_TTL or TELEMETRY_ROLLUP_TTL."


class Command(MeteringCommand):
    """`manage.py expire_samples --dry-run`"""

    help = (
        "Take away samples and rollups that are past TELEMETRY_SAMPLE_TTL and "
        "TELEMETRY_ROLLUP_TTL, and the series and metadata of which none are left. Beat does the "
        "same every hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only look, or do it."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would go; take none.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what went."""
        dry = options["dry_run"]
        expired = retention.preview(clock.now()) if dry else retention.expire(clock.now())
        for line in lines(expired, "would go" if dry else "went"):
            self.stdout.write(line)
        if not dry and expired.dropped:
            self.stdout.write(f"series: {expired.series:,} went")
            self.stdout.write(f"metadata: {expired.snapshots:,} went")


def lines(expired: Expired, went: str) -> Iterator[str]:
    """A line for each table."""
    if not expired.dropped:
        yield NOTHING
    for table, dropped in expired.dropped.items():
        yield f"{table}: {dropped.told(went)}"
