"""The Django app."""

from django.apps import AppConfig


class PollstersConfig(AppConfig):
    """Polling."""

    name = "pollsters"
    verbose_name = "Polling"
