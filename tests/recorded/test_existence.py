"""Every recorded notification has the meters of older releases that say that something exists.

What those releases made by code, instances and networks, is not among what is expected of them.
"""

from functools import cache
from typing import Any

import pytest

from meters.ingest import EXISTENCE, owners_from_context
from meters.notified.definitions import Definitions
from meters.notified.drafts import Terms
from meters.notified.loading import load
from telemetry_site.core.messaging.notification import decode
from tests.recorded.conftest import body, of_release
from tests.recorded.test_conversion import OWN, moment, plain

MITAKA = of_release("mitaka")


@cache
def definitions() -> Definitions:
    loaded = load([EXISTENCE], owners_from_context)
    assert not loaded.faults
    return Definitions(loaded.definitions, Terms())


def test_some_have_them() -> None:
    assert sum(bool(made.get("non_metric_meters")) for made in MITAKA.values()) > 30


@pytest.mark.parametrize("name", MITAKA)
def test_existence_meters(name: str) -> None:
    made = definitions().made_of(decode(body(name)))
    found = [
        plain(sample)
        for sample, place in zip(made.samples, made.places, strict=True)
        if place.startswith("existence.yaml") and sample.meter != "instance"
    ]
    wanted = MITAKA[name].get("non_metric_meters", [])
    assert in_order([shape(one) for one in found]) == in_order(
        [{**shape(one), "timestamp": moment(one["timestamp"])} for one in wanted]
    )


def shape(one: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in (*OWN, "volume", "timestamp")}


def in_order(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(some, key=lambda one: (one["name"], str(one["resource_id"])))
