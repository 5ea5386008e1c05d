"""The real python-aodhclient, library and command line, at the address of a server."""

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from aodhclient import shell
from aodhclient.noauth import AodhNoAuthPlugin
from aodhclient.v2.client import Client
from keystoneauth1 import session
from keystoneauth1.token_endpoint import Token


class CommandFailed(Exception):
    """The program ended with an error; the text is what it printed about it."""


@dataclass(frozen=True, slots=True)
class Aodh:
    """How to reach a server, in the program's words, and the library's client for it."""

    words: Sequence[str]
    library: Any

    def run(self, *words: str) -> Any:
        """What a command prints, read as JSON; None for nothing. Raises CommandFailed."""
        form = () if "delete" in words else ("-f", "json")
        printed, failed = StringIO(), StringIO()
        with _as_a_program(), redirect_stdout(printed), redirect_stderr(failed):
            sys.argv = ["aodh", *self.words, *words, *form]  # it looks there for the plugin
            program = shell.AodhShell()
            code = program.run(sys.argv[1:])
        if program._client:
            hang_up(program._client)
        if code:
            raise CommandFailed(failed.getvalue())
        return json.loads(printed.getvalue()) if printed.getvalue().strip() else None


def hang_up(library: Any) -> None:
    """Close its connection, at which the server would go on waiting."""
    library.api.session.session.close()


def by_token(url: str, token: str) -> Aodh:
    """With a token, and no catalogue of endpoints."""
    words = ("--os-auth-type", "admin_token", "--os-endpoint", url, "--os-token", token)
    return Aodh(words, Client(session=session.Session(auth=Token(url, token))))


def by_headers(url: str, user: str, project: str, roles: str) -> Aodh:
    """Believed to be whom the headers name."""
    words = (
        "--os-auth-type", "aodh-noauth", "--aodh-endpoint", url, "--user-id", user,
        "--project-id", project, "--roles", roles,
    )  # fmt: skip
    plugin = AodhNoAuthPlugin(user, project, roles, url)
    return Aodh(words, Client(session=session.Session(auth=plugin)))


def unnamed(url: str) -> Aodh:
    """Without any identity; the library cannot do so without a plugin."""
    return Aodh(("--os-auth-type", "none", "--os-endpoint", url), None)


@contextmanager
def _as_a_program() -> Iterator[None]:
    """It sets up logging for a process of its own."""
    root = logging.getLogger()
    before = list(root.handlers), root.level, sys.argv
    try:
        yield
    finally:
        root.handlers[:], root.level, sys.argv = before
