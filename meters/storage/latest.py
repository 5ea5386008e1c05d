"""The newest sample of each series, as columns beside it."""

from django.db.models import OuterRef, QuerySet, Subquery

from meters.models import Series, StoredSample


def with_latest(series: QuerySet[Series]) -> QuerySet[Series]:
    """The series with `last_volume` and `last_seen`, by a probe of the index for each."""
    samples = StoredSample.objects.filter(series=OuterRef("pk"))
    newest = samples.order_by("-timestamp", "-message_id")
    return series.annotate(
        last_volume=Subquery(newest.values("volume")[:1]),
        last_seen=Subquery(newest.values("timestamp")[:1]),
    )
