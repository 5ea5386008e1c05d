"""Which alarms wait for an event; known by heart until somebody changes an event alarm."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from threading import Lock
from typing import NamedTuple, Protocol, TypeAlias, cast

from alarms.hits import encoded
from alarms.models import Alarm, EventAlarms, Hit
from alarms.rules.event import EventRule
from alarms.rules.occurrence import project_of, value_of
from alarms.states import ALARM
from alarms.watched import EVENT, rule_of
from events.records import Event

ROW = 1
Compared: TypeAlias = tuple[str, str]

logger = logging.getLogger(__name__)


class Arrived(Protocol):
    """An event that is being taken in, read only when somebody looks at it."""

    @property
    def event_type(self) -> str:
        """Its type."""

    def read(self) -> Event:
        """All of it."""


class Waiting(NamedTuple):
    """An event alarm; what has no project is of the project ""."""

    alarm_id: str
    project: str
    rule: EventRule

    @property
    def key(self) -> Compared | None:
        """A text that one of the traits must be; None where no condition says so."""
        for one in self.rule.conditions:
            if one.op == "eq" and isinstance(one.value, str):
                return one.field, one.value
        return None


class Shelf:
    """Alarms of one project; those that want a trait to be a text are found by it."""

    def __init__(self) -> None:
        self._others: list[Waiting] = []
        self._fields: defaultdict[str, dict[str, list[Waiting]]] = defaultdict(dict)

    def put(self, one: Waiting) -> None:
        """Put one there."""
        if one.key is None:
            self._others.append(one)
        else:
            field, value = one.key
            self._fields[field].setdefault(value, []).append(one)

    def candidates(self, event: Event) -> Iterator[Waiting]:
        """Those that the event may be one for."""
        yield from self._others
        for field, values in self._fields.items():
            found = value_of(event, field)
            if isinstance(found, str):
                yield from values.get(found, ())


class Watch:
    """The event alarms of one generation, by the type they name, or by their pattern of types."""

    def __init__(self, generation: int, alarms: Iterable[Waiting]) -> None:
        self.generation = generation
        self._named: dict[str, dict[str, Shelf]] = {}
        self._patterned: dict[str, dict[str, Shelf]] = {}
        for one in alarms:
            shelves = self._patterned if one.rule.patterned else self._named
            projects = shelves.setdefault(one.rule.event_type, {})
            projects.setdefault(one.project, Shelf()).put(one)

    def __bool__(self) -> bool:
        return bool(self._named or self._patterned)

    def waiting_for(self, arrived: Arrived) -> Iterator[tuple[str, Event]]:
        """The alarms that the event is one for, each with the event."""
        some = [self._named[arrived.event_type]] if arrived.event_type in self._named else []
        for pattern, projects in self._patterned.items():
            if fnmatchcase(arrived.event_type, pattern):
                some.append(projects)
        if not some:
            return
        event = arrived.read()
        project = project_of(event)
        for projects in some:
            if project in projects:
                for one in projects[project].candidates(event):
                    if _matches(one, event):
                        yield one.alarm_id, event


def _matches(one: Waiting, event: Event) -> bool:
    """A rule that fails keeps no event from being stored."""
    try:
        return one.rule.matches(event)
    except Exception:
        logger.exception("The rule of alarm %s cannot be held against an event.", one.alarm_id)
        return False


_lock = Lock()
_known: list[Watch] = []


def watch() -> Watch:
    """The event alarms as they are now; one short statement where nobody has changed any."""
    row = EventAlarms.objects.filter(pk=ROW).values_list("generation", flat=True).first()
    with _lock:
        if not _known or _known[0].generation != (row or 0):
            _known[:] = [_read(row or 0)]
        return _known[0]


def forget() -> None:
    """Forget them; for tests, whose tables are empty again."""
    _known.clear()


def _read(generation: int) -> Watch:
    found = Alarm.objects.filter(type=EVENT, enabled=True)
    rows = found.values_list("alarm_id", "project_id", "rule")
    return Watch(generation, _readable(rows))


def _readable(rows: Iterable[tuple[str, str | None, str]]) -> Iterator[Waiting]:
    for alarm_id, project, text in rows:
        try:
            rule = cast(EventRule, rule_of(EVENT, text))
        except Exception:
            logger.exception("The rule of alarm %s cannot be read.", alarm_id)
        else:
            yield Waiting(alarm_id, project or "", rule)


def note(events: Sequence[Arrived], now: datetime) -> int:
    """Leave a row for each alarm that one of the events is for, in their transaction; how many.

    What has fired and does not repeat is passed over, as it would be later.
    """
    known = watch()
    if not known:
        return 0
    pairs = [pair for one in events for pair in known.waiting_for(one)]
    if not pairs:
        return 0
    awake = _awake({alarm_id for alarm_id, _ in pairs})
    hits = [
        Hit(alarm_id=alarm_id, event=encoded(event), made_at=now)
        for alarm_id, event in pairs
        if alarm_id in awake
    ]
    Hit.objects.bulk_create(hits)
    return len(hits)


def _awake(alarm_ids: set[str]) -> set[str]:
    rows = Alarm.objects.filter(alarm_id__in=alarm_ids, enabled=True)
    found = rows.values_list("alarm_id", "state", "repeat_actions")
    return {alarm_id for alarm_id, state, repeats in found if repeats or state != ALARM}
