"""The real python-ceilometerclient, library and command line, at the address of a server."""

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ceilometerclient import client, shell


@dataclass(frozen=True, slots=True)
class Access:
    """Where a server answers, and a token it believes."""

    url: str
    token: str

    def library(self) -> Any:
        """The library's client."""
        return client.get_client("2", os_endpoint=self.url, os_token=self.token)

    def run(self, *words: str) -> str:
        """What a command of the program prints. Raises SystemExit where it fails."""
        with redirect_stdout(StringIO()) as printed:
            shell.main(["--os-endpoint", self.url, "--os-token", self.token, *words])
        return printed.getvalue()


def query(field: str, value: str, op: str = "eq", kind: str = "") -> list[dict[str, str]]:
    """One condition as the library takes it."""
    return [{"field": field, "op": op, "value": value, **({"type": kind} if kind else {})}]


def table(printed: str) -> list[list[str]]:
    """The cells of a printed table, below its head."""
    lines = [line for line in printed.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def pairs(printed: str) -> dict[str, str]:
    """A printed table of properties and values."""
    return {row[0]: row[1] for row in table(printed)}
