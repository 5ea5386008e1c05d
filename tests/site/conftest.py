"""Consumers in this process, on the database of the tests."""

from collections.abc import Iterator

import pytest

from tests.consumption import Consumption


@pytest.fixture
def consuming(transactional_db: None) -> Iterator[Consumption]:
    """Starts consumers; all of them are stopped before the tables are emptied."""
    made = Consumption()
    yield made
    made.stop()
