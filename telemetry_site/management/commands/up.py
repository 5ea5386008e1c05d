"""Everything from one command: migrates, then runs web, worker, beat and consumer until stopped."""

import os
import signal
import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandParser

from telemetry_site.core import clock
from telemetry_site.supervisor import children, flags, launch, lines
from telemetry_site.supervisor.children import NAMES
from telemetry_site.supervisor.startup import CannotStart, Interrupted


class Command(BaseCommand):
    """Runs Telemetry on this machine."""

    help = (
        "Run everything on this machine: web, worker, beat, and consumer where there are "
        "notifications to read; Ctrl-C stops it."
    )
    requires_system_checks = ()  # looked at below, once the flags count

    def add_arguments(self, parser: CommandParser) -> None:
        """The flags; what they do not say, the TELEMETRY_ variables do."""
        names = ", ".join(NAMES)
        parser.add_argument("--only", metavar="NAMES", help=f"Run only these of {names}.")
        parser.add_argument("--without", metavar="NAMES", help="Run all but these.")
        parser.add_argument("--bind", metavar="HOST", help="Listen on HOST or HOST:PORT.")
        parser.add_argument("--port", type=int, help="Listen on this port; 0: any free one.")
        parser.add_argument("--data-dir", metavar="FOLDER", help="Keep everything in FOLDER.")
        parser.add_argument(
            "--log-format", choices=("text", "json"), default="text", help="How lines are written."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and end with the supervisor's exit code."""
        present = settings.TELEMETRY["BIND"]
        wanted = flags.overrides(options["bind"], options["port"], options["data_dir"], present)
        if flags.differs(wanted, os.environ):
            # The settings are read already: begin again with an environment that says it all.
            environ = {**os.environ, **wanted}
            os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)  # noqa: S606
        try:
            idle = children.idle(settings.TELEMETRY)
            names = flags.chosen(options["only"], options["without"], NAMES, idle)
            sys.exit(self._run(names, options["log_format"]))
        except (CannotStart, ValueError) as error:
            self.stderr.write(str(error))
            sys.exit(getattr(error, "exit_code", 1))

    def _run(self, names: tuple[str, ...], log_format: str) -> int:
        colour = self.stdout.isatty() and not os.environ.get("NO_COLOR")
        form = lines.form_of(log_format, names, colour)

        def say(name: str, line: str) -> None:
            sys.stdout.write(form(name, line, clock.now()) + "\n")
            sys.stdout.flush()

        for message in run_checks(tags=["telemetry"]):
            if message.level >= ERROR:
                raise CannotStart(message.msg)
            say(lines.OWN, message.msg)
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)
        return launch.launch(settings.TELEMETRY, settings.BASE_DIR, names, say)


def _interrupt(number: int, frame: object) -> NoReturn:
    """Until the children run, a signal ends the preparations."""
    raise Interrupted(number)
