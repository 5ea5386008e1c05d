"""What every web page does first: who asks, may they, and how a refusal is shown."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from telemetry_site.core.errors import Forbidden, NotAuthorized, NotFound, Unavailable
from telemetry_site.core.identity import policy
from telemetry_site.core.identity.authentication import web_caller
from telemetry_site.core.identity.caller import Caller

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, Caller, P], HttpResponseBase]
Page: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# What a page is asked by: it is only shown, it has a form, or it is a form's deed.
SHOWN: tuple[str, ...] = ("GET", "HEAD")
WITH_FORM: tuple[str, ...] = (*SHOWN, "POST")
DEED: tuple[str, ...] = ("POST",)
NO_PROJECT = "Your account belongs to no project yet, so there is nothing it may see."
NOTHING = "There is nothing of that name, or nothing that your account may see."
REFUSED = "Your account may not see this page."


def page(*actions: str, takes: Sequence[str] = SHOWN) -> Callable[[View[P]], Page[P]]:
    """A page for accounts that the policy allows these actions; the view is handed their Caller.

    What the view raises becomes the page for it: 403, 404 or 503.
    """

    def decorated(view: View[P]) -> Page[P]:
        @require_http_methods(list(takes))
        @login_required
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                caller = web_caller(request.user)
                for action in actions:
                    policy.require(caller, action)
                _require_sight(caller)
                return view(request, caller, *args, **kwargs)
            except (Forbidden, NotAuthorized) as error:
                raise PermissionDenied(REFUSED) from error
            except NotFound as error:
                raise Http404(NOTHING) from error
            except Unavailable as error:
                return _unavailable(request, error)

        return shown

    return decorated


def _require_sight(caller: Caller) -> None:
    """A caller that may see nothing is told why, whatever page it asks for."""
    try:
        _ = caller.confined_to
    except Forbidden as error:
        raise PermissionDenied(NO_PROJECT) from error


def _unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    answer = render(request, "503.html", {"why": str(error)}, status=503)
    answer["Retry-After"] = str(error.retry_after)
    return answer
