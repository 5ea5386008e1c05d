"""Who is believed to be whom."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from telemetry_site.core.identity.authentication import web_caller
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.models import Token, token_digest
from tests.callers import ADMIN, MEMBER, Api

pytestmark = pytest.mark.django_db
ROOT = "/"


def token_of(account: User) -> dict[str, str]:
    Token.objects.create(account=account, digest=token_digest("secret"))
    return {"X-Auth-Token": "secret"}


def asked(headers: dict[str, str], path: str = "/v2/meters") -> Any:
    return Client().get(path, headers=headers)


@pytest.mark.parametrize("headers", [{}, {"X-Auth-Token": "wrong"}, ADMIN, {"X-Auth-Token": ""}])
@pytest.mark.parametrize("path", ["/", "/v2/meters", "/v2/nothing", "/v2/alarms", "/v2"])
def test_it_refuses_who_has_no_token(headers: dict[str, str], path: str) -> None:
    response = asked(headers, path)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Keystone uri="http://testserver"'
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content) == {
        "error": {
            "code": 401,
            "title": "Unauthorized",
            "message": "The request you have made requires authentication.",
        }
    }


def test_it_lets_an_admin_in_by_token(admin_user: User) -> None:
    assert asked(token_of(admin_user)).status_code == 200


def test_it_confines_an_account_without_a_project_to_nothing(django_user_model: Any) -> None:
    headers = token_of(django_user_model.objects.create_user("ann"))
    assert asked(headers).status_code == 403
    assert asked({**headers, **ADMIN}).status_code == 403  # the headers are not believed


def test_it_forgets_an_account_that_is_switched_off(admin_user: User) -> None:
    headers = token_of(admin_user)
    admin_user.is_active = False
    admin_user.save()
    assert asked(headers).status_code == 401


def test_it_takes_no_session_for_a_token(admin_client: Client) -> None:
    assert admin_client.get("/v2/meters").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        (ADMIN, 200),
        ({"X-Roles": "foo, admin", "X-Project-Id": "p2"}, 401),
        ({"X-Roles": "foo,ADMIN", "X-Project-Id": "p2"}, 200),
        ({"X-Project-Id": "p2"}, 401),
        (MEMBER, 200),
    ],
)
def test_it_believes_identity_headers_where_it_is_told_to(
    api: Api, headers: dict[str, str], status: int
) -> None:
    path = "/v2/meters?q.field=project&q.value=p1"
    assert api.send("GET", path, caller=headers).status_code == status


def test_it_knows_an_account_of_the_web_pages(admin_user: User, django_user_model: Any) -> None:
    admin, member = Caller("admin", "admin", frozenset(["admin"])), Caller("ann", None)
    found = web_caller(admin_user)
    assert (found.user, found.project, found.confined_to) == (admin.user, admin.project, None)
    ann = web_caller(django_user_model(username="ann"))
    assert (ann.user, ann.project, ann.is_admin) == (member.user, None, False)
