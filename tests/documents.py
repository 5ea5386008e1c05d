"""Writes the pages of docs/ that are made from the code: `python -m tests.documents`."""

import json
import os
import sys
from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import django

from tests import scenario
from tests.source import PACKAGES, ROOT

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemetry_site.settings")
    django.setup()

from django.core.management import get_commands, load_command_class

from pollsters.catalogue import polled_meters
from telemetry_site.options import OPTIONS, PREFIX
from tests import notified

DOCS = ROOT / "docs"
MADE = "*Made from the code by `make docs`; change it there.*"
NAMES_HERE = {"HOST": "the name of the machine"}  # defaults that differ from machine to machine
GENERIC = {  # what Django gives to every command
    "help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color",
    "force_color", "skip_checks",
}  # fmt: skip
WORDS = {"admin": "an admin", "member": "a member of p1", "stranger": "a member of p2"}


def page(title: str, about: str, *parts: str) -> str:
    """A page with its title and its sections."""
    return "\n\n".join((f"# {title}", MADE, about.strip(), *parts)) + "\n"


def settings_page() -> str:
    """Every setting."""
    about = f"""
Settings are variables of the environment that begin with `{PREFIX}`, read once, at the start. A
value that a setting cannot have stops the start with a sentence and exit code 78; a variable that
begins so and is no setting is a warning that names the nearest one."""
    return page("Settings", about, *(_setting(option.name) for option in OPTIONS))


def _setting(name: str) -> str:
    (option,) = (option for option in OPTIONS if option.name == name)
    default = NAMES_HERE.get(name) or (f"`{option.default}`" if option.default else "unset")
    return f"## `{PREFIX}{name}`\n\n{option.help}\n\nDefault: {default}."


def commands() -> dict[str, str]:
    """Our commands, each with the package it is in."""
    found = get_commands().items()
    return {name: app for name, app in sorted(found) if app.split(".")[0] in PACKAGES}


def commands_page() -> str:
    """Every command with its options."""
    about = """
Called as `.venv/bin/python manage.py COMMAND`. The commands that ask look as an admin, or with
`--project` as a member of a project, and take what the [API](api.md) takes. Output is plain and
meant to be piped; faults are one sentence on standard error and exit code 1, a wrong option is
exit code 2."""
    return page("Commands", about, *(_command(name, app) for name, app in commands().items()))


def _command(name: str, app: str) -> str:
    command: Any = load_command_class(app, name)
    parser = parser_of(command, name)
    verbs = verbs_of(parser)
    parts = [f"## `{name}`", command.help, *([] if verbs else _options(parser))]
    for verb, its in verbs.items():
        parts += [f"### `{name} {verb}`", str(its.description), *_options(its)]
    return "\n\n".join(parts)


def verbs_of(parser: ArgumentParser) -> Mapping[str, ArgumentParser]:
    """The parser of each verb of a command that has verbs."""
    found = [one.choices for one in parser._actions if isinstance(one, _SubParsersAction)]
    return dict(found[0]) if found else {}


def _options(parser: ArgumentParser) -> Iterator[str]:
    """The table of its options, if it has any."""
    actions = [
        action
        for action in parser._actions
        if action.dest not in GENERIC and action.help != "==SUPPRESS=="
    ]
    lines = [f"| `{_cell(_call(action))}` | {_cell(action.help or '')} |" for action in actions]
    if lines:
        yield "\n".join(("| option | meaning |", "| --- | --- |", *lines))


def parser_of(command: Any, name: str) -> ArgumentParser:
    """What reads the options of the command."""
    parser: ArgumentParser = command.create_parser("manage.py", name)
    return parser


def _call(action: Action) -> str:
    """How an option is written, with what comes after it."""
    value = action.metavar or action.dest.upper()
    if action.choices:
        value = "|".join(map(str, action.choices))
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else str(value)
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {value}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("%%", "%")


