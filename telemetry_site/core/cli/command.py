"""What every metering command has: a quick start, quiet ends, one sentence for what is wrong."""

import gc
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from telemetry_site.core.cli.printing import FORMATS, Column, Format, Row, write
from telemetry_site.core.errors import TelemetryError

KILLED_BY_SIGPIPE = 141
INTERRUPTED = 130


class Error(CommandError):
    """Ends a command with this sentence on standard error and exit code 1."""


class MeteringCommand(BaseCommand):
    """Starts without the system checks: they load every page and cost as much as the answer."""

    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django does, and silent where the reader of the output went away."""
        # What is loaded by now stays: no collection has to look through it again.
        gc.freeze()
        try:
            super().run_from_argv(argv)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes once more at the end; that must not fail a second time.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(KILLED_BY_SIGPIPE)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; what we or the database refuse becomes one sentence."""
        try:
            return super().execute(*args, **options)
        except TelemetryError as error:
            raise Error(str(error)) from error
        except DatabaseError as error:
            raise Error(f"The database refuses: {str(error).strip()}") from error


class AskingCommand(MeteringCommand):
    """Prints the answer to a question."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument(
            "-f",
            "--format",
            choices=FORMATS,
            default="table",
            help="How to print: a table (default), JSON as the API writes it, or CSV.",
        )

    def print_rows(
        self, rows: Iterable[Row], fields: tuple[Column, ...], options: dict[str, Any]
    ) -> None:
        """Write the rows to standard output in the form that was asked for."""
        form = cast("Format", options["format"])
        self.stdout.ending = ""
        write(rows, fields, form, self.stdout)
