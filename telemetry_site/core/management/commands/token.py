"""manage.py token: makes API tokens, lists them, revokes them."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError

from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.errors import UnknownName
from telemetry_site.core.identity import tokens
from telemetry_site.core.identity.models import Token

LONGEST_NAME = 100


def label(text: str) -> str:
    """A label as long as a token can carry."""
    if len(text) > LONGEST_NAME:
        raise ArgumentTypeError(f"a label has at most {LONGEST_NAME} characters")
    return text


def line(token: Token) -> str:
    """Number, account, time of making in UTC and label of a token, with tabs between them."""
    made = on_the_wire(token.created_at.replace(microsecond=0))
    return f"{token.pk}\t{token.account.get_username()}\t{made}\t{token.name}"


class Command(MeteringCommand):
    """Prints a new API token, alone on its line; it goes into the header X-Auth-Token."""

    help = "Make an API token and print it, or list or revoke the tokens that there are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--user and --name for a new token; --list or --revoke in place of making one."""
        parser.add_argument(
            "--user", help="account that the token speaks for (the first superuser)"
        )
        parser.add_argument(
            "--name", type=label, default="", help=f"label, up to {LONGEST_NAME} characters"
        )
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument(
            "--list", action="store_true", help="list number, account, time and label of tokens"
        )
        instead.add_argument("--revoke", type=int, metavar="ID", help="number of a listed token")

    def handle(self, **options: Any) -> None:
        """Do the one thing that is asked for."""
        try:
            if options["list"]:
                for token in tokens.listed(options["user"]):
                    self.stdout.write(line(token))
            elif options["revoke"] is not None:
                tokens.revoke(options["revoke"])
            else:
                account = tokens.account_named(options["user"])
                self.stdout.write(tokens.make(account, options["name"]))
        except UnknownName as error:
            raise CommandError(str(error)) from error
