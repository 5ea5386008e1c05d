"""The bounds of a selection as spans, and spans as conditions."""

from collections.abc import Iterable

from meters.selection import Selection
from meters.storage.dialect import Dialect
from meters.storage.spans import Span
from telemetry_site.core.clock import BEGINNING_OF_TIME, END_OF_TIME, MICROSECOND, shifted
from telemetry_site.core.storage.sql import Sql, any_of


def span_of(selection: Selection) -> Span:
    """The bounds of a selection, as a span from the first moment of time to the last."""
    start, end = BEGINNING_OF_TIME, END_OF_TIME
    if selection.start:
        at, inclusive = selection.start.at, selection.start.inclusive
        start = at if inclusive else shifted(at, MICROSECOND)
    if selection.end:
        at, inclusive = selection.end.at, selection.end.inclusive
        end = shifted(at, MICROSECOND) if inclusive else at
    return start, end


def inside(dialect: Dialect, column: str, spans: Iterable[Span]) -> Sql:
    """True where the time in the column lies in one of the spans; ends of time are not named."""
    moment = dialect.moment
    found = []
    for start, end in spans:
        bounds = [(">=", start)] if start > BEGINNING_OF_TIME else []
        bounds += [("<", end)] if end < END_OF_TIME else []
        text = " AND ".join(f"{column} {op} %s" for op, _ in bounds) or "TRUE"
        found.append(Sql(text, tuple(moment(at) for _, at in bounds)))
    return any_of(found)
