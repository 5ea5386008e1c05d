"""Samples by resource, as Gnocchi is told of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from meters.publishers.gnocchi_measures import gathered, portions
from meters.samples import Sample
from telemetry_site.core.publishers.gnocchi_definitions import Definitions
from telemetry_site.core.publishers.gnocchi_resources import SHIPPED, read
from tests.factories import MOMENT, make_sample

NOTHING: tuple[list[object], set[str], int] = ([], set(), 0)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return read(SHIPPED)


def test_samples_of_a_resource_stand_together(definitions: Definitions) -> None:
    samples = [
        make_sample(1.5, meter="cpu", unit="ns", resource="vm-1"),
        make_sample(512.0, meter="memory", unit="MiB", resource="vm-2", project="p2", user=None),
        make_sample(2.5, MOMENT + timedelta(seconds=60), meter="cpu", unit="ns", resource="vm-1"),
        make_sample(256.0, meter="memory", unit=None, resource="vm-1"),
    ]
    first, second = gathered(samples, definitions, None).resources
    assert (first.id, first.type, first.user, first.project) == ("vm-1", "instance", "u1", "p1")
    assert (second.id, second.user, second.project) == ("vm-2", None, "p2")
    assert first.metrics == {
        "cpu": {
            "archive_policy_name": "ceilometer-low-rate",
            "unit": "ns",
            "measures": [
                {"timestamp": "2026-03-01T12:00:00", "value": 1.5},
                {"timestamp": "2026-03-01T12:01:00", "value": 2.5},
            ],
        },
        "memory": {
            "archive_policy_name": "ceilometer-low",
            "measures": [{"timestamp": "2026-03-01T12:00:00", "value": 256.0}],
        },
    }


def test_a_long_unit_is_cut_and_a_slash_of_an_id_replaced(definitions: Definitions) -> None:
    (found,) = gathered(
        [make_sample(meter="cpu", unit="u" * 40, resource="a/b")], definitions, None
    ).resources
    assert (found.id, found.metrics["cpu"]["unit"]) == ("a_b", "u" * 31)


def test_later_metadata_count_and_older_fill_gaps(definitions: Definitions) -> None:
    samples = [
        make_sample(meter="cpu", metadata={"host": "h1", "image_ref": "i1"}),
        make_sample(meter="cpu", metadata={"host": "h2"}),
        make_sample(meter="volume.size", metadata={"volume_type": "ssd", "display_name": "v"}),
    ]
    (found,) = gathered(samples, definitions, None).resources
    assert found.attributes() == {"host": "h2", "image_ref": "i1"}


def test_what_showed_last_counts_though_it_showed_first_too(definitions: Definitions) -> None:
    hosts = ("h1", "h2", "h1")
    samples = [make_sample(meter="cpu", metadata={"host": host}) for host in hosts]
    (found,) = gathered(samples, definitions, None).resources
    assert found.attributes() == {"host": "h1"}


@pytest.mark.parametrize(
    ("most", "expected"),
    [(1, ["a", "b", "c"]), (2, ["a", "b", "c"]), (3, ["ab", "c"]), (4, ["ab", "c"]), (5, ["abc"])],
)
def test_portions_hold_so_many_metrics(
    definitions: Definitions, most: int, expected: list[str]
) -> None:
    named = [("a", "cpu"), ("b", "cpu"), ("b", "memory"), ("c", "cpu"), ("c", "vcpus")]
    samples = [make_sample(resource=id, meter=meter) for id, meter in named]
    found = portions(gathered(samples, definitions, None).resources, most)
    assert ["".join(one.id for one in portion) for portion in found] == expected


def test_a_resource_is_made_with_its_metrics(definitions: Definitions) -> None:
    (found,) = gathered([make_sample(meter="cpu", unit="ns")], definitions, None).resources
    found.shown = {"host": "h1"}
    policy = {"archive_policy_name": "ceilometer-low-rate", "unit": "ns"}
    assert found.made() == {
        "id": "vm-1", "user_id": "u1", "project_id": "p1", "host": "h1", "metrics": {"cpu": policy}
    }  # fmt: skip


def test_meters_without_a_definition_are_named(definitions: Definitions) -> None:
    samples = [make_sample(meter="a"), make_sample(meter="b"), make_sample(meter="a")]
    assert gathered(samples, definitions, None) == ([], {"a", "b"}, 0)


def test_ignored_definitions_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("resources: [{resource_type: box, ignore: true, metrics: [weight]}]")
    assert gathered([make_sample(meter="weight")], read(path), None) == NOTHING


@pytest.mark.parametrize(
    ("sample", "own", "kept"),
    [
        (make_sample(meter="cpu", project="g"), "g", 0),
        (make_sample(meter="cpu", project="g"), None, 1),
        (make_sample(meter="cpu", project="p"), "g", 1),
        (make_sample(meter="cpu", project="p", resource="g"), "g", 1),
        (make_sample(meter="storage.objects", project="p", resource="g"), "g", 0),
        (make_sample(None, meter="cpu"), None, 0),
    ],
)
def test_the_own_project_and_samples_without_a_volume_are_left_out(
    definitions: Definitions, sample: Sample, own: str | None, kept: int
) -> None:
    found = gathered([sample], definitions, own)
    assert (len(found.resources), found.unknown, found.unfit) == (kept, set(), 0)


@pytest.mark.parametrize(
    "sample",
    [
        make_sample(float("inf"), meter="cpu"),
        make_sample(meter="cpu", timestamp=datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        make_sample(meter="cpu", timestamp=datetime(2262, 4, 11, tzinfo=UTC)),
        make_sample(meter="cpu", resource=""),
        make_sample(meter="cpu", resource="x" * 290),
    ],
)
def test_what_gnocchi_cannot_take_is_counted(definitions: Definitions, sample: Sample) -> None:
    assert gathered([sample], definitions, None) == ([], set(), 1)
