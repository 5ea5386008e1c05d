"""POST /v2/query/samples."""

from datetime import timedelta
from typing import Any

import pytest

from meters.pipelines import publish
from tests.callers import MEMBER, Api, fault
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db
PATH = "/v2/query/samples"


@pytest.fixture
def five() -> None:
    """Volumes 1 to 5, a minute apart, on two resources of two projects."""
    publish(
        [
            make_sample(
                float(n),
                MOMENT + timedelta(minutes=n),
                {"size": n, "name": f"n{n}"} if n < 5 else {},
                resource=f"vm-{n % 2}",
                project="p1" if n < 4 else "p2",
                source=f"s{n % 2}",
            )
            for n in range(1, 6)
        ]
    )


def volumes(found: Any) -> list[float]:
    return [sample["volume"] for sample in found]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"=": {"counter_name": "cpu_util"}}, [5, 4, 3, 2, 1]),
        ({"!=": {"resource": "vm-1"}}, [4, 2]),
        ({"<": {"volume": 3}}, [2, 1]),
        ({"<=": {"counter_volume": 3}}, [3, 2, 1]),
        ({"=<": {"counter_volume": 3}}, [3, 2, 1]),
        ({">": {"volume": 3.5}}, [5, 4]),
        ({"=>": {"volume": "4"}}, [5, 4]),
        ({"=~": {"resource": "^vm.0$"}}, [4, 2]),
        ({"in": {"resource_id": ["vm-0", "x"]}}, [4, 2]),
        ({"IN": {"volume": [1, 5.0]}}, [5, 1]),
        ({"=": {"source": "s0"}}, [4, 2]),
        ({">": {"timestamp": "2026-03-01T12:03:00+09:00"}}, [5, 4]),
        ({"=": {"timestamp": "2026-03-01 12:03"}}, [3]),
        ({">": {"recorded_at": "2020-01-01"}}, [5, 4, 3, 2, 1]),
        ({"=": {"metadata.size": 2}}, [2]),
        ({"=": {"metadata.size": "2"}}, []),
        ({"=": {"metadata.size": 2.0}}, []),
        ({">": {"metadata.size": 2}}, [4, 3]),
        ({"=~": {"metadata.name": "n[12]"}}, [2, 1]),
        ({"not": {"=": {"metadata.size": 2}}}, [4, 3, 1]),
        ({"not": {"=": {"metadata.unknown": 2}}}, []),
        ({"AND": [{"=": {"user": "u1"}}, {"Not": {">": {"volume": 1}}}]}, [1]),
        ({"or": [{"=": {"volume": 1}}, {"=": {"volume": 5}}]}, [5, 1]),
    ],
)
def test_it_answers_a_filter(api: Api, expression: Any, expected: list[float]) -> None:
    assert volumes(api.query(filter=expression)) == expected


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([{"counter_volume": "ASC"}], [1, 2, 3, 4, 5]),
        ([{"timestamp": "desc"}], [5, 4, 3, 2, 1]),
        ([{"resource": "asc"}, {"volume": "desc"}], [4, 2, 5, 3, 1]),
        ([{"source": "desc"}, {"timestamp": "asc"}], [1, 3, 5, 2, 4]),
    ],
)
def test_it_orders(api: Api, order: Any, expected: list[float]) -> None:
    assert volumes(api.query(orderby=order)) == expected


@pytest.mark.usefixtures("five")
def test_it_answers_everything_newest_first_without_being_told(api: Api) -> None:
    assert volumes(api.query()) == [5, 4, 3, 2, 1]
    assert volumes(api.query(limit=2)) == [5, 4]
    assert volumes(api.query(limit="2")) == [5, 4]
    assert len(api.query(orderby=[])) == 5
    nulls: Any = {"filter": None, "orderby": None, "limit": None}
    assert api.send("POST", PATH, nulls).status_code == 200


