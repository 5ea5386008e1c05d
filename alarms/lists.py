"""What lists of alarms and of their history show: some of the rows, and the way to the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Model, QuerySet

from alarms.listing import Key, Listing, page
from alarms.models import Alarm
from alarms.states import ALARM, OK, UNKNOWN
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.headings import Heading

PAGE: Final = 50
MARKER: Final = "after"
ALARM_COLUMNS: Final = (
    Heading("Alarm", "name"),
    Heading("State", "state"),
    Heading("Severity", "severity", number=True, wide=True),
    Heading("Last reason", wide=True),
    Heading("Since", "since", number=True, wide=True),
)
NEWEST_STATE: Final = "-since"
ORDER: Final[Mapping[str, str]] = {
    "name": "name", "state": "state", "severity": "severity", "since": "state_timestamp",
}  # fmt: skip

T = TypeVar("T", bound=Model)


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some rows of a list; `older` is the end of the URL of what comes after, if anything does.

    `later` says that the list begins before them; `problems` are sentences.
    """

    rows: Sequence[T]
    older: str
    later: bool
    problems: Sequence[str]


class Tally(NamedTuple):
    """A state, or empty for all, and how many alarms are in it."""

    state: str
    size: int


def part(rows: QuerySet[T], params: Mapping[str, str], order: Sequence[Key], name: str) -> Part[T]:
    """The rows behind the one that the URL names by its column `name`."""
    marker = params.get(MARKER, "").replace("\0", "")
    try:
        found = list(page(rows, Listing(order, PAGE + 1, marker), name))
    except BadRequest as error:  # the marked row is gone
        return Part((), "", True, [str(error)])
    shown = found[:PAGE]
    older = ""
    if len(found) > PAGE:
        kept = {key: value for key, value in params.items() if value}
        older = f"?{urlencode({**kept, MARKER: getattr(shown[-1], name)})}"
    return Part(shown, older, bool(marker), ())


def order(sort: str) -> tuple[Key, ...]:
    """What the parameter of the URL sorts by; the newest state first without one."""
    known = sort if sort.removeprefix("-") in ORDER else NEWEST_STATE
    return (Key(ORDER[known.removeprefix("-")], known.startswith("-")),)


def tallies(alarms: QuerySet[Alarm]) -> list[Tally]:
    """How many there are, and how many in each state."""
    counted = alarms.order_by().values_list("state").annotate(count=Count("pk"))
    found: dict[str, int] = dict(counted)
    each = [Tally(state, found.get(state, 0)) for state in (ALARM, UNKNOWN, OK)]
    return [Tally("", sum(one.size for one in each)), *each]
