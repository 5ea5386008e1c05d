"""The Django admin of the polling ledger."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from pollsters import ledger
from pollsters.models import PollJob
from telemetry_site.core import clock


@admin.register(PollJob)
class PollJobAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """Sources can be switched on and off and polled now; the polling plan makes them."""

    list_display = ("source", "enabled", "interval", "next_due", "last_ok", "last_error")
    list_editable = ("enabled",)
    actions = ("run_now",)
    fields = (
        "source", "enabled", "interval", "listed", "next_due", "lease_until", "last_ok",
        "last_error", "unavailable", "failures", "lost", "missed",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "enabled")

    @admin.action(description="Run now", permissions=["change"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[PollJob]) -> None:
        """Make the chosen sources due; the next tick polls them."""
        chosen = list(queryset.values_list("pk", flat=True))
        count = ledger.run_now(chosen, clock.now())
        self.message_user(request, f"{count} of {len(chosen)} will be polled now.", messages.INFO)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sources come from the polling plan."""
        return False
