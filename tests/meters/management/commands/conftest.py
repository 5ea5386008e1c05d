"""A small store for the commands to ask."""

from datetime import timedelta

import pytest

from meters.pipelines import publish
from tests.factories import MOMENT, make_sample

HOUR = timedelta(hours=1)


@pytest.fixture
def small_store(db: None) -> None:
    """Two machines of p1 and one of p2 at 12:00, and one of them an hour later."""
    publish(
        [
            make_sample(10, metadata={"flavor": "small"}),
            make_sample(20, MOMENT + HOUR, metadata={"flavor": "small"}),
            make_sample(30, resource="vm-2"),
            make_sample(40, resource="vm-3", project="p2", user=None),
            make_sample(512, meter="memory.usage", unit="MB"),
        ]
    )
