"""Whether this process can do its work: the database answers and has all our tables."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

_up_to_date: set[str] = set()  # databases seen with every migration; they do not lose one again


def troubles() -> list[str]:
    """A sentence for each thing that stands in the way; none when we are ready."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = _missing_migrations()
    except DatabaseError:
        return ["The database cannot be reached."]
    return [f"{missing} migrations are not applied: run manage.py migrate."] if missing else []


def _missing_migrations() -> int:
    name = str(connection.settings_dict["NAME"])
    if name in _up_to_date:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        _up_to_date.add(name)
    return missing
