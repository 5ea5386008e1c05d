"""What happens to every request."""

import gzip
import re

import pytest

from meters.pipelines import publish
from tests.callers import Api
from tests.factories import make_sample

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/v2", "/v2/meters", "/v2/samples/x", "/metering/login/"])
def test_it_names_every_request(api: Api, path: str) -> None:
    first, second = (api.send("GET", path)["x-openstack-request-id"] for _ in range(2))
    assert re.fullmatch(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first)
    assert first != second


@pytest.mark.parametrize(
    "path",
    ["meters", "meters/cpu", "meters/cpu/statistics", "samples", "resources", "capabilities"],
)
def test_it_accepts_one_trailing_slash(api: Api, path: str) -> None:
    assert api.get(f"/v2/{path}/") == api.get(f"/v2/{path}")
    assert api.send("GET", f"/v2/{path}//").status_code in (404, 405)


def test_it_packs_a_large_answer_for_who_asks(api: Api) -> None:
    publish([make_sample() for _ in range(50)])
    response = api.send("GET", "/v2/samples", Accept_Encoding="gzip")
    plain = api.send("GET", "/v2/samples")
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == plain.content
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize("path", ["/v2/meters", "/v2/nothing", "/healthz"])
def test_it_says_how_long_an_answer_is(api: Api, path: str) -> None:
    found = api.send("GET", path)
    assert found["Content-Length"] == str(len(found.content))


def test_it_says_no_length_of_what_is_sent_while_it_is_made(api: Api) -> None:
    assert not api.send("GET", "/v2/samples?limit=10001").has_header("Content-Length")
