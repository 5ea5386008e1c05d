"""manage.py rejected: lists, replays and drops what could not be processed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet

from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.replay import StillRejected, replay


class Command(MeteringCommand):
    """Messages of the notification bus that were kept because they, or a half, failed."""

    help = (
        "list: number, time, queue, part, event type and reason of each kept message. replay: take "
        "in what failed of them. drop: delete them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which of them."""
        parser.add_argument("what", choices=("list", "replay", "drop"), help="what to do")
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="numbers of messages")
        parser.add_argument("--all", action="store_true", help="replay or drop all of them")
        parser.add_argument("--queue", help="only those of this queue")
        parser.add_argument("--event-type", help="only those of this event type")
        parser.add_argument(
            "--part",
            choices=[part for part, _ in RejectedMessage.PARTS],
            help="only those of which this part failed",
        )

    def handle(self, **options: Any) -> None:
        """Do it."""
        found = _chosen(options)
        if options["what"] == "list":
            for row in found.iterator():
                self.stdout.write(line(row))
        elif options["what"] == "drop":
            self.stdout.write(f"{found.delete()[0]:,} dropped.")
        else:
            self._replay(found)

    def _replay(self, found: QuerySet[RejectedMessage]) -> None:
        good = bad = 0
        for number in list(found.values_list("pk", flat=True)):
            row = RejectedMessage.objects.filter(pk=number).first()
            if row is None:
                continue
            try:
                replay(row, clock.now())
                good += 1
            except StillRejected as error:
                bad += 1
                self.stderr.write(f"{number}: {error}")
        self.stdout.write(f"{good:,} taken in, {bad:,} still rejected.")
        if bad:
            raise SystemExit(1)


def _chosen(options: dict[str, Any]) -> QuerySet[RejectedMessage]:
    found = RejectedMessage.objects.order_by("pk")
    filters = {name: options[name] for name in ("queue", "part", "event_type") if options[name]}
    if options["what"] != "list" and not (options["ids"] or options["all"] or filters):
        raise CommandError(
            f"Say which to {options['what']}: numbers, --queue, --part, --event-type, or --all."
        )
    if options["ids"]:
        filters["pk__in"] = options["ids"]
    return found.filter(**filters)


def line(row: RejectedMessage) -> str:
    """One message, with tabs between its fields; of a reason only the first line."""
    when = on_the_wire(row.received_at.replace(microsecond=0))
    kind = row.event_type or "-"
    reason = (row.reason.splitlines() or [""])[0]
    return "\t".join((str(row.pk), when, row.queue, row.part, kind, reason))
