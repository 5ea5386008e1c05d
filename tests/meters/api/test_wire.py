"""How samples are written: metadata made flat, and fast."""

import json
import time
from typing import Any

import msgspec
import pytest

from meters.api.wire import encode, flat_metadata, flattened, old_sample
from meters.samples import encode_metadata
from tests.factories import MOMENT, make_sample


@pytest.mark.parametrize(
    ("metadata", "flat"),
    [
        ({}, {}),
        ({"a": "x"}, {"a": "x"}),
        ({"a": {"b": {"c": "d"}}}, {"a.b:c": "d"}),
        (
            {"dict_properties": {"key.$1": {"$key": "val"}}},
            {"dict_properties.key:$1:$key": "val"},
        ),
        ({"a.b.c": "x"}, {"a.b:c": "x"}),
        ({"list": ["returned"]}, {"list": "['returned']"}),
        ({"yes": True, "share": 0.75, "none": None, "n": 10**30},
         {"yes": "True", "share": "0.75", "none": "None", "n": str(10**30)}),
        ({"whole": 1.0}, {"whole": "1.0"}),
        ({"empty": {}}, {}),
        ({"list": [{"a": [1, None]}]}, {"list": "[{'a': [1, None]}]"}),
    ],
)  # fmt: skip
def test_it_makes_metadata_flat(metadata: Any, flat: dict[str, str]) -> None:
    assert flattened(metadata) == flat
    assert json.loads(bytes(flat_metadata(encode_metadata(metadata)))) == flat


def test_it_leaves_metadata_as_they_are_stored_where_that_is_wanted() -> None:
    sample = make_sample(metadata={"a": {"b": 1}})
    assert bytes(old_sample(sample).resource_metadata) == b'{"a.b":"1"}'
    assert bytes(old_sample(sample, msgspec.Raw).resource_metadata) == b'{"a":{"b":1}}'


def test_it_writes_a_thousand_samples_in_some_milliseconds() -> None:
    metadata = {f"key{n}": {"deep": n} for n in range(20)}
    samples = [make_sample(n, metadata=metadata, recorded_at=MOMENT) for n in range(1000)]
    shortest = min(_seconds(samples) for _ in range(5))
    assert shortest < 0.02


def _seconds(samples: Any) -> float:
    start = time.perf_counter()
    encode([old_sample(sample) for sample in samples])
    return time.perf_counter() - start
