"""The Django admin of the store: how it stands, to be looked at."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from meters import upkeep
from meters.models import StoreState
from telemetry_site.core import clock


@admin.register(StoreState)
class StoreAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """One page in place of a list: sizes, rows, partitions, and how far the roll-up has come."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The page."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Store",
            "standing": upkeep.standing(),
            "now": clock.now(),
        }
        return TemplateResponse(request, "admin/meters/standing.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one store."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It keeps itself."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """It stays."""
        return False
