"""Says how the store stands, and makes its rollups anew."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from events.storage.standing import EventStanding
from events.storage.standing import standing as of_events
from meters import upkeep
from meters.storage.standing import Standing
from meters.units import quantity
from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.storage.standing import TableStanding


class Command(MeteringCommand):
    """`manage.py store status`"""

    help = (
        "status: how large the store is, of which time samples and events are, and how far the "
        "roll-up has come. rebuild-rollups: make all rollups anew from the samples; answers stay "
        "right meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("what", choices=("status", "rebuild-rollups"), help="What to do.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["what"] == "status":
            for line in lines(upkeep.standing(), of_events()):
                self.stdout.write(line)
        else:
            written = upkeep.rebuild_rollups(clock.now())
            self.stdout.write(f"{written:,} rollups made.")


def lines(standing: Standing, events: EventStanding) -> Iterator[str]:
    """A table of tables, then a line for each of the rest."""
    yield f"{'table':<18}{'rows':>14}{'size':>12}{'partitions':>12}{'bytes a row':>13}"
    for table in (*standing.tables, events.table):
        yield _row(table)
    yield ""
    yield f"oldest sample  {_time(standing.oldest)}"
    yield f"newest sample  {_time(standing.newest)}"
    yield f"kept since     {_time(standing.kept_since, 'ever')}"
    since = f", the first of {_time(standing.behind_since)}" if standing.behind else ""
    yield f"rollups behind {standing.behind:,} hours{since}"
    yield f"oldest event   {_time(events.oldest)}"
    yield f"newest event   {_time(events.newest)}"


def _row(table: TableStanding) -> str:
    size = "-" if table.size is None else quantity(table.size, "B")
    each = "-" if table.each is None else f"{table.each:.0f}"
    partitions = f"{table.partitions:,}" if table.partitions else "-"
    return f"{table.name:<18}{table.rows:>14,}{size:>12}{partitions:>12}{each:>13}"


def _time(moment: datetime | None, never: str = "-") -> str:
    return never if moment is None else clock.on_the_wire(moment)
