"""Writes samples to a file that import_samples reads."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from meters import queries
from meters.api import questions
from meters.cli.files import whole
from meters.cli.moving import FORMS, export, form_of
from meters.cli.naming import add_meter, meter_of
from telemetry_site.core.cli.arguments import add_query, arguments_of, caller_of
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.progress import Progress


class Command(MeteringCommand):
    """`manage.py export_samples cpu_util -q 'timestamp>=2026-03-01' --output samples.jsonl`"""

    help = (
        "Write samples to a file, newest first, as JSON lines or CSV with all that is stored of "
        "them, for import_samples to read. Samples that arrive meanwhile may or may not be in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which samples, and where to."""
        add_meter(parser, "Samples of this meter; without it, of all meters.")
        add_query(parser)
        parser.add_argument(
            "-f",
            "--format",
            choices=FORMS,
            help="JSON lines or CSV; unset: by the ending of the file's name, else JSON lines.",
        )
        parser.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            help="The file; unset: standard output. It is FILE.part until it is whole.",
        )
        parser.add_argument(
            "--force", action="store_true", help="Write over a file that is there already."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and write."""
        file = options["output"]
        query = questions.samples(arguments_of(options), 1, meter_of(options))
        samples = queries.samples(replace(query, limit=None), caller_of(options))
        with self._out(options) as out, Progress(sys.stderr, None) as progress:
            form = form_of(file, options["format"])
            done = export(samples, form, out, lambda n: progress.show(n, counted(n)))
        if file is not None:
            self.stdout.write(f"{counted(done)} written to {file}.")

    @contextmanager
    def _out(self, options: Mapping[str, Any]) -> Iterator[BinaryIO]:
        if options["output"] is None:
            yield cast(TextIO, self.stdout).buffer
        else:
            with whole(Path(options["output"]), options["force"]) as out:
                yield out


def counted(samples: int) -> str:
    """The number in words."""
    return f"{samples:,} {'sample' if samples == 1 else 'samples'}"
