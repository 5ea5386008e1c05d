"""The address of a publisher: a URL whose query holds its options."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from telemetry_site.core.errors import TelemetryError

T = TypeVar("T")

TRUE, FALSE = ("1", "true", "yes", "on", "t", "y"), ("0", "false", "no", "off", "f", "n")


class BadAddress(TelemetryError):
    """A publisher cannot be made of the URL; says what to change."""


class Address:
    """A publisher's URL, taken apart.

    An option is taken out of the query by `option`; `query` is what no one has taken, in its
    order. An option that is given several times counts with its last value. A text without ://
    is taken for a scheme. Raises BadAddress.
    """

    def __init__(self, text: str) -> None:
        self.text = text if "://" in text else f"{text}://"
        try:
            parts = urlsplit(self.text)
            self.port = parts.port
        except ValueError as error:
            raise BadAddress(f"{redacted(self.text)} is no URL: {error}") from error
        self.scheme = parts.scheme
        self.host = parts.hostname or ""
        self.username = unquote(parts.username) if parts.username is not None else None
        self.password = unquote(parts.password) if parts.password is not None else None
        self.path = parts.path
        self._pairs = parse_qsl(parts.query, keep_blank_values=True)

    def __str__(self) -> str:
        """The URL without what is secret in it."""
        return redacted(self.text)

    @property
    def query(self) -> str:
        """The query without the options that were taken out."""
        return urlencode(self._pairs)

    @property
    def left(self) -> list[str]:
        """The names of the options that nobody has taken."""
        return list(dict.fromkeys(name for name, _ in self._pairs))

    def option(self, name: str, read: Callable[[str], T], default: T) -> T:
        """The value of an option, taken out of the query; `read` raises ValueError for a bad one.

        Raises BadAddress.
        """
        given = [value for key, value in self._pairs if key == name]
        self._pairs = [pair for pair in self._pairs if pair[0] != name]
        if not given:
            return default
        try:
            return read(given[-1])
        except ValueError as error:
            why = f"option {name} cannot be {given[-1]!r}: {error}"
            raise BadAddress(f"{self}: {why}") from error


def whole(text: str) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("it must be a whole number")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 86_400:
        raise ValueError("it must be a number of seconds above 0")
    return number


def truth(text: str) -> bool:
    """A word for yes or no."""
    if text.lower() not in (*TRUE, *FALSE):
        raise ValueError(f"it must be one of {', '.join((*TRUE, *FALSE))}")
    return text.lower() in TRUE


def redacted(url: str) -> str:
    """The URL without a password, and without the values of options that may hold secrets."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return url.partition("://")[0] + "://…"
    user = f"{parts.username}:…@" if parts.username is not None else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    shown = [(name, "…" if _is_secret(name) else value) for name, value in pairs]
    query = "&".join(f"{name}={value}" for name, value in shown)
    if parts.netloc or not url.startswith(f"{parts.scheme}://"):
        return urlunsplit(SplitResult(parts.scheme, user + host, parts.path, query, ""))
    return f"{parts.scheme}://{parts.path}" + (f"?{query}" if query else "")


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in ("password", "secret", "token"))
