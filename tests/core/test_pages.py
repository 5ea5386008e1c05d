"""What every web page does first."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from telemetry_site.core.errors import Forbidden, NotAuthorized, NotFound, Unavailable
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.pages import DEED, page

ADMIN = User(username="admin", is_superuser=True)


def ask(
    error: Exception | None = None,
    user: User = ADMIN,
    action: str = "telemetry:get_meters",
    method: str = "get",
) -> HttpResponseBase:
    @page("telemetry:get_samples", action)
    def view(request: HttpRequest, caller: Caller) -> HttpResponse:
        if error:
            raise error
        return HttpResponse(caller.user)

    request = RequestFactory().generic(method.upper(), "/")
    request.user = user
    return view(request)


def test_it_hands_the_caller_to_the_view() -> None:
    answer = ask()
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"admin"


@pytest.mark.parametrize("error", [Forbidden(), NotAuthorized("p2")])
def test_it_turns_a_refusal_into_a_page_that_says_so(error: Exception) -> None:
    with pytest.raises(PermissionDenied, match="may not see this page"):
        ask(error)


def test_it_turns_what_is_not_there_into_a_page() -> None:
    with pytest.raises(Http404, match="nothing of that name"):
        ask(NotFound("Meter", "x"))


def test_it_says_when_to_try_again() -> None:
    answer = ask(Unavailable("The store is away.", retry_after=7))
    assert (answer.status_code, answer["Retry-After"]) == (503, "7")


def test_it_tells_an_account_without_a_project_why_it_sees_nothing() -> None:
    with pytest.raises(PermissionDenied, match="belongs to no project"):
        ask(user=User(username="charlie"))


def test_it_takes_what_it_says(rf: RequestFactory) -> None:
    @page("telemetry:get_alarm", takes=DEED)
    def deed(request: HttpRequest, caller: Caller) -> HttpResponse:
        return HttpResponse(request.method)

    asked, told = rf.get("/"), rf.post("/")
    asked.user = told.user = ADMIN
    assert (deed(asked).status_code, deed(told).status_code) == (405, 200)
    assert ask(method="post").status_code == 405
    assert ask(method="head").status_code == 200


def test_it_does_what_the_policy_says(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"context_is_admin": "role:admin", "telemetry:get_meters": "!"}))
    settings.TELEMETRY = {**settings.TELEMETRY, "POLICY_FILE": file}
    assert ask(action="telemetry:get_samples").status_code == 200
    with pytest.raises(PermissionDenied, match="may not see this page"):
        ask()  # one of two actions is refused
