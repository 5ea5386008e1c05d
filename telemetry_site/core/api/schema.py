"""Pieces of the OpenAPI schema that every part of the v2 API is described with."""

from typing import Any

import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

REF = "#/components/schemas/"

FAULT = {"$ref": f"{REF}Fault"}
FAULT_SHAPE = {
    "type": "object",
    "required": ["error_message"],
    "properties": {
        "error_message": {
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "required": ["faultcode", "faultstring", "debuginfo"],
                    "properties": {
                        "faultcode": {"type": "string", "enum": ["Client", "Server"]},
                        "faultstring": {"type": "string"},
                        "debuginfo": {"type": ["string", "null"]},
                    },
                },
            ]
        }
    },
}
NO_TOKEN = {"type": "object", "properties": {"error": {"type": "object"}}}
MEANINGS = {
    400: "An argument or the body cannot be read; the text says which.",
    401: "There is no valid token, or another project was asked for.",
    403: "The policy does not allow it.",
    404: "There is no such thing, or none that the caller may see.",
    405: "The path does not have this method.",
    406: "JSON is not accepted, and there is nothing else.",
    409: "There is such a thing already.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The Idempotency-Key came with another body before.",
    501: "The question is understood and not answered here.",
    503: "The database is away; Retry-After says when to try again.",
}
ALWAYS = (400, 401, 403, 405, 406, 503)


class ApiToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration is
    """How a caller of the v2 API says who it is."""

    target_class = "telemetry_site.core.identity.authentication.CallerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """The header that carries the token."""
        return {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}


def with_fault(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Hook of the generator: put in the shape that every refusal refers to."""
    result["components"].setdefault("schemas", {})["Fault"] = FAULT_SHAPE
    return result


def shape(kind: Any) -> dict[str, Any]:
    """The schema of a msgspec struct, or of a list of one, with nothing left to look up."""
    (schema,), components = msgspec.json.schema_components([kind], ref_template=REF + "{name}")
    found = _plain(schema, components)
    assert isinstance(found, dict)  # noqa: S101 - a schema stays one
    return found


def _plain(schema: Any, components: dict[str, Any]) -> Any:
    """Without references, and with times that need no zone."""
    if isinstance(schema, list):
        return [_plain(part, components) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(components[schema["$ref"].removeprefix(REF)], components)
    return {
        name: _plain(part, components)
        for name, part in schema.items()
        if (name, part) != ("format", "date-time")
    }


def answers(
    kind: Any, *refusals: int, status: int = 200, said: str = ""
) -> dict[int, OpenApiResponse]:
    """The answer of a route, and what it may refuse with besides the usual."""
    found = {status: OpenApiResponse(shape(kind), description=said)}
    for refusal in sorted({*ALWAYS, *refusals}):
        body = FAULT if refusal != 401 else {"oneOf": [FAULT, NO_TOKEN]}
        found[refusal] = OpenApiResponse(body, description=MEANINGS[refusal])
    return found


def argument(name: str, said: str, kind: Any = str, **more: Any) -> OpenApiParameter:
    """An argument of the query string."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=said, **more)


def repeated(name: str, said: str, **more: Any) -> OpenApiParameter:
    """An argument that may stand several times."""
    return argument(name, said, many=True, explode=True, **more)


def header(name: str, said: str) -> OpenApiParameter:
    """A header of the request."""
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=said)


QUERY = (
    repeated("q.field", "Field of each item of the query."),
    repeated(
        "q.op", "Operator of each item; empty for eq.", enum=["", "lt", "le", "eq", "ge", "gt"]
    ),
    repeated("q.value", "Value of each item."),
    repeated(
        "q.type",
        "Type of each value of metadata; empty to guess.",
        enum=["", "integer", "float", "string", "boolean", "datetime"],
    ),
)
LIMIT = argument("limit", "How many at most, above zero.", int)
