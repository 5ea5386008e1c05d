"""The Django app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from meters.storage.functions import add_functions


class MetersConfig(AppConfig):
    """Metering."""

    name = "meters"
    verbose_name = "Metering"

    def ready(self) -> None:
        """Every new connection to SQLite gets the functions that our statements use."""
        connection_created.connect(add_functions, dispatch_uid="meters.storage.functions")
