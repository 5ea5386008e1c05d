"""Events with sensible values; keywords vary them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from events.records import Event, Trait, TraitType

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KINDS: dict[type, TraitType] = {
    str: "string",
    int: "integer",
    float: "float",
    datetime: "datetime",
}


def make_event(
    number: int = 1,
    event_type: str = "volume.create.end",
    generated: datetime = MOMENT,
    raw: dict[str, Any] | None = None,
    **traits: str | int | float | datetime,
) -> Event:
    """The event of this number, of project p1 and user u1 unless said otherwise; "" leaves out."""
    named = {"project_id": "p1", "user_id": "u1", **traits}
    found = tuple(
        Trait(name, KINDS[type(value)], value) for name, value in named.items() if value != ""
    )
    return Event(UUID(int=number), event_type, generated, found, raw or {})
