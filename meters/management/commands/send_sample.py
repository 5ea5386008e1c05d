"""Stores one sample, or a stream of them."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from meters.cli.command import Error, MeteringCommand
from meters.cli.lines import LineReader
from meters.cli.sending import Interrupted, send
from meters.samples import KINDS
from telemetry_site.core import clock
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
STANDARD_INPUT = "-"


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
        reader = LineReader(settings.TELEMETRY["SAMPLE_SOURCE"], clock.now())
        try:
            with _lines(options) as (lines, total), Progress(sys.stderr, total) as progress:
                counted = _Counted(lines)
                numbered = reader.samples(counted)
                sent = send(numbered, lambda sent: progress.show(counted.size, str(sent)))
        except Interrupted as error:
            raise Error(str(error)) from error
        except OSError as error:
            raise Error(f"{options['file']} cannot be read: {error.strerror}.") from error
        self.stdout.write(str(sent))


class _Counted:
    """Lines, and the bytes of those that were read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.size += len(line)
            yield line


@contextmanager
def _lines(options: Mapping[str, Any]) -> Iterator[tuple[Iterable[bytes], int | None]]:
    """The lines to read, and their bytes in all where these are known. Raises Error."""
    named = {name: options[name] for name in FIELDS if options[name] is not None}
    file = options["file"]
    if named and file:
        raise Error("Name a file or a sample, not both.")
    if named:
        yield [one_line(named)], None
    elif file not in (None, STANDARD_INPUT):
        with Path(file).open("rb") as opened:
            yield opened, _size(opened)
    elif file is None and sys.stdin.isatty():
        raise Error("Name a sample (--meter …), a file, or - for standard input.")
    else:
        yield sys.stdin.buffer, _size(sys.stdin.buffer)


def _size(opened: IO[bytes]) -> int | None:
    """Bytes of a file; None for a pipe."""
    try:
        return os.fstat(opened.fileno()).st_size or None
    except OSError:
        return None


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
