"""How often a message that had come back was begun with, so that one that kills is found out.

Of what comes back, everything is begun with together once: a broker that was restarted gives all
of its messages out as given out before. What comes back again is begun with alone.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import blake2b

from django.db.models import F

from telemetry_site.core.messaging.models import Attempt

# Once together with others and three times alone: it is no chance any more.
MOST = 4


def digest_of(body: bytes) -> bytes:
    """What a message is known by before it is read: 16 bytes."""
    return blake2b(body, digest_size=16).digest()


def counts(digests: Collection[bytes]) -> dict[bytes, int]:
    """How often each of them was begun with; without those that were not."""
    rows = Attempt.objects.filter(pk__in=digests).values_list("pk", "count")
    return {bytes(digest): count for digest, count in rows}


def begin(digests: Iterable[bytes], now: datetime) -> None:
    """Remember that a process begins with these; to be committed before it does."""
    Attempt.objects.bulk_create(
        (Attempt(digest=digest, count=0, begun_at=now) for digest in sorted(set(digests))),
        ignore_conflicts=True,
    )
    Attempt.objects.filter(pk__in=digests).update(count=F("count") + 1, begun_at=now)


def end(digests: Collection[bytes]) -> None:
    """Forget them: they were processed. To be called in the transaction that did it."""
    if digests:
        Attempt.objects.filter(pk__in=digests).delete()


def expire(before: datetime) -> int:
    """Forget those begun with before this moment; how many those were."""
    return Attempt.objects.filter(begun_at__lt=before).delete()[0]
