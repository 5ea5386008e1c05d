"""The Django app."""

from django.apps import AppConfig


class MetersConfig(AppConfig):
    """Metering."""

    name = "meters"
    verbose_name = "Metering"
