"""manage.py meters, as it is typed."""

import pytest

from tests.commands import objects, printed, rows

pytestmark = pytest.mark.usefixtures("small_store")


def test_it_lists_the_meters_of_each_resource() -> None:
    found = {(row["name"], row["resource_id"]) for row in objects("meters")}
    assert found == {
        ("cpu_util", "vm-1"),
        ("cpu_util", "vm-2"),
        ("cpu_util", "vm-3"),
        ("memory.usage", "vm-1"),
    }


def test_json_has_the_fields_of_the_api() -> None:
    (row,) = objects("meters", "-q", "resource=vm-3")
    assert row == {
        "name": "cpu_util",
        "type": "gauge",
        "unit": "%",
        "resource_id": "vm-3",
        "project_id": "p2",
        "user_id": None,
        "source": "openstack",
        "meter_id": "dm0tMytjcHVfdXRpbA==",
    }


def test_each_meter_once_when_asked() -> None:
    found = rows("meters", "--unique")
    assert found[0] == [
        "name", "type", "unit", "resource_id", "project_id", "user_id", "source", "meter_id",
    ]  # fmt: skip
    assert sorted(row[:4] for row in found[1:]) == [
        ["cpu_util", "gauge", "%", ""],
        ["memory.usage", "gauge", "MB", ""],
    ]


def test_a_table_is_made_for_reading() -> None:
    assert printed("meters", "-q", "project=p2") == (
        "name      type   unit  resource_id  project_id\ncpu_util  gauge  %     vm-3         p2\n"
    )


def test_it_looks_as_a_project() -> None:
    assert {row["resource_id"] for row in objects("meters", "--project", "p2")} == {"vm-3"}


def test_it_stops_at_the_limit() -> None:
    assert len(objects("meters", "--limit", "2")) == 2
