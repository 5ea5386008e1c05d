"""Definitions of alarms as the command line is given them: a file, and options beside it."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from alarms.states import NO_DATA
from telemetry_site.core.cli.arguments import items
from telemetry_site.core.errors import BadRequest

STANDARD_INPUT = "-"
SIDES = {
    "above": "gt", "at_least": "ge", "below": "lt", "at_most": "le", "equal": "eq", "unequal": "ne",
}  # fmt: skip
RULE = {"meter": "meter_name", "statistic": "statistic", "period": "period"}
PLAIN = ("name", "description", "severity", "no_data", "hold_rounds")
ACTIONS = ("ok_action", "alarm_action", "insufficient_data_action")


def add_definition(parser: ArgumentParser) -> None:
    """A file, and the options of the usual case."""
    parser.add_argument(
        "--file", help="The alarm as the API takes it, JSON or YAML; - for standard input."
    )
    parser.add_argument("--name", help="Name of the alarm.")
    parser.add_argument("--description", help="What it is for.")
    parser.add_argument(
        "--severity", choices=("low", "moderate", "critical"), help="How bad it is."
    )
    parser.add_argument("--meter", help="Meter of a threshold rule.")
    parser.add_argument(
        "--statistic", choices=("avg", "min", "max", "sum", "count"), help="Of each period."
    )
    for side in SIDES:
        words = side.replace("_", " ")
        option = f"--{side.replace('_', '-')}"
        parser.add_argument(option, dest=side, metavar="NUMBER", help=f"In alarm when {words} it.")
    parser.add_argument("--period", help="Seconds of each period.")
    parser.add_argument("--periods", help="How many of them.")
    parser.add_argument(
        "-q", "--query", action="append", help="Conditions, such as 'resource_id=vm-1'."
    )
    for action in ACTIONS:
        option = action.replace("_", "-")
        parser.add_argument(
            f"--{option}",
            action="append",
            dest=action,
            metavar="URL",
            help="What is called then; empty for nothing.",
        )
    parser.add_argument("--repeat", action="store_true", help="Run the actions in every round.")
    parser.add_argument("--no-data", choices=NO_DATA, help="What missing data mean.")
    parser.add_argument("--hold-rounds", help="Rounds that must find a state before it counts.")
    parser.add_argument("--enabled", choices=("true", "false"), help="Whether it is evaluated.")


def definition_of(
    options: Mapping[str, Any], stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The body of a request: what is stored, then the file, then the options. Raises BadRequest."""
    body = {**(stored or {}), **_from_file(options["file"])}
    body |= {name: options[name] for name in (*PLAIN, "enabled") if options[name] is not None}
    for action in ACTIONS:
        if options[action] is not None:
            body[f"{action}s"] = [url for url in options[action] if url]
    if options["repeat"]:
        body["repeat_actions"] = True
    if options.get("project") and "project_id" not in body:
        body["project_id"] = options["project"]
    rule = _threshold(options)
    if rule:
        body.setdefault("type", "threshold")
        body["threshold_rule"] = {**(body.get("threshold_rule") or {}), **rule}
    return body


def _threshold(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say of a threshold rule."""
    rule = {name: options[given] for given, name in RULE.items() if options[given] is not None}
    if options["periods"] is not None:
        rule["evaluation_periods"] = options["periods"]
    sides = [side for side in SIDES if options[side] is not None]
    if len(sides) > 1:
        raise BadRequest("An alarm has one threshold: " + " or ".join(f"--{one}" for one in sides))
    for side in sides:
        rule |= {"comparison_operator": SIDES[side], "threshold": options[side]}
    if options["query"]:
        rule["query"] = [_item(one) for one in items(options["query"])]
    return rule


def _item(item: Any) -> dict[str, str]:
    found = {"field": item.field, "op": item.operator, "value": item.text}
    return {**found, "type": item.type} if item.type else found


def _from_file(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    try:
        text = sys.stdin.read() if name == STANDARD_INPUT else Path(name).read_text()
        found = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRequest(f"{name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise BadRequest(f"{name} holds no alarm: it must be one object")
    return found
