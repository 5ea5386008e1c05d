"""How the values of settings are read: each reader raises ValueError for what it cannot take."""

from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from events.records import TRAIT_TYPES, TraitDescription
from telemetry_site.core.messaging.buses import ALTERNATIVE

Network: TypeAlias = IPv4Network | IPv6Network

UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
UNITS |= {name.removesuffix("s"): length for name, length in UNITS.items()}


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


def traits(value: str) -> tuple[TraitDescription, ...]:
    """Names and types of traits, such as `memory_mb:integer`, between commas."""
    found = []
    for word in words(value):
        name, colon, kind = word.rpartition(":")
        if not colon or not name or kind not in TRAIT_TYPES:
            raise ValueError(f"{word} is no trait: it must be NAME:{'|'.join(TRAIT_TYPES)}")
        found.append(TraitDescription(name, kind))
    return tuple(found)


def positive(value: str) -> int:
    """A whole number above zero."""
    number = int(value) if value.strip().isdigit() else 0
    if number < 1:
        raise ValueError("it must be a whole number above zero")
    return number


def number(value: str) -> int:
    """A whole number from -1 on."""
    found = int(value) if value.strip().removeprefix("-").isdigit() else -2
    if found < -1:
        raise ValueError("it must be a whole number, or -1 for any number")
    return found


def networks(value: str) -> tuple[Network, ...]:
    """Networks such as 10.0.0.0/8 or ::1, between commas."""
    return tuple(ip_network(word) for word in words(value))


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


def span(value: str) -> timedelta:
    """A length of time, such as `1 hours`."""
    found = lifetime(value)
    if found is None:
        raise ValueError("it must be a time such as 2 hours (hours, days or weeks)")
    return found


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
