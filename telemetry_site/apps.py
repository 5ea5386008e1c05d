"""The Django app."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, register
from django.utils.module_loading import import_string

from telemetry_site.checks import settings_of_ours


class SiteConfig(AppConfig):
    """The project itself, for its checks, commands and pages."""

    name = "telemetry_site"
    verbose_name = "Telemetry site"

    def ready(self) -> None:
        """Let every command look at our settings before it does anything."""
        register(settings_of_ours, "telemetry")
        register(_pipelines, "telemetry")


def _pipelines(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Loaded when it is asked for: most commands ask for no checks."""
    check = import_string("telemetry_site.pipeline_checks.pipelines")
    found: list[CheckMessage] = check(app_configs, **kwargs)
    return found
