"""Ways into the store: each makes samples of what came and ends in `pipelines.publish`."""

from datetime import datetime

from django.conf import settings

from meters import idempotency
from meters.pipelines import publish
from meters.posted.completion import accept
from meters.posted.messages import Terms
from telemetry_site.core.identity.caller import Caller


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
