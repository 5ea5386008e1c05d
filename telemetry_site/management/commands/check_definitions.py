"""manage.py check_definitions: says what is wrong with our YAML files."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from events.definitions import load as load_events
from events.ingest import definition_places as event_places
from meters.ingest import definition_places as meter_places
from meters.notified.loading import load as load_meters
from pollsters import plan
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.errors import BadDefinition


class Command(MeteringCommand):
    """Exit code 1 where something is wrong."""

    help = (
        "Read the definitions of meters and events and the polling plan, and say for each fault "
        "the file, the line and the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Other files than those of the settings."""
        parser.add_argument(
            "--meters", action="append", type=Path, metavar="PATH", help="check these instead"
        )
        parser.add_argument(
            "--events", action="append", type=Path, metavar="PATH", help="check these instead"
        )
        parser.add_argument("--polling", type=Path, metavar="FILE", help="check this instead")

    def handle(self, **options: Any) -> None:
        """Check what is named, or everything."""
        named = {name: options[name] for name in ("meters", "events", "polling")}
        everything = not any(named.values())
        faults = list(_faults(named, everything))
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise SystemExit(1)
        self.stdout.write("All definitions can be used.")


def _faults(named: dict[str, Any], everything: bool) -> Iterator[BadDefinition]:
    if everything or named["meters"]:
        yield from load_meters(_there(named["meters"] or meter_places())).faults
    if everything or named["events"]:
        yield from load_events(_there(named["events"] or event_places())).faults
    if everything or named["polling"]:
        try:
            plan.read(named["polling"] or settings.TELEMETRY["POLLING_FILE"])
        except BadDefinition as error:
            yield error


def _there(places: Iterable[Path]) -> list[Path]:
    """The files themselves, so that a folder without any is told too."""
    return yamlfiles.found(places)
