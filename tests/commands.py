"""Commands as people give them, with what they print."""

import csv
import json
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import pytest
from django.core.management import call_command


def printed(name: str, *words: str) -> str:
    """What a command writes to standard output."""
    out = StringIO()
    call_command(name, *words, stdout=out)
    return out.getvalue()


def objects(name: str, *words: str) -> Any:
    """What it writes as JSON."""
    return json.loads(printed(name, *words, "--format", "json"))


def rows(name: str, *words: str) -> list[list[str]]:
    """What it writes as CSV, the names of the columns first."""
    return list(csv.reader(StringIO(printed(name, *words, "--format", "csv"))))


def give_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let standard input be a pipe with this text in it."""
    monkeypatch.setattr("sys.stdin", TextIOWrapper(Pipe(text.encode())))


class Pipe(BytesIO):
    """Bytes that nobody knows the number of."""

    def fileno(self) -> int:
        """As of no file at all."""
        raise OSError("it has none")
