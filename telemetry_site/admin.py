"""The Django admin of what the whole service keeps: rejected messages, and how the store stands."""

import contextlib
import json
from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import Truncator

from events.storage.standing import standing as of_events
from meters import upkeep
from meters.models import StoreState
from meters.templatetags.metering import moment
from telemetry_site.core import clock
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.publishers_admin import PipelineAdmin, PublisherAdmin
from telemetry_site.replay import StillRejected, replay

__all__ = ["PipelineAdmin", "PublisherAdmin", "RejectedMessageAdmin", "StoreAdmin"]

SHOWN = 20_000  # characters of a body
SHOWN_OF_REASON = 200

admin.site.site_header = admin.site.site_title = "Telemetry"
admin.site.site_url = "/metering/"


@admin.register(RejectedMessage)
class RejectedMessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """What failed and why; to be taken in again or deleted."""

    list_display = ("when", "event_type", "part", "why")
    list_filter = ("part", "queue")
    search_fields = ("event_type", "message_id", "reason")
    ordering = ("-pk",)
    actions = ("replay",)
    fields = (
        "when", "queue", "part", "reason", "event_type", "message_id", "size", "content",
    )  # fmt: skip
    readonly_fields = fields

    class Media:
        """Times and bodies keep their lines."""

        css: ClassVar = {"all": ("telemetry/admin.css",)}

    @admin.display(description="received", ordering="received_at")
    def when(self, row: RejectedMessage) -> str:
        """As all pages write times."""
        return moment(row.received_at)

    @admin.display(description="reason")
    def why(self, row: RejectedMessage) -> str:
        """The beginning of the reason."""
        return Truncator(row.reason).chars(SHOWN_OF_REASON)

    @admin.display(description="body")
    def content(self, row: RejectedMessage) -> str:
        """The body as far as it is text, indented where it is JSON."""
        text = bytes(row.body).decode(errors="replace")
        with contextlib.suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text[:SHOWN])

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


@admin.register(StoreState)
class StoreAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """One page in place of a list: rows, sizes, partitions, times, and how far the roll-up is."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The page."""
        standing, events = upkeep.standing(), of_events()
        context = {
            **self.admin_site.each_context(request),
            "title": "Store",
            "standing": standing,
            "events": events,
            "tables": (*standing.tables, events.table),
        }
        return TemplateResponse(request, "admin/store/standing.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one store."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It keeps itself."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It stays."""
        return False
