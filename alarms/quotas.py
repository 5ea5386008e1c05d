"""How many alarms a project and a user may have."""

from django.conf import settings

from alarms.alone import Guarded, alone_at
from alarms.models import Alarm, Quota
from telemetry_site.core.errors import Forbidden

RESOURCE = "alarms"
UNLIMITED = -1


def check(user: str | None, project: str | None) -> None:
    """Let one more alarm pass, or raise Forbidden; in the transaction that makes it.

    Unlike in the later originals, the quota of a project counts the project's alarms, and -1 in
    a row is no limit.
    """
    of_project, of_user = limit(project), settings.TELEMETRY["ALARM_USER_QUOTA"]
    full = False
    if of_project >= 0:
        alone_at(Guarded.ALARMS_OF_PROJECT, project)
        full = Alarm.objects.filter(project_id=project).count() >= of_project
    if of_user >= 0 and not full:
        alone_at(Guarded.ALARMS_OF_USER, user)
        full = Alarm.objects.filter(user_id=user).count() >= of_user
    if full:
        raise Forbidden(f"Alarm quota exceeded for user {user} on project {project}")


def limit(project: str | None) -> int:
    """How many alarms the project may have: its own quota or that of all; negative for any."""
    own = Quota.objects.filter(project_id=project, resource=RESOURCE).values_list(
        "limit", flat=True
    )
    default: int = settings.TELEMETRY["ALARM_PROJECT_QUOTA"]
    return next(iter(own), default)


def set_limit(project: str, most: int) -> None:
    """Give the project a quota of its own; -1 for any number."""
    Quota.objects.update_or_create(project_id=project, resource=RESOURCE, defaults={"limit": most})


def forget(project: str) -> None:
    """Let the project have the quota of all again."""
    Quota.objects.filter(project_id=project).delete()
