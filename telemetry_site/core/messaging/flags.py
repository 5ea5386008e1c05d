"""How a queue was declared: what RabbitMQ lets us know of one that others made.

A passive declaration checks nothing but the name. One that cannot be meant, of a type that does
not exist, is refused whether the queue is there or not, so it never makes one; and of one that is
there the refusal says in which property it differs, and what that property is.
"""

import re
from typing import NamedTuple

from telemetry_site.core.messaging.buses import CLASSIC, QUORUM, Plan

NO_TYPE = "telemetry-looks-at-the-flags"  # it stands in RabbitMQ's log
QUESTIONS = 3  # until all is known: one for each property
REFUSED = re.compile(r"inequivalent arg '(?P<name>[\w-]+)'.*current is '?(?P<value>\w+)")
SERVICE_OPTIONS = ("amqp_durable_queues", "amqp_auto_delete", "rabbit_quorum_queue")


class Flags(NamedTuple):
    """What is known of a queue; None is what is not."""

    durable: bool | None = None
    auto_delete: bool | None = None
    quorum: bool | None = None


UNKNOWN = Flags()


def learnt(known: Flags, refusal: str) -> Flags:
    """What is known after a refusal: a property is looked at once those before it agree.

    >>> learnt(Flags(True), "inequivalent arg 'auto_delete' for queue 'q': current is 'true'")
    Flags(durable=True, auto_delete=True, quorum=None)
    """
    found = REFUSED.search(refusal)
    if found is None:
        return known
    name, value = found["name"], found["value"]
    if name == "durable":
        return known._replace(durable=value == "true")
    known = known._replace(durable=bool(known.durable))
    if name == "auto_delete":
        return known._replace(auto_delete=value == "true")
    known = known._replace(auto_delete=bool(known.auto_delete))
    return known._replace(quorum=value == "quorum") if name == "x-queue-type" else known


def wanted(plan: Plan) -> Flags:
    """The flags of the queues that we make."""
    return Flags(plan.declare != CLASSIC, plan.auto_delete, plan.declare == QUORUM)


def mismatch(plan: Plan, found: Flags) -> str:
    """How the queue differs from what we would make, and what to do; empty if it does not.

    The options are those of oslo.messaging, which stand in the files of the services.
    """
    trios = zip(SERVICE_OPTIONS, wanted(plan), found, strict=True)
    wrong = {
        option: f"{option} = {str(want).lower()}"
        for option, want, have in trios
        if have is not None and have is not want
    }
    if plan.declare == QUORUM:
        wrong.pop("amqp_durable_queues", None)  # a quorum queue always is
    if not wrong:
        return ""
    return (
        f"The queue was made otherwise than TELEMETRY_NOTIFICATION_DECLARE={plan.declare} says, "
        "and is read as it is. Either change our settings, or set "
        f"{' and '.join(wrong.values())} in [oslo_messaging_rabbit] of every service, delete the "
        "queue and restart them."
    )
