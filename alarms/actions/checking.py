"""Whether somebody may have an alarm call an address."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from alarms.actions.registry import ACTIONS, ADMINS_ONLY, OF_KEYSTONE
from telemetry_site.core.errors import BadRequest, TelemetryError

NOT_YET: Final = "actions by trusts and Zaqar come with Keystone, which is not spoken here yet"


class NotAuthorizedAction(TelemetryError):
    """An action that is for admins."""

    status = 401


def check(action: str, is_admin: bool) -> None:
    """Refuse an address that cannot be called, or not by this caller.

    Raises NotAuthorizedAction, BadRequest; the texts are aodh's, with a reason where it gives none.
    """
    parts = _parsed(action)
    if parts.scheme in OF_KEYSTONE:
        raise BadRequest(f"Unsupported action {action}: {NOT_YET}")
    if parts.scheme not in ACTIONS:
        raise BadRequest(f"Unsupported action {action}")
    if parts.scheme in ADMINS_ONLY and not is_admin:
        raise NotAuthorizedAction(f"You are not authorized to create action: {action}")
    if parts.scheme not in ADMINS_ONLY and not parts.hostname:
        raise BadRequest(f"Unable to parse action {action}: it names no host")


def _parsed(action: str) -> SplitResult:
    try:
        parts = urlsplit(action)
        (parts.hostname or "").encode("idna")
        fine = parts.port != 0 and action.isprintable()
    except ValueError:
        fine = False
    if not fine:
        raise BadRequest(f"Unable to parse action {action}")
    return parts
