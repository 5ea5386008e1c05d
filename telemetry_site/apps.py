"""The Django app."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.module_loading import import_string

from telemetry_site.checks import settings_of_ours


class SiteConfig(AppConfig):
    """The project itself, for its checks, commands and pages."""

    name = "telemetry_site"
    verbose_name = "Telemetry site"

    def ready(self) -> None:
        """Let every command look at our settings before it does anything."""
        register(settings_of_ours, "telemetry")
        register(import_string("telemetry_site.pipeline_checks.pipelines"), "telemetry")
