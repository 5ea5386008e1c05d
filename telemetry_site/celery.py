"""The Celery app: its settings are the CELERY_* ones of Django's settings."""

import os

from celery import Celery
from click import Option

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemetry_site.settings")

app = Celery("telemetry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The step is named, not imported: it needs Django, which is not set up yet.
app.steps["worker"].add("telemetry_site.consumer:Notifications")
app.user_options["worker"].add(
    Option(("--notifications",), is_flag=True, help="Read the notification buses of the settings.")
)
