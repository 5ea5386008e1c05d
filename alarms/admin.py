"""The Django admin of alarms, which are only looked at here, of what they told, and of silences."""

import json

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from alarms import deliveries, quotas, silences
from alarms.actions.addresses import shown
from alarms.models import Alarm, AlarmChange, Delivery, Quota, Silence
from telemetry_site.core import clock
from telemetry_site.core.readonly import ReadOnlyAdmin


class KeptAdmin(ReadOnlyAdmin):
    """Rows that change, and go, only by way of the services, which write the history."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are deleted elsewhere."""
        return False


@admin.register(Alarm)
class AlarmAdmin(KeptAdmin):
    """Every alarm with all that is kept of it."""

    list_display = ("name", "type", "state", "severity", "enabled", "project_id", "timestamp")
    list_filter = ("type", "state", "severity", "enabled")
    search_fields = ("name", "alarm_id", "project_id", "user_id", "meter")
    ordering = ("-timestamp",)


@admin.register(AlarmChange)
class AlarmChangeAdmin(KeptAdmin):
    """The history of all alarms, of those too that are gone."""

    list_display = ("timestamp", "type", "alarm_id", "state", "on_behalf_of", "user_id")
    list_filter = ("type", "state", "severity")
    search_fields = ("alarm_id", "event_id", "on_behalf_of", "user_id")
    ordering = ("-timestamp",)
    fields = (
        "event_id", "alarm_id", "type", "timestamp", "user_id", "project_id", "on_behalf_of",
        "severity", "state", "said", "caused_by",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="detail")
    def said(self, row: AlarmChange) -> str:
        """What has changed, indented."""
        return _indented(row.detail)

    @admin.display(description="reason data")
    def caused_by(self, row: AlarmChange) -> str:
        """The values that caused it."""
        return _indented(row.reason_data) if row.reason_data else "-"


class QuotaForm(forms.ModelForm):  # type: ignore[type-arg]  # it is not generic when it runs
    """A quota of alarms, each project's once."""

    resource = forms.ChoiceField(choices=[(quotas.RESOURCE, quotas.RESOURCE)])
    limit = forms.IntegerField(
        min_value=quotas.UNLIMITED, help_text=f"{quotas.UNLIMITED} for any number"
    )


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """The projects that have a quota of their own."""

    form = QuotaForm
    list_display = ("project_id", "resource", "limit")
    search_fields = ("project_id",)
    ordering = ("project_id",)
    fields = ("project_id", "resource", "limit")


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


def _indented(text: str) -> str:
    return format_html("<pre>{}</pre>", json.dumps(json.loads(text), indent=2, ensure_ascii=False))
