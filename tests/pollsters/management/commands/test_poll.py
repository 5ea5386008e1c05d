"""The command that polls one source once."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from meters.models import StoredSample
from pollsters.models import PollJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(settings: Any, tmp_path: Path) -> Callable[[str], None]:
    """Sets the meters that the source `host` takes."""

    def write(meters: str) -> None:
        path = tmp_path / "polling.yaml"
        path.write_text(f"sources: [{{name: host, interval: 60, meters: [{meters}]}}]")
        settings.TELEMETRY = {**settings.TELEMETRY, "POLLING_FILE": path, "HOST": "node-1"}

    return write


def poll(*words: str) -> str:
    output = StringIO()
    call_command("poll", *words, stdout=output, stderr=StringIO())
    return output.getvalue()


def test_it_stores_what_it_polls(plan: Callable[[str], None]) -> None:
    plan("hardware.cpu.load.*")
    assert poll("host") == "3 samples of host stored.\n"
    assert StoredSample.objects.count() == 3
    assert not PollJob.objects.exists()


def test_it_prints_instead_of_storing(plan: Callable[[str], None]) -> None:
    plan("host.cpu.count")
    resource, meter, volume, unit = poll("host", "--print").rstrip("\n").split("\t")
    assert (resource, meter, unit) == ("node-1", "host.cpu.count", "core")
    assert int(volume) >= 1
    assert not StoredSample.objects.exists()


def test_it_names_the_sources_there_are() -> None:
    with pytest.raises(CommandError, match="has no source x; there are: host"):
        poll("x")


def test_it_fails_when_a_source_brings_nothing(plan: Callable[[str], None]) -> None:
    plan("no.such.meter")
    with pytest.raises(CommandError, match="host brought no samples"):
        poll("host")


def test_it_says_what_is_wrong_with_the_plan(plan: Callable[[str], None]) -> None:
    plan("")
    with pytest.raises(CommandError, match="line 1: meters must name at least one"):
        poll("host")
