"""An event as an object that can be written out, in the original's two forms."""

from datetime import datetime
from typing import Any, Final

from events.records import Event, Trait
from telemetry_site.core.clock import on_the_wire

# The original's numbers of the types of traits.
NUMBERS: Final = {"string": 1, "integer": 2, "float": 3, "datetime": 4}


def plain(event: Event) -> dict[str, Any]:
    """Traits are lists of name, number of the type, and value; times are UTC without a zone."""
    return {
        "message_id": str(event.message_id),
        "event_type": event.event_type,
        "generated": on_the_wire(event.generated),
        "traits": [_listed(trait) for trait in event.traits],
        "raw": event.raw,
    }


def _listed(trait: Trait) -> list[Any]:
    value = trait.value
    written = on_the_wire(value) if isinstance(value, datetime) else value
    return [trait.name, NUMBERS[trait.type], written]
