"""Input that means no good: refused or answered with nothing, never an error of ours."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from meters.pipelines import publish
from tests.callers import ADMIN, MEMBER, Api
from tests.factories import make_sample

pytestmark = pytest.mark.django_db

STRANGE = {
    "NUL": "a%00b",
    "no UTF-8": "%FF%FE",
    "a surrogate": "%ED%A0%80",
    "long": "x" * 50_000,
    "empty": "",
    "a percent sign": "%25",
    "half an escape": "%2",
    "an emoji": quote("🦊"),
    "a quote": quote("'\"\\"),
    "SQL": quote("'; DROP TABLE sample; --"),
    "a huge number": "9" * 400,
    "a very huge number": "9" * 5_000,
    "a negative one": "-" + "9" * 40,
    "nothing finite": "inf",
    "no number": "nan",
    "1e400": "1e400",
    "brackets": quote("[" * 300),
    "a tuple": quote("(1, 2)"),
    "a format": quote("%s %(x)s {0}"),
}
FIELDS = ("user", "project", "resource", "source", "meter", "message_id", "metadata.a",
          "metadata.a.b.c", "metadata.", "metadata..", "timestamp", "search_offset")  # fmt: skip
PATHS = ("meters", "meters/cpu_util", "meters/cpu_util/statistics", "samples", "resources")


@pytest.fixture(autouse=True)
def _something() -> None:
    publish([make_sample(metadata={"a": {"b": "c"}, "n": 5})])


def harmless(api: Api, path: str, caller: Mapping[str, str] = ADMIN) -> None:
    """A GET ends well, or is refused."""
    _harmless(lambda: api.send("GET", path, caller=caller))


def harmless_filter(api: Api, expression: Any) -> None:
    """So does a complex query with this filter."""
    body = {"filter": json.dumps(expression)}
    _harmless(lambda: api.send("POST", "/v2/query/samples", body))


def _harmless(send: Callable[[], Any]) -> None:
    with transaction.atomic():
        response = send()
        # What the database refuses would break the transaction of the test for the next.
        transaction.set_rollback(True)
    assert response.status_code in (200, 400, 401, 404, 405, 501), response.content[:500]


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("kind", ["", "integer", "float", "string", "boolean", "datetime"])
def test_it_survives_strange_values_of_metadata(api: Api, value: str, kind: str) -> None:
    query = f"q.field=metadata.n&q.value={value}&q.type={kind}"
    for path in PATHS:
        harmless(api, f"/v2/{path}?{query}")


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_it_survives_strange_values_of_fields(api: Api, value: str) -> None:
    for field in FIELDS:
        query = f"q.field={field}&q.op=&q.value={value}"
        harmless(api, f"/v2/samples?{query}")
        harmless(api, f"/v2/meters?{query}", caller=MEMBER)
        harmless(api, f"/v2/resources?q.field=timestamp&q.op=gt&q.value={value}")


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_it_survives_strange_names(api: Api, value: str) -> None:
    for path in (f"meters/{value}", f"meters/{value}/statistics", f"samples/{value}",
                 f"resources/{value}", value):  # fmt: skip
        harmless(api, f"/v2/{path}")
    for field in (value, f"metadata.{value}", f"metadata.{value}.{value}"):
        harmless(api, f"/v2/samples?q.field={field}&q.value=x")


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_it_survives_strange_arguments(api: Api, value: str) -> None:
    for name in ("limit", "unique", "meter_links", "period", "groupby", "aggregate.func", "q.op",
                 "aggregate.func=cardinality&aggregate.param", "q.type", value):  # fmt: skip
        for path in PATHS:
            harmless(api, f"/v2/{path}?{name}={value}")


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
def test_it_survives_strange_identities(api: Api, value: str) -> None:
    text = value[:1000]
    caller = {"X-Roles": text, "X-Project-Id": text, "X-User-Id": text}
    for path in PATHS:
        harmless(api, f"/v2/{path}", caller=caller)


VALUES: dict[str, Any] = {
    "NUL": "a\0b",
    "a surrogate": "\ud800",
    "a huge number": 10**400,
    "a negative one": -(10**40),
    "a large float": 1e308,
    "true": True,
    "a long text": "x" * 50_000,
    "a time": "0001-01-01",
    "another time": "9999-12-31T23:59:59.999999-23:59",
    "a number as text": "1e999",
    "a pattern": "(a*)*$",
    "a back reference": "(a)\\1",
    "a percent sign": "%s",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_it_survives_strange_filters(api: Api, value: Any) -> None:
    for field in ("user", "type", "volume", "timestamp", "recorded_at", "message_id", "metadata.a",
                  "metadata.n", "source"):  # fmt: skip
        for op in ("=", "!=", "<", ">=", "=~"):
            harmless_filter(api, {op: {field: value}})
            harmless_filter(api, {"not": {op: {field: value}}})
        harmless_filter(api, {"in": {field: [value, "x", 5]}})


def test_it_survives_many_comparisons(api: Api) -> None:
    many = [{"=": {"user": f"u{n}"}} for n in range(4_000)]
    harmless_filter(api, {"or": many})
    harmless_filter(api, {"and": many * 3})
    harmless_filter(api, {"in": {"resource": [f"vm-{n}" for n in range(50_000)]}})


def test_it_survives_many_items(api: Api) -> None:
    items = "&".join(f"q.field=metadata.k{n}&q.value=x" for n in range(400))
    harmless(api, f"/v2/samples?{items}")
    harmless(api, f"/v2/samples?{items}&{items}")


@pytest.mark.parametrize(
    "body", [b"\0", b"[]", b"5", b'"x"', b'{"filter": "\\ud800"}', b"\xff", b'{"limit": 1e400}',
             b'{"limit": true}', b'{"filter": "{\\"=\\": {\\"\\u0000\\": 1}}"}']
)  # fmt: skip
def test_it_survives_strange_bodies(api: Api, body: bytes) -> None:
    assert api.send("POST", "/v2/query/samples", body).status_code == 400
