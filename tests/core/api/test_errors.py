"""Refusals: their status, their shape and their text."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import InterfaceError, OperationalError

from meters import queries
from tests.callers import Api, fault

pytestmark = pytest.mark.django_db

NOT_FOUND = "404 Not Found\n\nThe resource could not be found.\n\n   "
NOT_ALLOWED = "405 Method Not Allowed\n\nThe method {} is not allowed for this resource. \n\n "


def plain(response: Any) -> Any:
    """The text of a refusal of the second shape."""
    assert response["Content-Type"] == "application/json"
    body = json.loads(response.content)
    assert list(body) == ["error_message"]
    return body["error_message"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["/v2", "/v2/", "/v2/nothing", "/v2/meters.json", "/v2/samples/a/b", "/v2/capabilities/x",
     "/v2/resources/a%2Fb", "/v2/query", "/v2/query/x", "/v2/meters//", "/v2/meters/a/b/c"],
)  # fmt: skip
def test_it_knows_no_other_paths(api: Api, method: str, path: str) -> None:
    response = api.send(method, path)
    assert (response.status_code, plain(response)) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        *[(method, "/v2/meters", "GET") for method in ("POST", "PUT", "DELETE", "OPTIONS")],
        ("PUT", "/", "GET"),
        ("PATCH", "/v2/meters/cpu", "GET, POST"),
        ("OPTIONS", "/v2/meters/cpu", "GET, POST"),
        ("DELETE", "/v2/meters/cpu/statistics", "GET"),
        ("GET", "/v2/meters/cpu/other", "GET, POST"),
        ("POST", "/v2/samples", "GET"),
        ("POST", "/v2/samples/x", "GET"),
        ("POST", "/v2/resources", "GET"),
        ("POST", "/v2/resources/x", "GET"),
        ("GET", "/v2/query/samples", "POST"),
        ("POST", "/v2/capabilities", "GET"),
    ],
)
def test_it_refuses_other_methods(api: Api, method: str, path: str, allow: str) -> None:
    response = api.send(method, path)
    assert (response.status_code, plain(response)) == (405, NOT_ALLOWED.format(method))
    assert response["Allow"] == allow


@pytest.mark.parametrize("path", ["/", "/v2/meters", "/v2/meters/cpu", "/v2/samples/x"])
def test_it_answers_no_head(api: Api, path: str) -> None:
    assert api.send("HEAD", path).status_code == 405


def test_it_says_what_the_policy_forbids(api: Api, settings: LazySettings, tmp_path: Any) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"default": "!"}')
    settings.TELEMETRY = {**settings.TELEMETRY, "POLICY_FILE": path}
    for route in ("meters", "meters/x", "meters/x/statistics", "samples", "samples/x", "resources",
                  "resources/x"):  # fmt: skip
        response = api.send("GET", f"/v2/{route}")
        assert response.status_code == 403
        assert "RBAC Authorization Failed" in plain(response)
    assert api.send("POST", "/v2/query/samples", {}).status_code == 403
    assert api.send("POST", "/v2/meters/x", []).status_code == 403
    assert api.send("GET", "/v2/capabilities").status_code == 200


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_it_says_when_the_database_is_away(
    api: Api, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "meters", raising(error))
    response = api.send("GET", "/v2/meters")
    text = "The database does not answer; try again later."
    assert fault(response) == (503, "Server", text)
    assert response["Retry-After"] == "5"


def test_it_keeps_an_unexpected_error_to_the_log(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(queries, "meters", raising(ZeroDivisionError("a secret")))
    text = "Something went wrong here; the log of the service says what."
    assert api.fault("/v2/meters") == (500, "Server", text)
    assert "a secret" in caplog.text


def test_it_calls_a_request_too_deep(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "meters", raising(RecursionError()))
    assert api.fault("/v2/meters") == (400, "Client", "The request is nested too deep")


def test_it_refuses_a_host_that_is_not_ours(api: Api) -> None:
    assert api.send("GET", "/v2/meters", Host="evil.example").status_code == 400


def test_it_cuts_a_text_that_repeats_a_long_value(api: Api) -> None:
    _, _, text = api.fault(f"/v2/meters?limit={'x' * 50_000}")
    assert len(text) == 10_001


def raising(error: Exception) -> Any:
    """A function that fails so."""

    def fail(*args: object) -> None:
        raise error

    return fail
