"""Evaluates all alarms once, now."""

from argparse import ArgumentParser
from typing import Any

from alarms import hits, rounds, sending
from telemetry_site.core import clock
from telemetry_site.core.cli.command import Error, MeteringCommand

PATIENCE = 60.0  # seconds that actions may take


class Command(MeteringCommand):
    """`manage.py evaluate_alarms`"""

    help = "Evaluate all alarms once, now, and run the actions that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether actions are run."""
        parser.add_argument(
            "--no-actions", action="store_true", help="Leave the actions to the worker."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One round in the foreground."""
        ended = rounds.run(clock.now(), forced=True)
        if ended is None:
            raise Error("A worker is evaluating the alarms at this moment; try again.")
        fired = hits.work_off()
        changed, actions = ended.changed + fired.changed, ended.actions + fired.actions
        self.stdout.write(
            f"Alarms evaluated: {ended.evaluated}. States changed: {changed}. "
            f"Actions to run: {actions}."
        )
        if not options["no_actions"]:
            begun = sending.work_off()
            if not sending.settle(PATIENCE):
                raise Error("Some actions take their time; the worker goes on with them.")
            self.stdout.write(f"Actions run: {begun}.")
