"""manage.py resources, as it is typed."""

import pytest

from tests.commands import objects, printed, rows

pytestmark = pytest.mark.usefixtures("small_store")


def names(*words: str) -> list[str]:
    return [row["resource_id"] for row in objects("resources", *words)]


def test_it_lists_resources() -> None:
    assert names() == ["vm-1", "vm-2", "vm-3"]


def test_it_filters_as_the_api_does() -> None:
    assert names("-q", "project=p1") == ["vm-1", "vm-2"]
    assert names("-q", "timestamp>2026-03-01T12:00:00") == ["vm-1"]
    assert names("-q", "metadata.flavor=small") == ["vm-1"]
    assert names("--project", "p2") == ["vm-3"]
    assert names("--limit", "1") == ["vm-1"]


def test_json_has_the_fields_of_the_api() -> None:
    (row,) = objects("resources", "-q", "resource=vm-2")
    assert row == {
        "resource_id": "vm-2",
        "project_id": "p1",
        "user_id": "u1",
        "first_sample_timestamp": "2026-03-01T12:00:00",
        "last_sample_timestamp": "2026-03-01T12:00:00",
        "metadata": {},
        "links": [
            {"href": "http://127.0.0.1:8777/v2/resources/vm-2", "rel": "self"},
            {
                "href": "http://127.0.0.1:8777/v2/meters/cpu_util?q.field=resource_id&q.value=vm-2",
                "rel": "cpu_util",
            },
        ],
        "source": "openstack",
    }


def test_csv_has_no_links() -> None:
    assert rows("resources", "-q", "resource=vm-2") == [
        ["resource_id", "project_id", "user_id", "first_sample_timestamp",
         "last_sample_timestamp", "metadata", "source"],
        ["vm-2", "p1", "u1", "2026-03-01T12:00:00", "2026-03-01T12:00:00", "{}", "openstack"],
    ]  # fmt: skip


def test_a_table_is_made_for_reading() -> None:
    assert printed("resources", "--limit", "1").splitlines() == [
        "resource_id  project_id  first_sample_timestamp  last_sample_timestamp",
        "vm-1         p1          2026-03-01T12:00:00     2026-03-01T13:00:00",
    ]
