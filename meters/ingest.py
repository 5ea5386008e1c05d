"""Ways into the store: each makes samples of what came, for `meters.pipelines`."""

import logging
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from meters import idempotency
from meters.notified.definitions import Definitions
from meters.notified.drafts import Made
from meters.notified.drafts import Terms as NotifiedTerms
from meters.notified.loading import load
from meters.pipelines import publish
from meters.posted.completion import accept
from meters.posted.messages import Terms
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.messaging.notification import Notification

DATA = Path(__file__).parent / "data"
SHIPPED, EXISTENCE = DATA / "meters", DATA / "existence_meters"

logger = logging.getLogger(__name__)


def from_messages(
    body: bytes,
    meter: str,
    caller: Caller,
    now: datetime,
    idempotency_key: str | None = None,
    path: str = "",
) -> bytes:
    """Store a posted list of samples of the meter, all or nothing; the JSON to answer.

    With an idempotency key the same body, posted again to the path by the caller within a day,
    stores nothing and gets the same answer. Raises BadRequest in the words of the wire's
    contract, KeyReused, Forbidden.
    """
    terms = Terms(
        meter=meter,
        user=caller.user,
        project=caller.project,
        confined_to=caller.confined_to,
        source=settings.TELEMETRY["SAMPLE_SOURCE"],
        now=now,
    )
    if idempotency_key is None:
        samples, answer = accept(body, terms)
        publish(samples)
        return answer
    ticket = idempotency.ticket(idempotency_key, caller, path, body)
    samples, answer = accept(body, terms)
    try:
        publish(samples, opening=lambda: idempotency.claim(ticket, answer, now))
    except idempotency.AnsweredBefore as before:
        return before.answer
    return answer


@cache
def definitions() -> Definitions:
    """What makes samples of notifications here, read once; bad definitions are told to the log."""
    options = settings.TELEMETRY
    loaded = load(definition_places(), owners_from_context)
    for fault in loaded.faults:
        logger.warning("A meter definition is left out: %s", fault)
    terms = NotifiedTerms(
        options["SAMPLE_SOURCE"],
        options["METADATA_NAMESPACE"],
        frozenset(options["METADATA_KEYS"]),
    )
    return Definitions(
        loaded.definitions,
        terms,
        existence=options["EXISTENCE_METERS"],
        secret=options["SIGNING_SECRET"],
    )


def definition_places() -> list[Path]:
    """Files and folders of meter definitions, those that win first."""
    options = settings.TELEMETRY
    shipped = [SHIPPED, EXISTENCE] if options["EXISTENCE_METERS"] else [SHIPPED]
    return [*options["METER_DEFINITIONS"], *shipped]


def owners_from_context(file: Path) -> bool:
    """Whether user and project come from the context where definitions of the file give none.

    So it was in the releases that had the existence meters.
    """
    return EXISTENCE in file.parents or bool(settings.TELEMETRY["OWNERS_FROM_CONTEXT"])


def from_notification(said: Notification) -> Made:
    """The samples of a notification. Raises Unusable: none of them is to be stored then."""
    return definitions().made_of(said)
