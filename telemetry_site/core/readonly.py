"""The Django admin of rows that nobody makes or changes by hand."""

from django.contrib import admin
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it is not generic when it runs
    """Rows that the service keeps itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They make themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are looked at."""
        return False
