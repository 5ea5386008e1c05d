"""The system check of the pipeline files; it needs what Django has loaded by then."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from telemetry_site.pipelines import KINDS, check, in_use


def pipelines(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[checks.CheckMessage]:
    """E005: nobody could say what is to become of samples or events."""
    found = (check(in_use(kind), kind) for kind in KINDS)
    return [
        checks.Error(fault, id="telemetry.E005")
        for one in found
        if one.plan is None
        for fault in one.faults
    ]
