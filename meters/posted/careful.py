"""Reads a posted list in plain Python: takes the unusual forms and words the first fault."""

import json
from typing import Any

from meters.posted import fields
from meters.posted.messages import Message, Terms
from meters.samples import KINDS
from telemetry_site.core.errors import BadRequest, InvalidInput

MANDATORY = frozenset(
    {"counter_name", "counter_type", "counter_unit", "counter_volume", "resource_id"}
)


def read(body: bytes, terms: Terms) -> list[Message]:
    """The messages. Raises BadRequest for the first fault: of form in any, then of content."""
    try:
        entries = _entries(body)
        drafts = [_draft(entry, entries, terms) for entry in entries]
    except RecursionError:
        raise BadRequest("The request body is nested too deeply") from None
    for draft in drafts:
        _check(draft, terms)
    return [Message(**draft) for draft in drafts]


def _entries(body: bytes) -> list[Any]:
    """The list that was posted, of whatever."""
    posted = _json(body) if body else None
    if posted is None or posted == []:
        raise BadRequest("Samples should be included in request body")
    if isinstance(posted, dict) and "samples" in posted:
        raise InvalidInput(
            "samples", fields.shown(posted["samples"]), "unable to convert to ArrayType"
        )
    if not isinstance(posted, list):
        text = fields.shown(posted)
        raise InvalidInput("samples", text, f"Value not a valid list: {text}")
    return posted


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise BadRequest("Request is not in valid JSON format") from None


def _draft(entry: Any, entries: list[Any], terms: Terms) -> dict[str, Any]:
    """The fields of one entry, each of the type that Message has for it."""
    if not isinstance(entry, dict):
        raise fields.bad_list(entries, f"Value not a valid dict: {fields.shown(entry)}")
    unknown = [fields.shown(name) for name in entry if name not in fields.READERS]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise BadRequest(f"Unknown attribute{plural} for argument samples: {', '.join(unknown)}")
    draft = {}
    for name, read_field in fields.READERS.items():
        if name in entry:
            draft[name] = read_field(fields.Field(name, entry[name], entries, terms))
        elif name in MANDATORY:
            raise fields.missing(name)
    return draft


def _check(draft: dict[str, Any], terms: Terms) -> None:
    """What a sample must be here, whatever its form; in the order of the wire's contract."""
    name, kind = draft["counter_name"], draft["counter_type"]
    if name != terms.meter:
        raise InvalidInput("counter_name", name, f"should be {terms.meter}")
    if draft.get("message_id"):
        raise InvalidInput("message_id", draft["message_id"], "The message_id must not be set")
    if kind not in KINDS:
        raise InvalidInput("counter_type", kind, f"The counter type must be: {', '.join(KINDS)}")
    project = draft.get("project_id") or terms.project
    if terms.confined_to is not None and project != terms.confined_to:
        raise InvalidInput("project_id", project, "can not post samples to other projects")
    if draft["resource_id"] is None:
        raise fields.missing("resource_id")
