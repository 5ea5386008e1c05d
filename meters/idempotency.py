"""Idempotency keys: a POST that is sent again is answered as the first time, and stored once."""

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import connection

from meters.models import IdempotencyKey
from telemetry_site.core.errors import BadRequest, KeyReused, Unavailable
from telemetry_site.core.identity.caller import Caller

KEPT = timedelta(hours=24)
FORM = re.compile(r"[!-~]{1,255}")

# A key past its time counts as absent. A key that another transaction is about to commit makes
# this statement wait for it.
CLAIM = """
INSERT INTO meters_idempotencykey (digest, body_digest, answer, created_at)
VALUES (%s, %s, %s, %s)
ON CONFLICT (digest) DO UPDATE SET body_digest = excluded.body_digest,
    answer = excluded.answer, created_at = excluded.created_at
WHERE meters_idempotencykey.created_at <= %s
"""


class AnsweredBefore(Exception):
    """The request was taken before; `answer` is what it was told."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("answered before")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that carries a key, as hashes: who sent which key where, and with which body."""

    digest: bytes
    body_digest: bytes


def ticket(key: str, caller: Caller, path: str, body: bytes) -> Ticket:
    """The ticket of a request. Raises BadRequest for a key of the wrong form."""
    if not FORM.fullmatch(key):
        raise BadRequest(
            "An Idempotency-Key must be 1 to 255 printable ASCII characters without spaces"
        )
    request = msgspec.json.encode((caller.user, caller.project, path, key))
    return Ticket(hashlib.sha256(request).digest(), hashlib.sha256(body).digest())


def claim(ticket: Ticket, answer: bytes, now: datetime) -> None:
    """Keep the answer under the ticket; to be called in the transaction of what it stands for.

    Waits for another request with the same key. Raises AnsweredBefore where it, or one in the
    last 24 hours, had the same body, KeyReused where it had another.
    """
    if _insert(ticket, answer, now):
        return
    kept = IdempotencyKey.objects.filter(digest=ticket.digest)
    row = kept.values_list("body_digest", "answer").first()
    if row is None:
        raise Unavailable("The first request with this Idempotency-Key has just been forgotten", 1)
    if bytes(row[0]) != ticket.body_digest:
        raise KeyReused("This Idempotency-Key was used before with another request body")
    raise AnsweredBefore(zlib.decompress(row[1]))


def _insert(ticket: Ticket, answer: bytes, now: datetime) -> bool:
    """Whether the ticket is new. Answers repeat themselves: they shrink to a tenth."""
    moment = connection.ops.adapt_datetimefield_value
    packed = zlib.compress(answer, level=1)
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM, (ticket.digest, ticket.body_digest, packed, moment(now), moment(now - KEPT))
        )
        inserted: int = cursor.rowcount
    return inserted == 1


def expire(now: datetime) -> int:
    """Forget the keys that are past their time; how many those were."""
    return IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]
