"""The Celery app: its settings are the CELERY_* ones of Django's settings."""

import os

from celery import Celery
from celery.signals import worker_ready
from click import Option

from telemetry_site.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemetry_site.settings")

app = Celery("telemetry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Batches of samples, and rounds of alarms.
worker_ready.connect(lambda **_: settle(), weak=False, dispatch_uid="settle")

# The step is named, not imported: it needs Django, which is not set up yet.
app.steps["worker"].add("telemetry_site.consumer:Notifications")
app.user_options["worker"].add(
    Option(("--notifications",), is_flag=True, help="Read the notification buses of the settings.")
)


def send(task: str) -> None:
    """Send a wake-up by its name, once: whoever looks for work makes up for one that is lost."""
    app.send_task(task, retry=False, expires=10, ignore_result=True)