SCHEMA = "Filter expression not valid: {} is not valid under any of the given schemas"
WRONG = "Invalid input for field/attribute {}. Value: '{}'. Wrong type. Expected '{}', got '{}'"
STR, DICT, LIST = "<class 'str'>", "<class 'dict'>", "<class 'list'>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"filter": "{"}, "Filter expression not valid: Expecting property name enclosed in "
         "double quotes: line 1 column 2 (char 1)"),
        ({"filter": '{"=": {"unknown": "x"}}'}, SCHEMA.format("{'=': {'unknown': 'x'}}")),
        ({"filter": '{"=": {"timestamp": "junk"}}'}, "Failed to parse the timestamp value junk"),
        ({"filter": '{"in": {"timestamp": ["x"]}}'}, "Failed to parse the timestamp value ['x']"),
        ({"orderby": "[] x"},
         "Order-by expression not valid: Extra data: line 1 column 4 (char 3)"),
        ({"orderby": '[{"user": ""}]'},
         "Order-by expression not valid: '' does not match '(?i)^asc$|^desc$'"),
        ({"orderby": "{}"}, "Order-by expression not valid: {} is not of type 'array'"),
        ({"orderby": '[{"user": "asc", "unit": "asc"}]'},
         "Order-by expression not valid: {'user': 'asc', 'unit': 'asc'} has too many properties"),
        ({"limit": 0}, "Limit must be positive"),
        ({"limit": "-1"}, "Limit must be positive"),
        ({"limit": "x"},
         "Invalid input for field/attribute limit. Value: 'x'. unable to convert to int"),
        ({"x": 1}, "Unknown attribute for argument body: x"),
        ({"filter": {"=": {}}}, WRONG.format("filter", "{'=': {}}", STR, DICT)),
        ({"orderby": []}, WRONG.format("orderby", "[]", STR, LIST)),
        (b"", 'Missing argument: "body"'),
        (b"null", 'Missing argument: "body"'),
        (b"junk", "Request is not in valid JSON format"),
        ({"filter": '{"=~": {"user": "("}}'}, "The regular expression ( cannot be read"),
        ({"filter": '{"=~": {"metadata.a": "("}}'}, "The regular expression ( cannot be read"),
    ],
)  # fmt: skip
def test_it_words_what_cannot_be_read(api: Api, body: Any, text: str) -> None:
    assert fault(api.send("POST", PATH, body)) == (400, "Client", text)


def test_it_begins_with_what_clients_match_for_a_field_to_order_by(api: Api) -> None:
    _, _, text = api.query_fault(orderby=[{"x": "asc"}])
    assert text.startswith("Order-by expression not valid: 'x' does not match any of the regexes")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ({"in": {"metadata.a": ["x"]}}, "Metadata query with in operator is not implemented"),
        ({"=": {"message_signature": "x"}}, "Query on message_signature is not supported"),
    ],
)
def test_it_says_what_it_does_not_offer(api: Api, expression: Any, text: str) -> None:
    assert api.query_fault(filter=expression) == (501, "Server", text)


@pytest.mark.parametrize("depth", [250, 900, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [('{"not":', "}"), ('{"and":[{},', "]}")])
def test_it_survives_any_depth(api: Api, depth: int, opening: str, closing: str) -> None:
    leaf = '{"=": {"user": "u"}}'
    text = opening.replace("{}", leaf) * depth + leaf + closing * depth
    response = api.send("POST", PATH, {"filter": text})
    assert response.status_code in ((200, 400) if depth < 1_000 else (400,))


def test_it_answers_a_filter_that_is_deep_within_reason(api: Api) -> None:
    text = '{"not":' * 100 + '{"=": {"user": "u"}}' + "}" * 100
    assert api.query(filter=text) == []


def test_it_looks_at_the_filter_then_the_project_then_the_order_then_the_limit(api: Api) -> None:
    foreign, bad = {"=": {"project": "p9"}}, "Order-by expression not valid"
    assert api.query_fault(MEMBER, filter="{", orderby="x", limit=0)[2].startswith("Filter")
    assert api.query_fault(MEMBER, filter=foreign, orderby="x", limit=0)[0] == 401
    assert api.query_fault(MEMBER, orderby="x", limit=0)[2].startswith(bad)
    assert api.query_fault(MEMBER, limit=0)[2] == "Limit must be positive"
