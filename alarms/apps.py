"""The Django app."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Alarms."""

    name = "alarms"
    verbose_name = "Alarms"
