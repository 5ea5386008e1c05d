"""The Django app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The shared ground."""

    name = "telemetry_site.core"
    label = "core"
    verbose_name = "Telemetry"
