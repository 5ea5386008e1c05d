"""Every setting of ours: its name, what it may be, its default and what it is for.

They are read from the environment, once, at the start. `docs/settings.md` lists this table.
"""

import difflib
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from telemetry_site.core.messaging.buses import DECLARATIONS
from telemetry_site.core.messaging.notification import PRIORITIES
from telemetry_site.readers import (
    address,
    buses,
    file,
    folder,
    lifetime,
    networks,
    number,
    one_of,
    places,
    positive,
    seconds,
    some_of,
    span,
    text,
    traits,
    url,
    words,
    yes_or_no,
)

PREFIX = "TELEMETRY_"
SECRETS = ("SECRET_KEY", "ACTION_SECRET")  # may stand in files
BAD_CONFIGURATION = 78  # EX_CONFIG of sysexits.h: whoever supervises us need not try again


class BadSetting(Exception):
    """A setting has a value it cannot have."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting; `default` is written as it would be in the environment."""

    name: str
    read: Callable[[str], Any]
    default: str
    help: str


OPTIONS = (
    Option("DATA_DIR", folder, "var", "Folder of everything kept on disk here."),
    Option(
        "DATABASE_URL",
        url("postgresql", "postgres", "sqlite"),
        "",
        "postgresql://user:password@host:port/name or sqlite:///path; unset: SQLite in the data "
        "folder.",
    ),
    Option(
        "BROKER_URL",
        url("redis", "rediss", "redis+socket", "amqp", "amqps", "filesystem"),
        "",
        "Celery's broker, redis:// or amqp://; unset: files in the data folder.",
    ),
    Option("BIND", address, "127.0.0.1:8777", "Address that the web server listens on."),
    Option(
        "AUTH",
        one_of("local", "noauth"),
        "local",
        "Who is believed: local accounts with API tokens, or (noauth) the identity headers as "
        "they are sent.",
    ),
    Option(
        "NOAUTH_ANYWHERE",
        yes_or_no,
        "false",
        "Let noauth listen on other addresses than loopback, behind a proxy that authenticates.",
    ),
    Option("POLICY_FILE", file, "", "JSON file of policy rules, in oslo.policy's language."),
    Option(
        "SECRET_KEY",
        text,
        "",
        "Key that signs sessions, also read from the file SECRET_KEY_FILE names; unset: made once "
        "and kept in the data folder.",
    ),
    Option(
        "ALLOWED_HOSTS",
        words,
        "",
        "Host names we answer to, with commas; unset: this machine's names when we listen on "
        "loopback, else any.",
    ),
    Option("HOST", text, socket.gethostname(), "Name of this machine in the samples of it."),
    Option("SAMPLE_SOURCE", text, "openstack", "Source of samples posted without one."),
    Option(
        "METER_DEFINITIONS",
        places,
        "",
        "Files and folders of meter definitions, with commas; what they define comes before what "
        "is shipped.",
    ),
    Option(
        "EXISTENCE_METERS",
        yes_or_no,
        "false",
        "Also make the meters of older releases that say, with the volume 1, that a thing is "
        "there, was made or changed.",
    ),
    Option(
        "OWNERS_FROM_CONTEXT",
        yes_or_no,
        "false",
        "Take user and project of a notification's samples from its request context where a "
        "definition gives none. The current original intends to and does not.",
    ),
    Option(
        "METADATA_NAMESPACE",
        text,
        "metering.",
        "Beginning of the keys of a user's metadata that samples carry, as user_metadata.",
    ),
    Option("METADATA_KEYS", words, "", "Other keys of a user's metadata that samples carry."),
    Option(
        "EVENT_DEFINITIONS",
        places,
        "",
        "Files and folders of event definitions, with commas; they come before what is shipped.",
    ),
    Option(
        "DROP_UNMATCHED_EVENTS",
        yes_or_no,
        "false",
        "Make no event of a notification that no definition fits.",
    ),
    Option(
        "STORE_RAW",
        words,
        "",
        "Priorities, such as error, of which events keep the whole notification.",
    ),
    Option(
        "NOTIFICATION_URLS",
        buses,
        "",
        "RabbitMQs whose notifications are read, amqp:// or amqps://user:password@host:port/vhost, "
        "with commas between them, and semicolons between the nodes of a cluster.",
    ),
    Option(
        "NOTIFICATIONS",
        yes_or_no,
        "true",
        "Read them; false leaves the queues in peace, and what comes stays in them.",
    ),
    Option(
        "NOTIFICATION_TOPICS",
        words,
        "notifications",
        "Topics that are read, as in the services' [oslo_messaging_notifications].",
    ),
    Option(
        "NOTIFICATION_PRIORITIES",
        some_of(*sorted(PRIORITIES)),
        ",".join(sorted(PRIORITIES)),
        "Priorities that are read: each has a queue, TOPIC.PRIORITY.",
    ),
    Option(
        "NOTIFICATION_POOL",
        text,
        "",
        "Read a queue of this name that gets a copy of everything, and leave the usual ones to "
        "other readers; it is made unless NOTIFICATION_DECLARE is none.",
    ),
    Option(
        "NOTIFICATION_DECLARE",
        one_of(*DECLARATIONS),
        "none",
        "Make queues and exchanges that are missing, of this kind, or leave that to the services. "
        "A service cannot use a queue that was made otherwise than it is configured.",
    ),
    Option(
        "NOTIFICATION_AUTO_DELETE",
        yes_or_no,
        "false",
        "Whether what we make goes with its last reader, as with amqp_auto_delete.",
    ),
    Option(
        "NOTIFICATION_EXCHANGES",
        words,
        "nova,glance,neutron,cinder,heat,keystone,trove,zaqar,swift,ceilometer,magnum,dns,ironic,"
        "aodh,central,sahara",
        "Exchanges of the services (control_exchange) that queues which we make are tied to.",
    ),
    Option("NOTIFICATION_BATCH", positive, "500", "Messages that are taken in together, at most."),
    Option("NOTIFICATION_WAIT", seconds, "0.2", "Seconds that a message waits for others at most."),
    Option(
        "RECEIPT_TTL",
        lifetime,
        "3 days",
        "How long it is remembered which notifications were taken in; what comes again later is "
        "taken for new. 0: for ever.",
    ),
    Option("PIPELINE_FILE", file, "", "A pipeline.yaml to use in place of the shipped one."),
    Option(
        "EVENT_PIPELINE_FILE",
        file,
        "",
        "An event_pipeline.yaml to use in place of the shipped one.",
    ),
    Option(
        "TRANSFORMER_WINDOW",
        span,
        "1 hours",
        "How late a sample may come and still be put in its place by delta and rate_of_change.",
    ),
    Option(
        "OUTBOX_BYTES",
        positive,
        "268435456",
        "How much an external publisher may be owed before the oldest goes, or, with policy=wait, "
        "readers of notifications wait.",
    ),
    Option(
        "SIGNING_SECRET",
        text,
        "change this for valid signing",
        "Key of the signatures of messages, the original's telemetry_secret; empty: none are made, "
        "and none is checked.",
    ),
    Option(
        "SIGNING_FORM",
        one_of("current", "older"),
        "current",
        "Signatures of the current releases, or of those before Pike; they differ where a message "
        "holds lists.",
    ),
    Option("POLLING_FILE", file, "", "A polling.yaml to use in place of the shipped one."),
    Option("DEFAULT_LIMIT", positive, "100", "Length of a list when no limit is asked for."),
    Option("MAX_BODY", positive, "67108864", "Largest body of a request, in bytes."),
    Option(
        "SAMPLE_TTL",
        lifetime,
        "0",
        "How long samples are kept, such as 90 days; 0: for ever. Whole days of UTC go.",
    ),
    Option(
        "ROLLUP_TTL",
        lifetime,
        "0",
        "How long rollups of hours and days are kept, no shorter than samples; 0: for ever.",
    ),
    Option(
        "INDEXED_TRAITS",
        traits,
        "",
        "Traits that are asked for by ranges, such as memory_mb:integer, with commas; each costs "
        "an index. Types are string, integer, float and datetime. PostgreSQL only.",
    ),
    Option(
        "EVENT_TTL",
        lifetime,
        "0",
        "How long events are kept, such as 90 days; 0: for ever. Whole days of UTC go.",
    ),
    Option(
        "REJECTED_TTL",
        lifetime,
        "30 days",
        "How long messages are kept that could not be processed; 0: for ever.",
    ),
    Option("WEB_WORKERS", positive, "2", "Processes of the web server."),
    Option("WEB_THREADS", positive, "4", "Threads of each process of the web server."),
    Option("WORKER_THREADS", positive, "4", "Threads of the Celery worker that `up` starts."),
    Option("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "What is logged."),
    Option("EVALUATION_INTERVAL", positive, "60", "Seconds from one evaluation to the next."),
    Option(
        "EVALUATION_METRICS",
        yes_or_no,
        "false",
        "Count the states that evaluations find, for /v2/metrics.",
    ),
    Option("ALARM_UNIQUE_NAMES", yes_or_no, "false", "Refuse a name twice in a project."),
    Option(
        "ALARM_PROJECT_QUOTA",
        number,
        "-1",
        "How many alarms a project may have that has no quota of its own; -1: any number.",
    ),
    Option("ALARM_USER_QUOTA", number, "-1", "How many alarms a user may have; -1: any number."),
    Option(
        "ALARM_MAX_ACTIONS",
        number,
        "-1",
        "How many actions an alarm may have for one state; -1: any number.",
    ),
    Option(
        "ALARM_HISTORY_TTL",
        lifetime,
        "0",
        "How long the history of alarms is kept, such as 90 days; 0: for ever.",
    ),
    Option(
        "PROMETHEUS_URL",
        url("http", "https"),
        "",
        "The Prometheus that rules of the type prometheus are asked of.",
    ),
    Option(
        "ACTION_ALLOW",
        networks,
        "",
        "Networks that actions may call although they are private, such as 127.0.0.0/8, with "
        "commas.",
    ),
    Option(
        "ACTION_SECRET",
        text,
        "",
        "Key that calls of actions are signed with, also read from the file ACTION_SECRET_FILE "
        "names; unset: they are not signed.",
    ),
    Option("ACTION_TIMEOUT", seconds, "10", "Seconds that the target of an action may take."),
    Option(
        "ACTION_ATTEMPTS",
        positive,
        "10",
        "How often an action is tried; the pauses grow from 2 seconds to 10 minutes.",
    ),
    Option(
        "ACTION_VERIFY_TLS",
        yes_or_no,
        "true",
        "Check the certificates of https:// actions, unless an address says otherwise by "
        "aodh-alarm-ssl-verify.",
    ),
    Option("ACTION_CA_FILE", file, "", "Certificates that those are checked by; unset: the usual."),
    Option(
        "ACTION_CLIENT_CERT",
        file,
        "",
        "Certificate that https:// actions show, in PEM, with its key or with ACTION_CLIENT_KEY.",
    ),
    Option("ACTION_CLIENT_KEY", file, "", "The key of that certificate."),
)


def given(option: Option, environ: Mapping[str, str]) -> str:
    """What the environment says of this option; a secret may stand in the file …_FILE names."""
    name = PREFIX + option.name
    if name not in environ and f"{name}_FILE" in environ and option.name in SECRETS:
        return Path(environ[f"{name}_FILE"]).read_text().strip()
    return environ.get(name) or option.default


def read(environ: Mapping[str, str]) -> dict[str, Any]:
    """Every option by its name without the prefix. Raises BadSetting."""
    values = {}
    for option in OPTIONS:
        try:
            values[option.name] = option.read(given(option, environ))
        except (ValueError, OSError) as error:
            raise BadSetting(f"{PREFIX}{option.name} cannot be used: {error}.") from error
    return values


def unknown(environ: Mapping[str, str]) -> list[str]:
    """A warning for each TELEMETRY_* variable that means nothing to us."""
    known = [option.name for option in OPTIONS] + [f"{name}_FILE" for name in SECRETS]
    found = []
    given_names = {name.removeprefix(PREFIX) for name in environ if name.startswith(PREFIX)}
    for name in sorted(given_names - set(known)):
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {PREFIX}{near[0]}?" if near else "."
        found.append(f"{PREFIX}{name} is no setting of ours{hint}")
    return found


def load() -> dict[str, Any]:
    """The options of this process; a bad one ends it with a sentence and exit code 78."""
    try:
        return read(os.environ)
    except BadSetting as error:
        _end(str(error))


def _end(sentence: str) -> NoReturn:
    sys.stderr.write(f"telemetry: {sentence}\n")
    raise SystemExit(BAD_CONFIGURATION)
