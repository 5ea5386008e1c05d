"""The Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from telemetry_site.core.query.patterns import add_finds


class CoreConfig(AppConfig):
    """The shared ground."""

    name = "telemetry_site.core"
    label = "core"
    verbose_name = "Telemetry"

    def ready(self) -> None:
        """Every new connection to SQLite can search by regular expressions."""
        connection_created.connect(add_finds, dispatch_uid="telemetry_site.core.query.patterns")
