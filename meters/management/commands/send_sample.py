"""Stores one sample, or a stream of them."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from meters.cli.entries import Sampler, sent
from meters.cli.files import STANDARD_INPUT, Counted, opened
from meters.cli.lines import LineReader
from meters.cli.sending import Interrupted, send
from meters.samples import KINDS
from telemetry_site.core import clock
from telemetry_site.core.cli.command import Error, MeteringCommand
from telemetry_site.core.progress import Progress

FIELDS = {
    "meter": "counter_name",
    "type": "counter_type",
    "unit": "counter_unit",
    "volume": "counter_volume",
    "resource": "resource_id",
    "project": "project_id",
    "user": "user_id",
    "timestamp": "timestamp",
    "metadata": "resource_metadata",
}
NEEDED = ("meter", "type", "unit", "volume", "resource")


class Command(MeteringCommand):
    """`manage.py send_sample --meter temperature --type gauge --unit C --volume 21 --resource r`"""

    help = (
        "Store one sample, named by options, or a stream of them: JSON lines with the fields of "
        "a posted sample (counter_name, counter_type, counter_unit, counter_volume, resource_id, "
        "and where wanted project_id, user_id, source, timestamp, resource_metadata, message_id). "
        "A line with a timestamp is stored once, however often it is sent; equal lines of one "
        "stream are told apart, unless more than 200,000 others lie between them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Either a file, or a sample."""
        parser.add_argument(
            "file", nargs="?", help="File of JSON lines, or - for standard input, the default."
        )
        parser.add_argument("--meter", help="Name of the meter.")
        parser.add_argument("--type", choices=KINDS, help="Type of the meter.")
        parser.add_argument("--unit", help="Unit of the volume.")
        parser.add_argument("--volume", help="The number.")
        parser.add_argument("--resource", help="What was measured.")
        parser.add_argument("--project", help="Project that owns the resource.")
        parser.add_argument("--user", help="User that owns the resource.")
        parser.add_argument("--timestamp", help="When, in ISO 8601, UTC by default; unset: now.")
        parser.add_argument("--metadata", help="JSON object of texts about the resource.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Store what comes and say how many were new."""
        reader = LineReader(Sampler(sent(settings.TELEMETRY["SAMPLE_SOURCE"]), clock.now()))
        try:
            with _lines(options) as lines, Progress(sys.stderr, lines.total) as progress:
                numbered = reader.samples(lines)
                done = send(numbered, lambda sent: progress.show(lines.size, str(sent)))
        except Interrupted as error:
            raise Error(str(error)) from error
        self.stdout.write(str(done))


@contextmanager
def _lines(options: Mapping[str, Any]) -> Iterator[Counted]:
    """The lines to read. Raises Error."""
    named = {name: options[name] for name in FIELDS if options[name] is not None}
    file = options["file"]
    if named and file:
        raise Error("Name a file or a sample, not both.")
    if named:
        yield Counted([one_line(named)])
        return
    if file is None and sys.stdin.isatty():
        raise Error("Name a sample (--meter …), a file, or - for standard input.")
    with opened(file or STANDARD_INPUT) as lines:
        yield lines


def one_line(named: Mapping[str, Any]) -> bytes:
    """The options of one sample as the line that says the same. Raises Error."""
    missing = [f"--{name}" for name in NEEDED if name not in named]
    if missing:
        raise Error(f"A sample needs {', '.join(missing)} too.")
    fields = {FIELDS[name]: value for name, value in named.items()}
    if "metadata" in named:
        try:
            fields["resource_metadata"] = json.loads(named["metadata"])
        except ValueError as error:
            raise Error(f"--metadata is not valid JSON: {error}.") from error
    return json.dumps(fields).encode()
