"""The Django app."""

from importlib import import_module

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Alarms."""

    name = "alarms"
    verbose_name = "Alarms"

    def ready(self) -> None:
        """Listen to what arrives, once there are models."""
        import_module("alarms.receivers")
