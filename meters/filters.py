"""What the lists of meters and resources can be narrowed by."""

from django_filters import CharFilter, ChoiceFilter

from meters.models import Series
from meters.samples import KINDS
from telemetry_site.core.filters import ListFilter, contains


class MeterFilter(ListFilter):
    """Narrows the list of meters; text is looked for anywhere in the name, whatever its case."""

    name = contains("meter", "Name")
    type = ChoiceFilter(label="Type", choices=[(kind, kind) for kind in KINDS], empty_label="Any")
    unit = CharFilter(field_name="unit", lookup_expr="iexact", label="Unit")
    resource = contains("resource", "Resource")
    project = contains("project", "Project")

    class Meta:
        """Over the series, each of which names its meter and owner."""

        model = Series
        fields = ()


class ResourceFilter(ListFilter):
    """Narrows the list of resources."""

    resource = contains("resource", "Resource")
    project = contains("project", "Project")
    user = contains("user", "User")
    meter = contains("meter", "Meter")

    class Meta:
        """Over the series, each of which names its resource and owner."""

        model = Series
        fields = ()
