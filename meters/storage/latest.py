"""The newest samples of each series, as columns beside it."""

from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery

from meters.models import Series, StoredSample


def with_latest(series: QuerySet[Series]) -> QuerySet[Series]:
    """The series with `last_volume` and `last_seen`, by a probe of the index for each."""
    samples = StoredSample.objects.filter(series=OuterRef("pk"))
    newest = samples.order_by("-timestamp", "-message_id")
    return series.annotate(
        last_volume=Subquery(newest.values("volume")[:1]),
        last_seen=Subquery(newest.values("timestamp")[:1]),
    )


def with_count_since(series: QuerySet[Series], since: datetime) -> QuerySet[Series]:
    """The series with `count_since`: how many samples each has from then on, NULL for none.

    A probe of the index for each series: a join may end up reading the whole day.
    """
    samples = StoredSample.objects.filter(series=OuterRef("pk"), timestamp__gte=since)
    counted = samples.order_by().values("series").annotate(found=Count("*")).values("found")
    return series.annotate(count_since=Subquery(counted))
