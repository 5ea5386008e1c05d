"""Databases on the throw-away server, and which of them this process is connected to.

One process measures several stores: the connection that Django calls the default one is changed.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Databases:
    """Those of one server, each by its name; `url` is that of any of them."""

    def __init__(self, url: str) -> None:
        self._url = url

    def url(self, name: str) -> str:
        """How the database is reached."""
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def empty(self, name: str) -> str:
        """A database without tables; its URL."""
        self._run(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def migrated(self, name: str) -> BaseDatabaseWrapper:
        """A database with our tables; this process is connected to it."""
        self.empty(name)
        found = use(self.connected(name))
        call_command("migrate", verbosity=0)
        return found

    def copied(self, name: str, of: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
        """A copy of that database, whose connection is closed; this process is connected to it."""
        of.close()
        self._run(
            f'CREATE DATABASE "{name}" TEMPLATE "{of.settings_dict["NAME"]}" STRATEGY file_copy'
        )
        return use(self.connected(name))

    def connected(self, name: str) -> BaseDatabaseWrapper:
        """A connection of its own to this database."""
        made = connections.create_connection(DEFAULT_DB_ALIAS)
        made.settings_dict = {**made.settings_dict, "NAME": name}
        return made

    def _run(self, statement: str) -> None:
        with closing(psycopg2.connect(self.url("postgres"))) as server:
            server.autocommit = True
            server.cursor().execute(statement)


def use(one: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Let this connection be the one that everything in this process goes through."""
    connections[DEFAULT_DB_ALIAS] = one
    return one


@contextmanager
def used(one: BaseDatabaseWrapper) -> Iterator[None]:
    """The same for a while."""
    before = connections[DEFAULT_DB_ALIAS]
    use(one)
    try:
        yield
    finally:
        use(before)


def rows(text: str, *params: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement written by hand."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def number(text: str, *params: Any) -> float:
    """The one number that such a statement finds."""
    return float(rows(text, *params)[0][0])


def execute(text: str, *params: Any) -> int:
    """Run a statement written by hand; the number of rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text, params or None)
        return int(cursor.rowcount)
