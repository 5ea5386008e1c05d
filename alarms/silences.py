"""Silences: who keeps actions from being run, of which alarms, and until when."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Protocol
from uuid import uuid4

from django.db.models import Q

from alarms.models import Alarm, Silence
from telemetry_site.core.errors import BadRequest, NotAuthorized, NotFound
from telemetry_site.core.identity.caller import Caller


class Subject(Protocol):
    """What a silence asks of an alarm."""

    @property
    def alarm_id(self) -> str:
        """Its id."""
        ...

    @property
    def project_id(self) -> str | None:
        """Its owner."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


def matching(alarms: Iterable[Subject], now: datetime) -> dict[str, Silence]:
    """The silence of each alarm that has one, by alarm_id: of several, the one that ends last."""
    silences = list(Silence.objects.filter(ends_at__gt=now))  # ordered by their ends
    named: dict[str, list[Silence]] = {}
    for one in silences:
        named.setdefault(one.alarm_id, []).append(one)
    found = {}
    for alarm in alarms:
        around = [*named.get("", ()), *named.get(alarm.alarm_id, ())]
        if fitting := [one for one in around if fits(one, alarm)]:
            found[alarm.alarm_id] = max(fitting, key=lambda one: one.ends_at)
    return found


def fits(silence: Silence, alarm: Subject) -> bool:
    """Whether all that the silence says is so of the alarm."""
    return (
        silence.owner in (None, alarm.project_id)
        and silence.alarm_id in ("", alarm.alarm_id)
        and silence.project_id in ("", alarm.project_id)
        and (not silence.name_pattern or fnmatchcase(alarm.name, silence.name_pattern))
    )


def active(caller: Caller, now: datetime) -> list[Silence]:
    """Those in force that the caller may see: its own, and an admin's that fit one of its alarms.

    The one that ends last comes first.
    """
    project = caller.confined_to
    found = Silence.objects.filter(ends_at__gt=now)
    if project is None:
        return list(found)
    seen = list(found.filter(Q(owner=None) | Q(owner=project)))
    if all(one.owner == project for one in seen):
        return seen
    alarms = list(Alarm.objects.filter(project_id=project).only("alarm_id", "project_id", "name"))
    return [
        one for one in seen if one.owner == project or any(fits(one, alarm) for alarm in alarms)
    ]


def create(
    caller: Caller,
    now: datetime,
    ends_at: datetime,
    reason: str,
    *,
    alarm_id: str = "",
    project_id: str = "",
    name_pattern: str = "",
) -> Silence:
    """Make a silence; one who is no admin silences alarms of the own project.

    Raises BadRequest, NotAuthorized, NotFound.
    """
    owner = caller.confined_to
    _check(ends_at, now, reason, alarm_id or project_id or name_pattern)
    if owner is not None and project_id not in ("", owner):
        raise NotAuthorized(project_id)
    if alarm_id and not _seen(alarm_id, owner):
        raise NotFound("Alarm", alarm_id)
    return Silence.objects.create(
        silence_id=str(uuid4()), alarm_id=alarm_id, project_id=project_id,
        name_pattern=name_pattern, ends_at=ends_at, reason=reason.strip(), owner=owner,
        made_by=caller.user, made_at=now,
    )  # fmt: skip


def end(silence_id: str, caller: Caller, now: datetime) -> None:
    """End a silence now; one that is over stays as it is.

    Raises NotFound, also for one that is another's.
    """
    rows = Silence.objects.filter(silence_id=silence_id)
    if (owner := caller.confined_to) is not None:
        rows = rows.filter(owner=owner)
    if not rows.exists():
        raise NotFound("Silence", silence_id)
    end_all([silence_id], now)


def end_all(silence_ids: Iterable[str], now: datetime) -> int:
    """End those that are in force; how many these were."""
    rows = Silence.objects.filter(silence_id__in=list(silence_ids), ends_at__gt=now)
    return rows.update(ends_at=now)


def _check(ends_at: datetime, now: datetime, reason: str, about: str) -> None:
    if not about:
        raise BadRequest("A silence needs an alarm, a project or a pattern of names.")
    if not reason.strip():
        raise BadRequest("A silence needs a reason.")
    if ends_at <= now:
        raise BadRequest("A silence needs an end that is still to come.")


def _seen(alarm_id: str, owner: str | None) -> bool:
    rows = Alarm.objects.filter(alarm_id=alarm_id)
    return (rows if owner is None else rows.filter(project_id=owner)).exists()
