"""A meter as commands are told it."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from telemetry_site.core.errors import BadRequest


def add_meter(parser: ArgumentParser, what: str) -> None:
    """A meter's name, at its place or after -m as the ceilometer client has it."""
    parser.add_argument("name", nargs="?", metavar="METER", help=what)
    parser.add_argument("-m", "--meter", help="The same, as the ceilometer client names it.")


def meter_of(options: Mapping[str, Any]) -> str | None:
    """The meter that was named, in either way. Raises BadRequest for two of them."""
    name, meter = options["name"], options["meter"]
    if name is not None and meter is not None and name != meter:
        raise BadRequest(f"One meter can be asked for, not both {name} and {meter}.")
    found: str | None = meter if name is None else name
    return found
