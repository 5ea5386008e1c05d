"""Deliveries in, and what is there after each: on one page for people to check."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.pipes import Pipe, at, seconds

FILES = sorted((Path(__file__).parent / "golden").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_is_there_after_each_delivery(path: Path) -> None:
    page: dict[str, Any] = yaml.safe_load(path.read_text())
    pipe = Pipe(*[(step["name"], step["parameters"]) for step in page["transformers"]])
    there = {}
    for delivery in page["deliveries"]:
        (unit,) = pipe.feed([at(*pair, **page["common"]) for pair in delivery["give"]])
        for one in (*unit.fresh, *unit.replaced):
            there[one.message_id] = one
        for one in unit.withdrawn:
            del there[one.message_id]
        found = sorted([seconds(one), one.volume] for one in there.values())
        assert found == delivery["there"], delivery
