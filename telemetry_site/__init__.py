"""The project: puts the apps together; nothing else may import them all."""

from telemetry_site.celery import app as celery_app

__all__ = ["celery_app"]
