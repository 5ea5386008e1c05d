"""Fills the store with a believable cloud."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command

from telemetry_site.core import clock
from telemetry_site.core.cli.command import Error, MeteringCommand
from telemetry_site.core.progress import Progress
from telemetry_site.demo import alarms
from telemetry_site.demo.cloud import streams
from telemetry_site.demo.filling import fill, refuse_foreign, tell
from telemetry_site.demo.notifications import notifications
from telemetry_site.demo.stream import Plan


class Command(MeteringCommand):
    """`manage.py demo --days 7`"""

    help = (
        "Fill the store with a believable cloud: six projects with instances, volumes, images, "
        "addresses and object stores, a month of their samples and of the instances' events that "
        "ends now, and some alarms. A second run adds what is new since the first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, and which cloud."""
        parser.add_argument("--days", type=int, default=30, help="How many days (30).")
        parser.add_argument(
            "--interval", type=int, default=600, help="Seconds between two samples (600)."
        )
        parser.add_argument("--seed", default="1", help="Another seed makes another cloud (1).")
        parser.add_argument(
            "--force", action="store_true", help="Fill a store that holds other samples too."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tables where they are missing, fill them, say how much it was."""
        if options["days"] < 1 or options["interval"] < 1:
            raise Error("Days and interval must be whole numbers above zero.")
        call_command("migrate", verbosity=0)
        if not options["force"]:
            refuse_foreign(settings.TELEMETRY["HOST"])
        now = clock.now()
        try:
            plan = Plan.until(now, options["seed"], options["interval"], options["days"])
        except ValueError as error:
            raise Error(str(error)) from error
        every = list(streams(plan))
        total = sum(map(len, every))
        with Progress(sys.stderr, total) as progress:
            filled = fill(every, lambda done: progress.show(done.sent, f"{done.sent:,} samples"))
        self.stdout.write(f"{filled.stored:,} samples stored, {filled.sent:,} in all.")
        told = tell(notifications(plan), now)
        self.stdout.write(f"{told.stored:,} events stored, {told.sent:,} in all.")
        self.stdout.write(f"{alarms.make(now):,} alarms made.")
