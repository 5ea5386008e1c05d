"""How it goes with each external publisher: what it is owed, since when, and in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from telemetry_site.core.publishers.models import PublisherStanding

BEHIND = timedelta(seconds=30)  # sending takes no more than some seconds


@dataclass(frozen=True, slots=True)
class PublisherLine:
    """A publisher; `owed` counts samples or events, `size` is in bytes, `lag` in seconds."""

    row: PublisherStanding
    owed: int
    size: int
    lag: float
    state: str
    words: str


def lines(now: datetime) -> list[PublisherLine]:
    """Those that were ever owed something."""
    return [_line(row, now) for row in with_owed(PublisherStanding.objects.all())]


def with_owed(rows: QuerySet[PublisherStanding]) -> QuerySet[PublisherStanding]:
    """The rows with `records`, `bytes` and `since` of what each is owed."""
    return rows.annotate(
        records=Coalesce(Sum("owed__count"), 0),
        bytes=Coalesce(Sum("owed__size"), 0),
        since=Min("owed__made_at"),
    )


def _line(row: PublisherStanding, now: datetime) -> PublisherLine:
    since: datetime | None = getattr(row, "since", None)
    lag = (now - since).total_seconds() if since else 0.0
    state, words = _state(row, lag)
    return PublisherLine(row, row.records, row.bytes, lag, state, words)  # type: ignore[attr-defined]


def _state(row: PublisherStanding, lag: float) -> tuple[str, str]:
    waiting = ": readers wait" if row.full else ""
    if row.failures:
        return "bad", f"Cannot be reached{waiting}"
    if lag > BEHIND.total_seconds():
        return "partly", f"Behind{waiting}"
    return "good", "Sent"
