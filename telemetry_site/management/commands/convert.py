"""manage.py convert: shows what notifications would become."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.management.base import CommandError

from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.trial import Shown, bodies, converted


class Command(MeteringCommand):
    """Nothing is stored."""

    help = (
        "Print the samples and the event that notifications would become, and which definition "
        "makes each. A file holds one notification, with or without its envelope, a list of them, "
        "or one a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and how they are printed."""
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="a file, or - for standard input"
        )
        parser.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="text to read, or a JSON object for each notification, one a line",
        )

    def handle(self, **options: Any) -> None:
        """Convert them; exit code 1 where one has a fault."""
        faulty = False
        for shown in self._shown(options["files"]):
            faulty = faulty or bool(shown.faults)
            for line in _json(shown) if options["format"] == "json" else text(shown):
                self.stdout.write(line)
        if faulty:
            raise SystemExit(1)

    def _shown(self, files: list[str]) -> Iterator[Shown]:
        now = clock.now()
        for file in files:
            try:
                for body in bodies(file, sys.stdin):
                    yield converted(file, body, now)
            except OSError as error:
                raise CommandError(f"{file} cannot be read: {error.strerror}") from error


def _json(shown: Shown) -> Iterator[str]:
    found = msgspec.to_builtins(shown, builtin_types=(msgspec.Raw,))
    yield msgspec.json.encode({"samples": [], "event": None, **found}).decode()


def text(shown: Shown) -> Iterator[str]:
    """A notification and what becomes of it, a line for each thing."""
    yield f"{shown.file}: {shown.event_type or 'no notification'}"
    for sample in shown.samples:
        owner = f"project {sample.project_id or '-'}, user {sample.user_id or '-'}"
        volume = f"{sample.volume:.15g} {sample.unit or ''}".rstrip()
        yield f"  sample {sample.name} = {volume} ({sample.type}) of {sample.resource_id}"
        yield f"    at {sample.timestamp}, {owner}; by {sample.definition}"
        yield f"    metadata {bytes(sample.metadata).decode()}"
    for dropped in shown.dropped:
        yield f"  no sample {dropped.name}: {dropped.why}; by {dropped.place}"
    if shown.event:
        yield f"  event {shown.event.event_type} at {shown.event.generated}"
        yield f"    by {shown.event.definition}"
        for trait in shown.event.traits:
            yield f"    {trait.name} ({trait.type}) = {trait.value}"
    for fault in shown.faults:
        yield f"  {fault}"
