"""Event rules: an event whose type and fields fit."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from alarms.attributes import Attribute, listed, read, text
from alarms.rules import occurrence
from alarms.rules.datapoints import OPERATORS
from alarms.rules.occurrence import KINDS, Condition, converted
from alarms.rules.rule import Answer, Question, Rule
from alarms.states import ALARM, Decision, Standing
from events.records import Event
from telemetry_site.core.errors import BadRequest, InvalidInput

ITEM = (
    Attribute("field", text, mandatory=True),
    Attribute("op", text, "eq"),
    Attribute("value", text, mandatory=True),
    Attribute("type", text, ""),
)
SPECIAL = "*?["
FIELD = re.compile(r"[A-Za-z0-9.',_-]+")
SUPPORTED = ("string", "integer", "float", "boolean", "datetime")
SIGNS = {"eq": "is", "ne": "is not", "lt": "<", "le": "≤", "ge": "≥", "gt": ">"}


def _item(name: str, value: Any) -> dict[str, str]:
    found = read(value, ITEM, "data.event_rule.query")
    if not FIELD.fullmatch(found["field"]):
        why = "Letters, digits, and . ' , _ - are what a field is made of."
        raise InvalidInput("field", found["field"], why)
    found["op"] = found["op"] or "eq"
    if found["op"] not in OPERATORS:
        why = f"Value should be one of: {', '.join(OPERATORS)}"
        raise InvalidInput("op", found["op"], why)
    _condition(found)
    return found


def _condition(item: Mapping[str, str]) -> Condition:
    """Raises BadRequest for a value that is not of its type."""
    kind, value = item["type"], item["value"]
    for known in KINDS:
        if kind == known:
            break
    else:
        raise BadRequest(
            f"The data type {kind} is not supported. "
            f"The supported data type list is: {list(SUPPORTED)}"
        )
    try:
        return Condition(item["field"], item["op"], converted(value, known))
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            f"Unable to convert the value {value} to the expected data type {kind}."
        ) from error


ATTRIBUTES = (Attribute("event_type", text, "*"), Attribute("query", listed(_item), []))


@dataclass(frozen=True, slots=True)
class EventRule(Rule):
    """A pattern of types, and conditions on fields; nothing is asked in a round."""

    type: ClassVar[str] = "event"

    event_type: str
    query: tuple[Mapping[str, str], ...]
    conditions: tuple[Condition, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls.stored(read(given, ATTRIBUTES, "data.event_rule"))

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        query = tuple(known["query"])
        return cls(known["event_type"], query, tuple(map(_condition, query)))

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return {"event_type": self.event_type, "query": [dict(one) for one in self.query]}

    def matches(self, event: Event) -> bool:
        """Whether the event is one that is waited for."""
        return occurrence.matches(event, self.event_type, self.conditions)

    @property
    def patterned(self) -> bool:
        """Whether it may fit several types."""
        return any(sign in self.event_type for sign in SPECIAL)

    def decision(self, event: Mapping[str, Any]) -> Decision:
        """What follows from an event that matches, as it is told of."""
        query = json.dumps(self.shown()["query"], sort_keys=True)
        reason = (
            f"Event <id={event['message_id']},event_type={event['event_type']}> "
            f"hits the query <query={query}>."
        )
        return Decision(ALARM, reason, {"type": "event", "event": event})

    def questions(self, now: datetime) -> Sequence[Question]:
        """Nothing: events drive it."""
        return ()

    def decide(
        self, answers: Sequence[Answer], standing: Standing, now: datetime
    ) -> Decision | None:
        """Nothing: events drive it."""
        return None

    def description(self) -> str:
        """See Rule."""
        return f"Alarm when {self.event_type} event occurred."

    def sentence(self) -> str:
        """See Rule."""
        conditions = [f"{one['field']} {SIGNS[one['op']]} {one['value']}" for one in self.query]
        where = f", where {' and '.join(conditions)}" if conditions else ""
        return f"An event of the type {self.event_type} arrives{where}."
