"""Lists, shows, makes, changes and silences alarms."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from alarms import definition, queries, services, silences, wire
from alarms.cli import rows
from alarms.cli.definitions import add_definition, definition_of
from alarms.listing import NEWEST, Listing, page
from alarms.models import Alarm
from alarms.preview import preview
from alarms.states import STATES, State
from telemetry_site.core import clock
from telemetry_site.core.cli.arguments import caller_of
from telemetry_site.core.cli.command import AskingCommand
from telemetry_site.core.cli.printing import columns
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.identity.caller import ADMIN, Caller

MOST = 1_000
UNITS = {
    "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}  # fmt: skip
FILTERS = ("state", "type", "severity", "enabled")


class Command(AskingCommand):
    """`manage.py alarms list --state alarm`"""

    help = "List, show, make, change and silence alarms, try them, and show their history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A verb and what it needs."""
        verbs = parser.add_subparsers(
            dest="verb", required=True, metavar="VERB", help="What is to be done."
        )
        for verb, about, add in (
            ("list", "List alarms, the newest first.", _add_filters),
            ("show", "Show an alarm, its rule in words too.", _add_alarm),
            ("history", "Show what has become of an alarm, or of all.", _add_history),
            ("create", "Make an alarm.", add_definition),
            ("update", "Change an alarm; what is not said stays.", _add_update),
            ("delete", "Delete an alarm; its history stays.", _add_alarm),
            ("set-state", "Set the state of an alarm; no action is run.", _add_state),
            ("preview", "Show how an alarm would have behaved over the last day.", add_definition),
            ("silence", "Keep actions from being run for a while.", _add_silence),
            ("silences", "List the silences in force.", _add_nothing),
            ("unsilence", "End a silence.", _add_silence_id),
        ):
            made = verbs.add_parser(verb, help=about, description=about)
            add(made)
            made.add_argument(
                "--project", help="Act for this project; without it, as an admin for all of them."
            )
            super().add_arguments(made)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        verb: Callable[[dict[str, Any], Caller], None] = getattr(
            self, f"_{options['verb'].replace('-', '_')}"
        )
        verb(options, caller_of(options))

    def _list(self, options: dict[str, Any], caller: Caller) -> None:
        found = queries.alarms(caller)
        for name in FILTERS:
            if options[name] is not None:
                found = found.filter(**{name: options[name]})
        if options["name"] is not None:
            found = found.filter(name__icontains=options["name"])
        listed = list(page(found, Listing(NEWEST, MOST), "alarm_id"))
        self.print_rows(rows.alarms(listed, clock.now()), columns(rows.AlarmRow), options)

    def _show(self, options: dict[str, Any], caller: Caller) -> None:
        found = rows.fields(_named(options["alarm"], caller), clock.now())
        self.print_rows(found, columns(rows.FieldRow), options)

    def _history(self, options: dict[str, Any], caller: Caller) -> None:
        found = queries.history(caller)
        if options["alarm"] is not None:
            found = found.filter(alarm_id=_id_of(options["alarm"], caller))
        some = list(found.order_by("-timestamp", "-id")[: options["limit"]])
        self.print_rows(rows.changes(some), columns(rows.ChangeRow), options)

    def _create(self, options: dict[str, Any], caller: Caller) -> None:
        read = definition.read(definition_of(options))
        made = services.create(read, _maker(caller), clock.now())
        self.stdout.write(made.alarm_id)

    def _update(self, options: dict[str, Any], caller: Caller) -> None:
        alarm = _named(options["alarm"], caller)
        body = definition_of({**options, "project": None}, wire.shown(alarm, None))
        if options["type"] is not None and options["type"] != alarm.type:
            body = {name: value for name, value in body.items() if name != f"{alarm.type}_rule"}
            body["type"] = options["type"]
        services.replace(alarm.alarm_id, definition.read(body), _maker(caller), clock.now())
        self.stdout.write(alarm.alarm_id)

    def _delete(self, options: dict[str, Any], caller: Caller) -> None:
        services.delete(_named(options["alarm"], caller).alarm_id, caller, clock.now())

    def _set_state(self, options: dict[str, Any], caller: Caller) -> None:
        alarm = _named(options["alarm"], caller)
        state = cast(State, options["state"])
        services.set_state(alarm.alarm_id, state, caller, clock.now())

    def _preview(self, options: dict[str, Any], caller: Caller) -> None:
        read = definition.read(definition_of(options))
        found = preview(read, _maker(caller), clock.now())
        self.print_rows(rows.moves(found.moves), columns(rows.MoveRow), options)
        if options["format"] == "table":
            for state in STATES:
                spent = timedelta(seconds=found.seconds[state])
                self.stdout.write(f"{state}: {spent}, actions {found.actions[state]} times\n")

    def _silence(self, options: dict[str, Any], caller: Caller) -> None:
        now = clock.now()
        alarm = options["alarm"]
        made = silences.create(
            caller, now, now + _length(options["for"]), options["reason"],
            alarm_id=_named(alarm, caller).alarm_id if alarm else "",
            project_id=options["of_project"] or "",
            name_pattern=options["names"] or "",
        )  # fmt: skip
        self.stdout.write(made.silence_id)

    def _silences(self, options: dict[str, Any], caller: Caller) -> None:
        found = rows.silenced(silences.active(caller, clock.now()))
        self.print_rows(found, columns(rows.SilenceRow), options)

    def _unsilence(self, options: dict[str, Any], caller: Caller) -> None:
        silences.end(options["silence"], caller, clock.now())


