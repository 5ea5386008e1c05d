"""What every view of the v2 API has in common."""

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from telemetry_site.core.api.errors import answer
from telemetry_site.core.api.negotiation import JSON, OnlyJson
from telemetry_site.core.identity.authentication import CallerAuthentication
from telemetry_site.core.identity.caller import Caller


class V2View(APIView):
    """A view that knows its caller, answers JSON and has exactly the methods it offers.

    A subclass names them in `http_method_names`, in the order of the Allow header; and says by
    `plain_refusals` whether routing and policy refuse with a plain string, as in the original.
    """

    http_method_names: Sequence[str] = ("get",)
    plain_refusals: bool = True
    authentication_classes = (CallerAuthentication,)
    permission_classes = ()
    content_negotiation_class = OnlyJson
    format_kwarg = None  # no path names a format

    @property
    def offered(self) -> list[str]:
        """The methods of the Allow header."""
        return [name.upper() for name in self.http_method_names]

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: Allow goes with a 405 only."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and let go of the answer.

        A view is part of a cycle, so megabytes would wait for the garbage collector with it.
        """
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        vars(self).clear()
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks comes before what is asked; a Host that is not ours is another one's page."""
        request.get_host()
        self.perform_authentication(request)
        self.perform_content_negotiation(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """No body for a HEAD: a server has to throw it away, and complains."""
        if request.method == "HEAD":
            response.content = b""
        return super().finalize_response(request, response, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """See `telemetry_site.core.api.errors`."""
        return answer


class UnknownPath(V2View):
    """404 for every method of every path that there is not."""

    http_method_names = ()
    schema = None

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """Every method ends here. Not found."""
        raise Http404


def caller_of(request: Request) -> Caller:
    """Who sends the request."""
    return cast(Caller, request.user)  # CallerAuthentication makes nothing else


def base_url(request: Request) -> str:
    """Scheme, host, port and mount prefix, without a slash at the end."""
    return request.build_absolute_uri(request.META.get("SCRIPT_NAME") or "/").rstrip("/")


def json_answer(body: bytes, status: int = 200) -> HttpResponse:
    """Encoded JSON as an answer."""
    return HttpResponse(body, status=status, content_type=JSON)


def json_stream(parts: Iterator[bytes]) -> StreamingHttpResponse:
    """Pieces of one JSON text as an answer that is sent while it is made."""
    return StreamingHttpResponse(parts, content_type=JSON)
