"""How the pages write numbers and times."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from meters import units

register = template.Library()

BREAKS = re.compile("(?<=[._/-])(?![._/-])")
STEPS = ((86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))


@register.filter
def number(value: float | None) -> str:
    """With thousands set apart."""
    return units.number(value)


@register.filter
def quantity(value: float | None, unit: str | None = None) -> str | SafeString:
    """A number in the multiple of its unit that reads best; the exact one is there to copy."""
    text = units.quantity(value, unit)
    if value is None:
        return text
    exact = f"{value:.15g} {unit or ''}".rstrip()
    return format_html('<data value="{}" title="{}">{}</data>', f"{value:.17g}", exact, text)


@register.filter
def softly(name: str) -> SafeString:
    """A long name that may be broken behind its dots, slashes, dashes and underscores."""
    parts = [part for part in BREAKS.split(name) if part]
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def duration(seconds: int) -> str:
    """A length of time, such as 10 min."""
    return units.duration(seconds)


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """A time to the minute, or to the second where it has some; the page says it is UTC."""
    if value is None:
        return units.NONE
    value = value.astimezone(UTC)
    text = f"{value:%Y-%m-%d %H:%M:%S}" if value.second else f"{value:%Y-%m-%d %H:%M}"
    return _time(value, text)


@register.filter
def ago(value: datetime | None, now: datetime) -> str | SafeString:
    """A time in words, such as 5 min ago; the exact one shows when pointed at."""
    return units.NONE if value is None else _time(value.astimezone(UTC), _words(value, now))


@register.simple_tag(takes_context=True)
def with_params(context: template.Context, **changes: object) -> str:
    """The query of this page's URL with some parameters set, or left out when empty.

    The number of the page is always left out: other parameters make other pages.
    """
    params = dict(context["request"].GET.items())
    params.pop("page", None)
    return query({**params, **changes})


@register.filter
def query(params: Mapping[str, object]) -> str:
    """Parameters as the end of a URL; empty ones are left out."""
    given = {name: value for name, value in params.items() if value not in ("", None)}
    return f"?{urlencode(given)}"


def _time(value: datetime, text: str) -> SafeString:
    exact = value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond else "seconds")
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time>',
        value.isoformat(),
        exact.removesuffix("+00:00"),
        text,
    )


def _words(value: datetime, now: datetime) -> str:
    seconds = int((now - value).total_seconds())
    if abs(seconds) < 2:
        return "now"
    length = units.NONE
    for step, name in STEPS:
        if abs(seconds) >= step:
            count = abs(seconds) // step
            length = f"{count:,} {name}{'s' if name == 'day' and count > 1 else ''}"
            break
    return f"in {length}" if seconds < 0 else f"{length} ago"


@register.filter
def recent(value: datetime, now: datetime) -> bool:
    """Whether it was within the last two minutes."""
    return bool(now - value < timedelta(minutes=2))
