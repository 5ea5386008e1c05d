"""Who sends a request: by the identity headers, by an API token, or by a web session's account."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from telemetry_site.core.identity import policy
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.models import Token, token_digest

ADMIN_PROJECT = "admin"
IDENTITY_HEADERS = ("X-Auth-Token", "X-Roles", "X-Project-Id", "X-User-Id")


class CallerAuthentication(BaseAuthentication):
    """Makes the Caller of an API request, in the way the setting AUTH names."""

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        """The caller. Raises NotAuthenticated."""
        if settings.TELEMETRY["AUTH"] == "noauth":
            return named_by_headers(request), None
        return token_caller(header(request, "X-Auth-Token")), None

    def authenticate_header(self, request: Request) -> str:
        """What WWW-Authenticate says to those who are refused."""
        return f'Keystone uri="{request.scheme}://{request.get_host()}"'


def header(request: HttpRequest | Request, name: str) -> str:
    """A header as text; what is no UTF-8 in it becomes question marks."""
    return request.headers.get(name, "").encode("latin-1", "replace").decode("utf-8", "replace")


def named_by_headers(request: HttpRequest | Request) -> Caller:
    """The caller that the identity headers claim; roles lie between commas, blanks count."""
    return _caller(
        header(request, "X-User-Id") or None,
        header(request, "X-Project-Id") or None,
        header(request, "X-Roles").split(","),
        may_lack_project=True,
    )


def token_caller(text: str) -> Caller:
    """The caller whose API token this is. Raises NotAuthenticated."""
    token = (
        Token.objects.select_related("account").filter(digest=token_digest(text)).first()
        if text
        else None
    )
    if token is None or not token.account.is_active:
        raise NotAuthenticated
    return web_caller(token.account)


def web_caller(account: AbstractBaseUser | AnonymousUser) -> Caller:
    """The caller that an account of ours is; a superuser is an admin, others have no role."""
    if account.is_active and getattr(account, "is_superuser", False):
        return _caller(account.get_username(), ADMIN_PROJECT, ["admin"])
    return _caller(account.get_username() or None, None, [])


def _caller(
    user: str | None, project: str | None, roles: list[str], *, may_lack_project: bool = False
) -> Caller:
    return Caller(
        user=user,
        project=project,
        roles=frozenset(roles),
        may_lack_project=may_lack_project,
        sees_all=policy.current().sees_all(roles),
    )
