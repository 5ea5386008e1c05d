"""Which answers are accepted."""

import json

import pytest

from tests.callers import Api

pytestmark = pytest.mark.django_db
TEXT = (
    "406 Not Acceptable\n\nThe server could not comply with the request since it is either "
    "malformed or otherwise incorrect.\n\n   "
)


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/json", "APPLICATION/JSON", "text/html,*/*", "application/*",
     "text/plain, application/json;q=0.1"],
)  # fmt: skip
def test_it_answers_json_to_who_takes_it(api: Api, accept: str) -> None:
    response = api.send("GET", "/v2/meters", Accept=accept)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json; charset=UTF-8"


def test_it_answers_json_to_who_does_not_say(api: Api) -> None:
    assert api.send("GET", "/v2/meters").status_code == 200


@pytest.mark.parametrize("accept", ["text/plain", "text/html, image/png;q=0.5", "junk"])
def test_it_has_nothing_else(api: Api, accept: str) -> None:
    response = api.send("GET", "/v2/meters", Accept=accept)
    assert (response.status_code, response["Content-Type"]) == (406, "application/json")
    assert json.loads(response.content) == {"error_message": TEXT}
