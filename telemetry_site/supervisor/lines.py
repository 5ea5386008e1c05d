"""How the lines of the children are shown: in columns with colours, or as JSON."""

import json
from collections.abc import Callable
from datetime import datetime

Form = Callable[[str, str, datetime], str]

COLOURS = ("36", "33", "32", "35", "34")
OWN = "up"


def plain(name: str, line: str, now: datetime) -> str:
    """The name of the child, a bar, its line.

    >>> plain("web", "ready", datetime(2026, 3, 1))
    'web    | ready'
    """
    return f"{name:<6} | {line}"


def coloured(names: tuple[str, ...]) -> Form:
    """The same with a colour for each child."""
    colours = dict(zip(names, COLOURS, strict=False))

    def form(name: str, line: str, now: datetime) -> str:
        return f"\x1b[{colours.get(name, '1')}m{name:<6} |\x1b[0m {line}"

    return form


def as_json(name: str, line: str, now: datetime) -> str:
    """One object for each line, for programs that read logs.

    >>> as_json("web", "ready", datetime(2026, 3, 1))
    '{"time": "2026-03-01T00:00:00", "process": "web", "line": "ready"}'
    """
    return json.dumps({"time": now.isoformat(), "process": name, "line": line})


def form_of(log_format: str, names: tuple[str, ...], colour: bool) -> Form:
    """The form asked for; `colour` says whether a terminal reads it that wants colours."""
    if log_format == "json":
        return as_json
    return coloured(names) if colour else plain


class LineBuffer:
    """Cuts what is read from a pipe into lines; a line that never ends is cut at 64 KiB."""

    LONGEST = 65536

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self.LONGEST:
            whole.append(self._rest)
            self._rest = b""
        return [_text(line) for line in whole]

    def rest(self) -> list[str]:
        """What stood after the last end of line."""
        rest, self._rest = self._rest, b""
        return [_text(rest)] if rest else []


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
