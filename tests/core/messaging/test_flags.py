"""What a refusal says of a queue, and how a mismatch is explained."""

import pytest

from telemetry_site import options
from telemetry_site.core.messaging.buses import Plan, plan
from telemetry_site.core.messaging.flags import UNKNOWN, Flags, learnt, mismatch

START = "PRECONDITION_FAILED - inequivalent arg "
END = " for queue 'notifications.info' in vhost '/': received "


@pytest.mark.parametrize(
    ("known", "refusal", "found"),
    [
        (UNKNOWN, f"{START}'durable'{END}'false' but current is 'true'", Flags(True)),
        (
            UNKNOWN,
            f"{START}'auto_delete'{END}'false' but current is 'true'",
            Flags(False, True),
        ),
        (
            Flags(True),
            f"{START}'x-queue-type'{END}'x' but current is 'quorum'",
            Flags(True, False, True),
        ),
        (
            UNKNOWN,
            f"{START}'x-queue-type'{END}the value 'x' of type 'longstr' but current is none",
            Flags(False, False, False),
        ),
        (
            UNKNOWN,
            f"{START}'x-message-ttl'{END}none but current is the value '3000' of type 'signedint'",
            Flags(False, False, None),
        ),
        (Flags(True), "NOT_FOUND - no queue", Flags(True)),
        (UNKNOWN, "", UNKNOWN),
    ],
)
def test_a_property_is_known_once_those_before_it_agree(
    known: Flags, refusal: str, found: Flags
) -> None:
    assert learnt(known, refusal) == found


def planned(declare: str, auto_delete: str = "no") -> Plan:
    given = {"DECLARE": declare, "AUTO_DELETE": auto_delete}
    return plan(options.read({f"TELEMETRY_NOTIFICATION_{k}": v for k, v in given.items()}))


@pytest.mark.parametrize(
    ("declare", "found", "wanted"),
    [
        ("durable", Flags(False, False, False), "set amqp_durable_queues = true in"),
        ("classic", Flags(True, False, False), "set amqp_durable_queues = false in"),
        (
            "classic",
            Flags(False, True, False),
            "set amqp_auto_delete = false in",
        ),
        ("quorum", Flags(False, False, False), "set rabbit_quorum_queue = true in"),
        ("durable", Flags(True, False, True), "set rabbit_quorum_queue = false in"),
        (
            "quorum",
            Flags(False, True, False),
            "set amqp_auto_delete = false and rabbit_quorum_queue = true in",
        ),
    ],
)
def test_a_mismatch_names_the_options_of_the_services(
    declare: str, found: Flags, wanted: str
) -> None:
    sentence = mismatch(planned(declare), found)
    assert f"otherwise than TELEMETRY_NOTIFICATION_DECLARE={declare} says" in sentence
    assert f"{wanted} [oslo_messaging_rabbit] of every service" in sentence


@pytest.mark.parametrize(
    ("declare", "found"),
    [
        ("classic", Flags(False, False, False)),
        ("durable", Flags(True, False, False)),
        ("quorum", Flags(True, False, True)),
        ("quorum", UNKNOWN),
    ],
)
def test_what_is_as_wanted_or_unknown_is_no_mismatch(declare: str, found: Flags) -> None:
    assert mismatch(planned(declare), found) == ""
