"""How pages write states of alarms."""

from collections.abc import Mapping
from typing import Final

from django import template

from alarms.states import ALARM, OK

register = template.Library()

KINDS: Final[Mapping[str, str]] = {OK: "good", ALARM: "bad"}


@register.filter
def kind(state: str) -> str:
    """The class that a state has in the stylesheet; none where nothing is known."""
    return KINDS.get(state, "")
