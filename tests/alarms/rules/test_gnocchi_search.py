import json
from typing import Any

import pytest

from alarms.rules.gnocchi_search import read
from telemetry_site.core.query.tree import EVERYTHING, And, Compare, Not, Or

STACK = Compare("metadata", "=", "s1", ("user_metadata", "server_group"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"=": {"server_group": "s1"}}, STACK),
        ({"eq": {"id": "vm-1"}}, Compare("resource", "=", "vm-1")),
        ({"=": {"created_by_project_id": "p1"}}, Compare("project", "=", "p1")),
        ({"!=": {"user_id": "u1"}}, Not(Compare("user", "=", "u1"))),
        (
            {"in": {"id": ["a", "b"]}},
            Or((Compare("resource", "=", "a"), Compare("resource", "=", "b"))),
        ),
        ({"like": {"id": "vm-%_"}}, Compare("resource", "=~", "^vm\\-(.|\n)*(.|\n)$")),
        ({"=": {"type": "instance"}}, EVERYTHING),
        (
            {"and": [{"=": {"project_id": "p1"}}, {"not": {"=": {"server_group": "s1"}}}]},
            And((Compare("project", "=", "p1"), Not(STACK))),
        ),
        ({"∨": [{">": {"project_id": "p1"}}]}, Or((Compare("project", ">", "p1"),))),
    ],
)
def test_it_reads_queries(query: Any, found: Any) -> None:
    assert read(json.dumps(query)) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "no JSON", "[]", "{}", '{"=": {}}', '{"=": "a"}', '{"and": []}', '{"and": {}}',
        '{"~": {"id": "a"}}', '{"=": {"id": []}}', '{"in": {"id": "a"}}', '{"like": {"id": 1}}',
        '{"=": {"id": "a\\u0000"}}', '{"=": {"id": "a"}, "x": 1}',
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_query(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_it_is_not_nested_without_end() -> None:
    given: Any = {"=": {"id": "a"}}
    for _ in range(60):
        given = {"not": given}
    with pytest.raises(ValueError):
        read(json.dumps(given))