def meters_page() -> str:
    """Every meter that is polled or made of notifications."""
    about = """
A meter is made by this service itself, of [the machine it runs on](#polled) and of
[notifications](#made-of-notifications), or by whoever posts samples: names, types and units are the
sender's then. Cumulative meters only count up; gauges are the value at the time; deltas say what
has changed since the last."""
    polled = """## Polled

What this service measures by itself, of the machine it runs on, every 60 seconds. Names that begin
with `hardware.` are those of Ceilometer, `host.` is for what has none there. The resource is the
name of the machine (`TELEMETRY_HOST`), with a dot and the name of the device or interface behind
it where there are several."""
    lines = [
        f"| `{meter.name}` | {meter.kind} | {meter.unit} | {meter.of} | {meter.what} |"
        for meter in polled_meters()
    ]
    heading = "| meter | type | unit | of | what |\n| --- | --- | --- | --- | --- |\n"
    table = heading + "\n".join(lines)
    return page("Meters", about, polled, table, *_notified())


def _notified() -> Iterator[str]:
    """Every meter that notifications make."""
    yield """## Made of notifications

What the shipped [definitions](definitions.md) make of the [notifications](notifications.md) of
OpenStack services and of CloudEvents. Event types are regular expressions; of a name or unit with
`$` that part stands in the notification. Samples that a polling agent of Ceilometer sends
(`telemetry.polling`, `telemetry.api`) are taken as they are, whatever their meter."""
    yield _table(notified.today())
    yield """## Meters of older releases

With [`TELEMETRY_EXISTENCE_METERS`](settings.md#telemetry_existence_meters) these too: they say
that a thing is there, was made or changed, all but the count of indexes with the volume 1."""
    yield _table(notified.of_older_releases())


def _table(rows: Iterable[notified.Row]) -> str:
    heading = "| meter | type | unit | event types |\n| --- | --- | --- | --- |\n"
    return heading + "\n".join(
        f"| `{row.name}` | {row.type} | {_unit(row.unit)} | {_patterns(row.event_types)} |"
        for row in rows
    )


def _unit(text: str) -> str:
    return f"`{text}`" if "$" in text else text


def _patterns(event_types: Iterable[str]) -> str:
    return ", ".join(f"`{_cell(one)}`" for one in event_types)


def api_page() -> str:
    """Every scenario with its requests and answers."""
    about = """
The v2 metering API of Ceilometer, as the release Newton has it, with its events and alarms, and
that of Aodh: their clients work unchanged. Every conversation on this page is one of the tests,
run as it stands here; `…` is what differs at each run. Who asks is said by an API token in the
header `X-Auth-Token` (`manage.py token` makes one), or, with `TELEMETRY_AUTH=noauth`, by `X-Roles`,
`X-Project-Id` and `X-User-Id`.
An admin sees everything, everybody else their project; [events](#events) say themselves who sees
them. The machine-readable description is at `/metering/api/schema`, to be tried out at
`/metering/api/`."""
    return page("The API", about, *(_scenario(path) for path in scenario.files()))


def _scenario(path: Path) -> str:
    told = scenario.read(path)
    return "\n\n".join((f"## {told.title}", told.about, *map(_step, told.steps)))


def _step(step: scenario.Step) -> str:
    who = WORDS.get(step.caller)
    name = step.name[0].upper() + step.name[1:]
    asked = "\n".join(_request(step))
    answered = "\n".join(_response(step))
    title = f"**{name}**" + (f" (as {who})" if who else "")
    return f"{title}\n\n```http\n{asked}\n```\n\n```http\n{answered}\n```"


def _request(step: scenario.Step) -> Iterator[str]:
    yield f"{step.method} {step.path}"
    yield from (f"{name}: {value}" for name, value in step.send.items())
    if step.body is not None:
        yield "\n" + (step.body if isinstance(step.body, str) else shown(step.body))


def _response(step: scenario.Step) -> Iterator[str]:
    yield str(step.status)
    yield from (f"{name}: {value}" for name, value in step.headers.items())
    if step.answer is not None:
        yield "\n" + shown(step.answer)


def shown(value: Any) -> str:
    """JSON for people: an object of plain values on one line, as long as it is short."""
    return _shown(value, "")


def _shown(value: Any, indent: str) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(short) <= 100 or not isinstance(value, dict | list) or not value:
        return short
    inner = indent + "  "
    if isinstance(value, list):
        parts = [_shown(entry, inner) for entry in value]
        return "[\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}]"
    parts = [f"{json.dumps(name)}: {_shown(entry, inner)}" for name, entry in value.items()]
    return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"


PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page,
    "commands.md": commands_page,
    "meters.md": meters_page,
    "settings.md": settings_page,
}


def main() -> None:
    """Write all of them."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make())
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
