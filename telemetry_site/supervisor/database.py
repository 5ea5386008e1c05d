"""Makes the database ready: there, whole, up to date, and with a first account."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from telemetry_site.supervisor.startup import CannotStart

FIRST_ACCOUNT = "admin"


def prepare() -> str | None:
    """Migrate; the password of the first account when it was made now. Raises CannotStart."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        call_command("migrate", verbosity=0, interactive=False)
        return _first_account()
    except (DatabaseError, InterfaceError) as error:
        raise CannotStart(_sentence(error)) from error
    finally:
        connection.close()


def _first_account() -> str | None:
    accounts = get_user_model().objects
    if accounts.exists():
        return None
    password = secrets.token_urlsafe(12)
    accounts.create_superuser(FIRST_ACCOUNT, password=password)
    return password


def _sentence(error: Exception) -> str:
    settings: dict[str, Any] = connection.settings_dict
    why = " ".join(str(error).split())
    if connection.vendor == "sqlite":
        if isinstance(error, OperationalError):
            return f"The database file {settings['NAME']} cannot be used: {why}."
        return (
            f"The database file {settings['NAME']} is damaged ({why}): put a backup in its place, "
            "or move it away to begin with an empty one."
        )
    return f"The database {settings['NAME']} at {settings['HOST']} cannot be used: {why}."
