"""Every setting of ours: its name, what it may be, its default and what it is for.

They are read from the environment, once, at the start. `docs/settings.md` lists this table.
"""

import difflib
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, urlsplit

from telemetry_site.core.messaging.buses import ALTERNATIVE, DECLARATIONS
from telemetry_site.core.messaging.notification import PRIORITIES

PREFIX = "TELEMETRY_"
UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
UNITS |= {name.removesuffix("s"): length for name, length in UNITS.items()}
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


def text(value: str) -> str:
    """Any text."""
    return value


def folder(value: str) -> Path:
    """A folder, made absolute."""
    return Path(value).expanduser().absolute()


def file(value: str) -> Path | None:
    """A file that is there, or nothing."""
    if not value:
        return None
    path = folder(value)
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def places(value: str) -> tuple[Path, ...]:
    """Files and folders that are there, between commas."""
    found = tuple(folder(word) for word in words(value))
    for path in found:
        if not path.exists():
            raise ValueError(f"there is no {path}")
    return found


def positive(value: str) -> int:
    """A whole number above zero."""
    number = int(value) if value.strip().isdigit() else 0
    if number < 1:
        raise ValueError("it must be a whole number above zero")
    return number


def seconds(value: str) -> float:
    """A number of seconds from 0 to 60."""
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 60:
        raise ValueError("it must be a number of seconds from 0 to 60")
    return number


def lifetime(value: str) -> timedelta | None:
    """How long something is kept, such as `90 days`; 0 is for ever."""
    number, _, unit = value.strip().partition(" ")
    if value.strip() == "0":
        return None
    if unit not in UNITS or not number.isdigit() or not int(number):
        raise ValueError("it must be 0 or a time such as 90 days (hours, days or weeks)")
    try:
        return int(number) * UNITS[unit]
    except OverflowError:
        raise ValueError("it is longer than there is time; 0 keeps for ever") from None


def yes_or_no(value: str) -> bool:
    """True or false, said in one of the usual ways."""
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if value.lower() not in words:
        raise ValueError("it must be true or false")
    return words[value.lower()]


def words(value: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(word.strip() for word in value.split(",") if word.strip())


def some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """Some of these words, between commas."""

    def read(value: str) -> tuple[str, ...]:
        found = words(value)
        if not found or set(found) - set(choices):
            raise ValueError(f"it must be some of {', '.join(choices)}, between commas")
        return found

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"it must be one of {', '.join(choices)}")
        return value

    return read


def address(value: str) -> str:
    """HOST:PORT; an IPv6 host stands in brackets."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise ValueError("it must be HOST:PORT, such as 127.0.0.1:8777")
    return value


def url(*schemes: str) -> Callable[[str], str]:
    """A URL of one of these schemes, or nothing."""

    def read(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError(f"it must be a URL that starts with {' or '.join(schemes)}")
        return value

    return read


def buses(value: str) -> tuple[str, ...]:
    """Buses between commas, each one URL, or several with semicolons: the nodes of a cluster."""
    found = words(value)
    for one in found:
        for node in one.split(ALTERNATIVE):
            parts = urlsplit(node)
            if parts.scheme not in ("amqp", "amqps") or not parts.hostname or not _has_port(parts):
                raise ValueError(
                    "each must be like amqp://user:password@host:5672/vhost, or amqps://"
                )
    if len(set(found)) < len(found):
        raise ValueError("one of them is there twice")
    return found


def _has_port(parts: SplitResult) -> bool:
    """Whether its port is a number, or not given. The error would show the password."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


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
    Option("WEB_WORKERS", positive, "2", "Processes of the web server."),
    Option("WEB_THREADS", positive, "4", "Threads of each process of the web server."),
    Option("WORKER_THREADS", positive, "4", "Threads of the Celery worker that `up` starts."),
    Option("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "What is logged."),
    Option(
        "ALARMING_URL", url("http", "https"), "", "Where requests to /v2/alarms are sent on to."
    ),
)


def given(option: Option, environ: Mapping[str, str]) -> str:
    """What the environment says of this option; a secret may stand in the file …_FILE names."""
    name = PREFIX + option.name
    if name not in environ and f"{name}_FILE" in environ and option.name == "SECRET_KEY":
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
    known = [option.name for option in OPTIONS] + ["SECRET_KEY_FILE"]
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
