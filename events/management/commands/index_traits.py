"""Makes the indexes of traits that TELEMETRY_INDEXED_TRAITS names."""

from typing import Any

from django.conf import settings
from django.db import connection

from events.storage import indexes
from telemetry_site.core.cli.command import MeteringCommand

ONLY_POSTGRESQL = "Traits are indexed on PostgreSQL only."


class Command(MeteringCommand):
    """`manage.py index_traits`"""

    help = (
        "Make the indexes of the traits that TELEMETRY_INDEXED_TRAITS names, and drop those of "
        "others, while events go on coming in. Beat does the same every hour."
    )

    def handle(self, **options: Any) -> None:
        """Do it and say what was done."""
        if connection.vendor != "postgresql":
            self.stdout.write(ONLY_POSTGRESQL)
            return
        found = indexes.make(settings.TELEMETRY["INDEXED_TRAITS"])
        made = ", ".join(found.made) or "none"
        self.stdout.write(f"Indexed now: {made}. Indexes dropped: {found.dropped}.")
