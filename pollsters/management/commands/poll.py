"""Polls one source once, in the foreground."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from meters import pipelines
from meters.samples import Sample
from pollsters import plan, polling
from pollsters.grid import whole_second
from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.errors import TelemetryError


class Command(MeteringCommand):
    """`manage.py poll host --print`"""

    help = "Poll one source of the polling plan once, now, without touching its schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The source, and whether to print instead of store."""
        parser.add_argument("source", help="Name of a source in the polling plan.")
        parser.add_argument(
            "--print", action="store_true", help="Print the samples and store nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Poll, then store or print; problems go to standard error."""
        origin = polling.Origin(settings.TELEMETRY["HOST"], settings.TELEMETRY["SAMPLE_SOURCE"])
        try:
            source = polling.find(options["source"], plan.read(settings.TELEMETRY["POLLING_FILE"]))
        except TelemetryError as error:
            raise CommandError(str(error)) from error
        polled = polling.poll(source, whole_second(clock.now()), origin)
        for problem in polled.problems:
            self.stderr.write(str(problem))
        if options["print"]:
            for sample in polled.samples:
                self.stdout.write(_line(sample))
        else:
            stored = pipelines.publish(polled.samples)
            self.stdout.write(f"{stored} samples of {source.name} stored.")
        if not polled.samples:
            raise CommandError(f"{source.name} brought no samples.")


def _line(sample: Sample) -> str:
    return f"{sample.resource}\t{sample.meter}\t{sample.volume:.15g}\t{sample.unit}"
