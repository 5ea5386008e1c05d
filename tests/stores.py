"""A store of its own for programs that a test starts, on the database that the tests run on."""

import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from tests.house import environment
from tests.source import ROOT

# So started, a program hears Ctrl-C even where the tests run in the background.
COMMAND = ("env", "--default-signal=INT", sys.executable, str(ROOT / "manage.py"))


@dataclass(frozen=True)
class Store:
    """Empty tables; `url` is None for SQLite, whose file is in the folder."""

    folder: Path
    url: str | None

    def start(self, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """A command whose input and output are pipes; `before` it stands what starts it."""
        settings = {} if self.url is None else {"DATABASE_URL": self.url}
        return subprocess.Popen(
            [*before, *COMMAND, *words],
            env=environment(self.folder, **settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def manage(self, *words: str) -> str:
        """What a command prints that must end well."""
        process = self.start(*words)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err.decode()
        return out.decode()

    def count(self) -> int:
        """How many samples it holds."""
        file = self.folder / "telemetry.sqlite3"
        connection: Any = (
            sqlite3.connect(file, timeout=20) if self.url is None else psycopg2.connect(self.url)
        )
        with closing(connection):
            cursor = connection.cursor()
            cursor.execute("SELECT count(*) FROM sample")
            return int(cursor.fetchone()[0])


def make(folder: Path, url: str | None = None) -> Store:
    """A store in a file of that folder, or in the database of the URL."""
    folder.mkdir()
    made = Store(folder, url)
    made.manage("migrate", "--verbosity", "0")
    return made


@contextmanager
def fresh(folder: Path) -> Iterator[Store]:
    """A store on the database of the tests; on PostgreSQL it goes at the end."""
    url = os.environ.get("TELEMETRY_DATABASE_URL") or None
    if url is None:
        yield make(folder)
        return
    name = f"moving_{secrets.token_hex(6)}"
    _order(url, f"CREATE DATABASE {name}")
    try:
        yield make(folder, urlsplit(url)._replace(path=f"/{name}").geturl())
    finally:
        _order(url, f"DROP DATABASE {name} WITH (FORCE)")


def _order(url: str, statement: str) -> None:
    """Outside of any transaction, which making a database asks for."""
    with closing(psycopg2.connect(urlsplit(url)._replace(path="/postgres").geturl())) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)
