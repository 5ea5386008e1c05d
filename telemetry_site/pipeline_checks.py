"""The system check of the pipeline files; it needs what Django has loaded by then."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from events import pipelines as events
from meters import pipelines as samples
from telemetry_site.core.errors import BadDefinition


def pipelines(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[checks.CheckMessage]:
    """E005: nobody could say what is to become of samples or events."""
    found: list[checks.CheckMessage] = []
    for pipeline in (samples, events):
        try:
            pipeline.load(pipeline.file())
        except BadDefinition as error:
            found.append(checks.Error(str(error), id="telemetry.E005"))
    return found
