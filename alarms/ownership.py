"""Whose an alarm is, and of which project it may know."""

from typing import NamedTuple

from telemetry_site.core.errors import NotAuthorized
from telemetry_site.core.identity.caller import Caller


class Owners(NamedTuple):
    """A user and a project; None for one that is not said, or that there is not."""

    user: str | None = None
    project: str | None = None


def of_new(wanted: Owners, caller: Caller) -> Owners:
    """The owners of an alarm that is made: the caller, unless an admin says otherwise.

    Raises NotAuthorized for somebody else, Forbidden for a caller without the project it needs.
    """
    own = Owners(caller.user, caller.project)
    if caller.confined_to is not None:
        for aspect, asked, its in zip(Owners._fields, wanted, own, strict=True):
            if asked is not None and asked != its:
                raise NotAuthorized(asked, aspect)
    return _filled(wanted, own)


def of_changed(wanted: Owners, stored: Owners, caller: Caller) -> Owners:
    """The owners of an alarm that is changed: whoever changes it, unless that is an admin."""
    if caller.confined_to is not None:
        return Owners(caller.user, caller.project)
    return _filled(wanted, stored)


def confined_to(project: str | None, caller: Caller) -> str | None:
    """The project whose samples an alarm of this project is about; None for those of all.

    An admin's own alarms are about the whole cloud (contract: 2.1).
    """
    whole = caller.confined_to is None and project == caller.project
    return None if whole else project


def _filled(wanted: Owners, other: Owners) -> Owners:
    pairs = zip(wanted, other, strict=True)
    return Owners(*(its if asked is None else asked for asked, its in pairs))
