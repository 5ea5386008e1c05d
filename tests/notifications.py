"""Notifications of our own making."""

from typing import Any
from uuid import UUID

from telemetry_site.core.messaging.notification import Notification, from_wire


def wire(event_type: str = "thing.made", payload: Any = None, **changes: Any) -> dict[str, Any]:
    """As it lies on the bus."""
    return {
        "message_id": str(UUID(int=1)),
        "publisher_id": "service.host-1",
        "event_type": event_type,
        "priority": "INFO",
        "payload": payload,
        "timestamp": "2026-03-04 05:06:07",
        "_context_user": "context-user",
        "_context_tenant_id": "context-project",
    } | changes


def notification(
    event_type: str = "thing.made", payload: Any = None, **changes: Any
) -> Notification:
    """Decoded."""
    return from_wire(wire(event_type, payload, **changes))
