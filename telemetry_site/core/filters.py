"""What lists on pages are narrowed by: the form, what passes, and what is wrong with it."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, FilterSet


def contains(field: str, title: str) -> Any:
    """Text that stands anywhere in a column, whatever its case."""
    return CharFilter(field_name=field, lookup_expr="icontains", label=title)


class ListFilter(FilterSet):  # type: ignore[misc]  # django-filter carries no types
    """A wrong choice is an error of the form, and lists nothing."""

    def problems(self) -> list[str]:
        """A sentence for each parameter that cannot be taken."""
        errors = self.form.errors
        return [f"{self.form[name].label}: {' '.join(found)}" for name, found in errors.items()]

    def found(self) -> QuerySet[Any]:
        """The rows that pass."""
        passed: QuerySet[Any] = self.qs if self.is_valid() else self.queryset.none()
        return passed

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return any(self.form.data.get(name) for name in self.form.fields)
