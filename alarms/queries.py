"""What a caller may see of alarms; the one place that decides it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from alarms.models import Alarm, AlarmChange, Delivery
from telemetry_site.core.errors import AlarmNotFound, NotAuthorized
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.query.tree import Node, leaves


def alarms(caller: Caller) -> QuerySet[Alarm]:
    """The alarms that the caller may see, in no order. Raises Forbidden."""
    own = caller.confined_to
    return Alarm.objects.all() if own is None else Alarm.objects.filter(project_id=own)


def alarm(alarm_id: str, caller: Caller) -> Alarm:
    """One alarm. Raises AlarmNotFound, also for what is another's."""
    found = None if "\0" in alarm_id else alarms(caller).filter(alarm_id=alarm_id).first()
    if found is None:
        raise AlarmNotFound(alarm_id)
    return found


def history(caller: Caller) -> QuerySet[AlarmChange]:
    """The lines of history of what is or was the caller's, in no order. Raises Forbidden."""
    own = caller.confined_to
    rows = AlarmChange.objects.all()
    return rows if own is None else rows.filter(on_behalf_of=own)


def deliveries(caller: Caller) -> QuerySet[Delivery]:
    """The actions of what is or was the caller's, in no order. Raises Forbidden."""
    own = caller.confined_to
    return Delivery.objects.all() if own is None else Delivery.objects.filter(project_id=own)


def refuse_others(projects: Iterable[object], caller: Caller) -> None:
    """Raises NotAuthorized where one of these is not the project the caller is confined to."""
    own = caller.confined_to
    for project in projects:
        if own is not None and project != own:
            raise NotAuthorized(project)


def refuse_other_projects(where: Node, fields: Iterable[str], caller: Caller) -> None:
    """The same for what the comparisons of these fields name."""
    named = set(fields)
    for leaf in leaves(where):
        if leaf.field in named:
            values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
            refuse_others(values, caller)
