"""What the lists of meters and resources can be narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet

from meters.models import Series
from meters.samples import KINDS


def _contains(field: str, title: str) -> Any:
    return CharFilter(field_name=field, lookup_expr="icontains", label=title)


class SeriesFilter(FilterSet):  # type: ignore[misc]  # django-filter carries no types
    """What both lists share: a wrong choice is an error of the form, and lists nothing."""

    def problems(self) -> list[str]:
        """A sentence for each parameter that cannot be taken."""
        errors = self.form.errors
        return [f"{self.form[name].label}: {' '.join(found)}" for name, found in errors.items()]

    def found(self) -> QuerySet[Series]:
        """The series that pass."""
        passed: QuerySet[Series] = self.qs if self.is_valid() else self.queryset.none()
        return passed


class MeterFilter(SeriesFilter):
    """Narrows the list of meters; text is looked for anywhere in the name, whatever its case."""

    name = _contains("meter", "Name")
    type = ChoiceFilter(label="Type", choices=[(kind, kind) for kind in KINDS], empty_label="Any")
    unit = CharFilter(field_name="unit", lookup_expr="iexact", label="Unit")
    resource = _contains("resource", "Resource")
    project = _contains("project", "Project")

    class Meta:
        """Over the series, each of which names its meter and owner."""

        model = Series
        fields = ()


class ResourceFilter(SeriesFilter):
    """Narrows the list of resources."""

    resource = _contains("resource", "Resource")
    project = _contains("project", "Project")
    user = _contains("user", "User")
    meter = _contains("meter", "Meter")

    class Meta:
        """Over the series, each of which names its resource and owner."""

        model = Series
        fields = ()
