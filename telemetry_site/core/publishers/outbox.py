"""What external publishers are owed: written with what it is about, sent afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db.models import Sum

from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.publishers.channels import Channel
from telemetry_site.core.publishers.models import Owed, PublisherStanding


class Congested(TelemetryError):
    """Nothing more is taken from the notification buses until a publisher has been sent more."""


_known: set[bytes] = set()


def know(channels: Iterable[Channel]) -> None:
    """Have a standing for each, outside of the transaction that will owe it something."""
    for one in channels:
        if one.key not in _known:
            _standing(one)
            _known.add(one.key)


def forget() -> None:
    """Forget which standings there are, after tables have been emptied under us."""
    _known.clear()


def owe(parcels: Sequence[tuple[Channel, int, bytes]], now: datetime) -> None:
    """In the caller's transaction: channel, number of records and encoded body of each.

    A pipeline may have changed since `know`, and a row may have been deleted: they are asked for.
    """
    if not parcels:
        return
    keys = [channel.key for channel, *_ in parcels]
    rows = PublisherStanding.objects.filter(key__in=keys).values_list("key", "pk")
    ids = {bytes(key): number for key, number in rows}
    Owed.objects.bulk_create(
        Owed(
            publisher_id=ids.get(channel.key) or _standing(channel), parcel=uuid4(), count=count,
            size=len(body), body=body, made_at=now,
        )
        for channel, count, body in parcels
    )  # fmt: skip


def _standing(channel: Channel) -> int:
    """The number of its row, made where it is missing."""
    row, _ = PublisherStanding.objects.get_or_create(
        key=channel.key, defaults={"kind": channel.kind, "label": channel.label}
    )
    return row.pk


def full(channels: Mapping[bytes, Channel]) -> str:
    """The label of one that is owed too much and has readers wait; empty where there is none."""
    waiting = [key for key, channel in channels.items() if channel.policy.waits]
    if not waiting:
        return ""
    rows = PublisherStanding.objects.filter(key__in=waiting, full=True)
    return rows.values_list("label", flat=True).first() or ""


def bound(standing: PublisherStanding, channel: Channel, usual: int) -> None:
    """Hold the publisher to its bound: let the oldest go, or have readers wait."""
    most = channel.policy.most_bytes or usual
    owed = standing.owed.aggregate(size=Sum("size"))["size"] or 0
    full = channel.policy.waits and owed > most
    if full != standing.full:
        PublisherStanding.objects.filter(pk=standing.pk).update(full=full)
    if owed > most and not channel.policy.waits:
        _let_go(standing, owed - most)


def _let_go(standing: PublisherStanding, excess: int) -> None:
    going, count = [], 0
    for pk, size, records in standing.owed.order_by("pk").values_list("pk", "size", "count"):
        if excess <= 0:
            break
        going.append(pk)
        excess, count = excess - size, count + records
    Owed.objects.filter(pk__in=going).delete()
    standing.dropped += count
    standing.save(update_fields=["dropped"])