def _add_nothing(parser: ArgumentParser) -> None:
    """No arguments of its own."""


def _add_alarm(parser: ArgumentParser) -> None:
    parser.add_argument("alarm", help="Its id, or its name.")


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=STATES, help="Those in this state.")
    parser.add_argument("--type", help="Type of the alarms.")
    parser.add_argument(
        "--severity", choices=("low", "moderate", "critical"), help="Those as bad as this."
    )
    parser.add_argument("--name", help="What stands in their names.")
    parser.add_argument(
        "--disabled", dest="enabled", action="store_const", const=False, help="Those that are off."
    )


def _add_history(parser: ArgumentParser) -> None:
    parser.add_argument("alarm", nargs="?", help="Its id, or its name; without it, all alarms.")
    parser.add_argument("-l", "--limit", type=int, default=100, help="At most so many lines.")


def _add_update(parser: ArgumentParser) -> None:
    _add_alarm(parser)
    parser.add_argument("--type", help="Make it an alarm of this type.")
    add_definition(parser)


def _add_state(parser: ArgumentParser) -> None:
    _add_alarm(parser)
    parser.add_argument("state", choices=STATES, help="The new state.")


def _add_silence(parser: ArgumentParser) -> None:
    parser.add_argument("alarm", nargs="?", help="An alarm, by its id or name.")
    parser.add_argument("--names", help="Alarms whose names fit a pattern, such as 'web-*'.")
    parser.add_argument("--of-project", help="Alarms of a project.")
    parser.add_argument("--for", required=True, help="How long, such as '2 hours'.")
    parser.add_argument("--reason", required=True, help="Why; it is shown everywhere.")


def _add_silence_id(parser: ArgumentParser) -> None:
    parser.add_argument("silence", help="The id of the silence.")


def _named(text: str, caller: Caller) -> Alarm:
    """The alarm of this id, or the only one of this name. Raises AlarmNotFound, BadRequest."""
    some = list(queries.alarms(caller).filter(name=text)[:2])
    if len(some) == 1:
        return some[0]
    if len(some) > 1:
        raise BadRequest(f"Several alarms are called {text}: name one by its id")
    return queries.alarm(text, caller)


def _id_of(text: str, caller: Caller) -> str:
    """The id of an alarm, which may be deleted."""
    found = queries.alarms(caller).filter(name=text).first()
    return found.alarm_id if found else text


def _maker(caller: Caller) -> Caller:
    """Who makes an alarm: an admin may for any project, and says so in the definition."""
    return ADMIN if caller.confined_to is None else caller


def _length(text: str) -> timedelta:
    """A length of time. Raises BadRequest."""
    number, _, unit = text.strip().partition(" ")
    step = UNITS.get(unit.strip().removesuffix("s"))
    if step is None or not number.isdigit() or not 0 < int(number) < 100_000:
        raise BadRequest(f"{text} is no length of time: write it as '30 minutes' or '2 hours'")
    return int(number) * step
