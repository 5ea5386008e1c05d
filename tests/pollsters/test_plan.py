"""The polling plan's file."""

from pathlib import Path

import pytest

from pollsters import catalogue, plan
from pollsters.sources import Source
from telemetry_site.core.errors import BadDefinition


def test_it_ships_a_plan_that_polls_this_machine_every_minute() -> None:
    assert plan.read(None) == (Source("host", 60, ("hardware.*", "host.*")),)


def test_it_ships_a_plan_that_takes_every_meter_of_the_host() -> None:
    (host,) = plan.read(None)
    ((pollster, names),) = catalogue.asked(host)
    assert names == {row.name for row in pollster.meters}


def test_it_says_which_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match=r"gone\.yaml, line 1: cannot be read: No such file"):
        plan.read(tmp_path / "gone.yaml")


def test_it_says_which_file_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BadDefinition, match=r"bad\.yaml, line 1: is not UTF-8 text"):
        plan.read(tmp_path / "bad.yaml")
