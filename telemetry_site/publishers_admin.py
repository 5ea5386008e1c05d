"""The Django admin of publishers, and of what goes through sources and sinks."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from meters.templatetags.metering import moment
from meters.units import quantity
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.publishers.models import Owed, PublisherStanding
from telemetry_site.core.publishers.standing import with_owed
from telemetry_site.core.readonly import ReadOnlyAdmin


@admin.register(PublisherStanding)
class PublisherAdmin(ReadOnlyAdmin):
    """What each publisher is owed; it can be tried at once, or what it is owed be dropped."""

    list_display = (
        "label", "kind", "owing", "bytes_owed", "since", "failures", "sent",
        "refused", "dropped", "last_error",
    )  # fmt: skip
    list_filter = ("kind",)
    actions = ("try_now", "drop")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublisherStanding]:
        """With what is owed."""
        return with_owed(super().get_queryset(request))

    @admin.display(description="owed")
    def owing(self, row: PublisherStanding) -> str:
        """How many samples or events."""
        return f"{row.records:,}"  # type: ignore[attr-defined]  # annotated

    @admin.display(description="size")
    def bytes_owed(self, row: PublisherStanding) -> str:
        """Of their bodies."""
        return quantity(row.bytes, "B")  # type: ignore[attr-defined]

    @admin.display(description="owed since")
    def since(self, row: PublisherStanding) -> str:
        """When the oldest of them was taken in."""
        found = row.since  # type: ignore[attr-defined]
        return moment(found) if found else "-"

    @admin.action(description="Try now")
    def try_now(self, request: HttpRequest, queryset: QuerySet[PublisherStanding]) -> None:
        """Do not wait until the pause is over."""
        count = PublisherStanding.objects.filter(pk__in=list(queryset)).update(next_try=None)
        self.message_user(request, f"{count} will be tried within a second.", messages.SUCCESS)

    @admin.action(description="Drop what they are owed", permissions=["delete"])
    def drop(self, request: HttpRequest, queryset: QuerySet[PublisherStanding]) -> None:
        """For those that will not come back, or that no pipeline names any more."""
        rows, _ = Owed.objects.filter(publisher__in=[row.pk for row in queryset]).delete()
        self.message_user(request, f"{rows} parcels dropped.", messages.SUCCESS)


@admin.register(PipelineStanding)
class PipelineAdmin(ReadOnlyAdmin):
    """Totals, and how many in the last two minutes."""

    list_display = (
        "name", "role", "kind", "total", "unusable", "of_minute", "of_last_minute", "last_at",
    )  # fmt: skip
    list_filter = ("kind", "role")
