"""A pipeline file that cannot be used stops the start."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from telemetry_site.pipeline_checks import pipelines


@pytest.mark.parametrize("name", ["PIPELINE_FILE", "EVENT_PIPELINE_FILE"])
def test_a_bad_file_is_an_error(name: str, tmp_path: Path, settings: LazySettings) -> None:
    assert pipelines(None) == []
    (tmp_path / "p.yaml").write_text("sinks: []")
    settings.TELEMETRY = {**settings.TELEMETRY, name: tmp_path / "p.yaml"}
    (found,) = pipelines(None)
    assert (found.id, found.msg) == (
        "telemetry.E005",
        f"{tmp_path}/p.yaml, line 1: the key sources is missing.",
    )
    with pytest.raises(SystemCheckError, match="the key sources is missing"):
        call_command("check")
