"""The Django admin of what alarms have told, and of silences."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from alarms import deliveries, silences
from alarms.actions.addresses import shown
from alarms.models import Delivery, Silence
from telemetry_site.core import clock
from telemetry_site.core.readonly import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Each action of an alarm and how it went; what has failed can be tried again."""

    list_display = ("made_at", "alarm_name", "called", "status", "attempts", "next_try", "answer")
    list_filter = ("status",)
    search_fields = ("alarm_name", "alarm_id", "delivery_id")
    ordering = ("-pk",)
    show_full_result_count = False  # there may be very many
    actions = ("try_again",)
    fields = (
        "delivery_id", "alarm_name", "alarm_id", "project_id", "change", "called", "body",
        "status", "attempts", "made_at", "next_try", "ended_at", "answer",
    )  # fmt: skip

    @admin.display(description="action")
    def called(self, row: Delivery) -> str:
        """Its address, without what is secret in it."""
        return shown(row.action)

    @admin.action(description="Try again", permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Those of them that have failed."""
        chosen = list(queryset.values_list("pk", flat=True))
        count = deliveries.retry(chosen, clock.now())
        told = f"{count} of {len(chosen)} will be tried again within a second."
        self.message_user(request, told, messages.SUCCESS)


@admin.register(Silence)
class SilenceAdmin(ReadOnlyAdmin):
    """Silences of all projects."""

    list_display = (
        "reason", "alarm_id", "project_id", "name_pattern", "owner", "made_by", "made_at",
        "ends_at",
    )  # fmt: skip
    actions = ("end_now",)

    @admin.action(description="End now", permissions=["delete"])
    def end_now(self, request: HttpRequest, queryset: QuerySet[Silence]) -> None:
        """Those of them that are in force."""
        chosen = list(queryset.values_list("pk", flat=True))
        count = silences.end_all(chosen, clock.now())
        self.message_user(request, f"{count} silences ended.", messages.SUCCESS)
