"""Which kind of answer is asked for: JSON is the only one there is."""

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

ACCEPTED = frozenset(("application/json", "application/*", "*/*"))
JSON = "application/json; charset=UTF-8"


def media_types(accept: str) -> list[str]:
    """The media types of an Accept header in the order they are named, without parameters.

    >>> media_types("text/html, */*;q=0.1")
    ['text/html', '*/*']
    """
    return [kind for part in accept.split(",") if (kind := part.partition(";")[0].strip().lower())]


class OnlyJson(BaseContentNegotiation):
    """Lets pass who takes JSON, with whatever q; views give their answers encoded already."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Views read bodies themselves, so none is ever asked for."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """JSON. Raises NotAcceptable."""
        asked = media_types(request.headers.get("Accept", ""))
        if asked and ACCEPTED.isdisjoint(asked):
            raise NotAcceptable
        return JSONRenderer(), JSON
