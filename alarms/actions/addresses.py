"""What the address of an action says: whom it calls, and how it may be shown."""

from typing import Final
from urllib.parse import urlsplit

from alarms.actions.action import one_line

PORTS: Final = {"http": 80, "https": 443}


def target(action: str) -> str:
    """Scheme, host and port: calls that share them wait for the same program.

    >>> target("https://user:secret@Heat.example/v1/signal?Signature=abc")
    'https://heat.example:443'
    """
    try:
        parts = urlsplit(action)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{_host(parts.hostname)}" + (f":{port}" if port else "")


def shown(action: str) -> str:
    """The address as logs and pages for operators have it: without an account and the query.

    A query may be signed, whatever its parts are called.

    >>> shown("https://user:secret@heat.example:8000/v1/signal?Signature=abc")
    'https://heat.example:8000/v1/signal?…'
    """
    try:
        parts = urlsplit(action)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "…"
    query = "?…" if parts.query else ""
    return one_line(f"{parts.scheme}://{_host(parts.hostname)}{port}{parts.path}{query}")


def _host(name: str | None) -> str:
    return f"[{name}]" if name and ":" in name else name or ""
