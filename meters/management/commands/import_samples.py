"""Stores the samples of a file, each once."""

import sys
from argparse import ArgumentParser
from typing import Any

from meters.cli.entries import MOVED, Sampler
from meters.cli.files import opened
from meters.cli.moving import FORMS, form_of, reader_of
from meters.cli.sending import AT_ONCE, Interrupted, Sent, send
from telemetry_site.core import clock
from telemetry_site.core.cli.command import Error, MeteringCommand
from telemetry_site.core.progress import Progress

AGAIN = "run it again with the same file: what is there already is not stored twice."


class Command(MeteringCommand):
    """`manage.py import_samples samples.jsonl`"""

    help = (
        "Store the samples of a file, as export_samples writes it or as people do: JSON lines, or "
        "CSV with a line of names first. It needs counter_name, counter_type, counter_unit, "
        "counter_volume, resource_id and timestamp; source, project_id, user_id, "
        "resource_metadata, recorded_at and message_id may be there and stay as they are. In CSV "
        "an empty cell is nothing, a backslash alone the empty text, and metadata a JSON object. "
        "A file is stored once, however often it is imported. Without a message_id, equal samples "
        "are told apart, unless more than 200,000 others lie between them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how it is read."""
        parser.add_argument("file", metavar="FILE", help="The file, or - for standard input.")
        parser.add_argument(
            "-f",
            "--format",
            choices=FORMS,
            help="JSON lines or CSV; unset: by the ending of the file's name, else JSON lines.",
        )
        parser.add_argument(
            "--batch",
            type=int,
            default=AT_ONCE,
            help=f"Samples in each transaction ({AT_ONCE}).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Store what comes and say how many were new."""
        if options["batch"] < 1:
            raise Error("--batch must be 1 or more.")
        latest = Sent()
        reader = reader_of(form_of(options["file"], options["format"]), _sampler())
        with opened(options["file"]) as lines, Progress(sys.stderr, lines.total) as progress:

            def watch(sent: Sent) -> None:
                nonlocal latest
                latest = sent
                progress.show(lines.size, str(sent))

            try:
                send(reader.samples(lines), watch, options["batch"])
            except Interrupted as error:
                raise Error(f"{error} Put that right and {AGAIN}") from error
            except KeyboardInterrupt:
                self.stderr.write(f"\nStopped. {latest} To go on, {AGAIN}")
                raise
        self.stdout.write(str(latest))


def _sampler() -> Sampler:
    return Sampler(MOVED, clock.now())
