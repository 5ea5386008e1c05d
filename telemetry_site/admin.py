"""The Django admin of messages that could not be processed."""

import contextlib
import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from telemetry_site.core import clock
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.replay import StillRejected, replay

SHOWN = 20_000  # characters of a body


@admin.register(RejectedMessage)
class RejectedMessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """What failed and why; to be taken in again or deleted."""

    list_display = ("received_at", "queue", "event_type", "part", "reason")
    list_filter = ("part", "queue")
    search_fields = ("event_type", "message_id", "reason")
    ordering = ("-pk",)
    actions = ("replay",)
    fields = (
        "received_at", "queue", "part", "reason", "event_type", "message_id", "size", "content",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="body")
    def content(self, row: RejectedMessage) -> str:
        """The body as far as it is text, indented where it is JSON."""
        text = bytes(row.body).decode(errors="replace")
        with contextlib.suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        return text[:SHOWN]

    @admin.action(description="Replay: take in what failed", permissions=["delete"])
    def replay(self, request: HttpRequest, queryset: QuerySet[RejectedMessage]) -> None:
        """Each in a transaction of its own; what fails again stays, with the new reason."""
        good, bad = 0, []
        for row in queryset:
            try:
                replay(row, clock.now())
                good += 1
            except StillRejected as error:
                bad.append(f"{row.pk}: {error}")
        if good:
            self.message_user(request, f"{good} taken in.", messages.SUCCESS)
        for sentence in bad[:5]:
            self.message_user(request, sentence, messages.ERROR)
        if bad[5:]:
            self.message_user(request, f"{len(bad) - 5} more still rejected.", messages.ERROR)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come from the bus."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """To be looked at, replayed and deleted."""
        return False
