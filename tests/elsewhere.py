"""Other processes that work on the database of a test."""

import os
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Our own, with the database of this test, settings of ours and a broker in the folder."""
    (folder / "queue").mkdir(exist_ok=True)
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{quote(name)}" if connection.vendor == "sqlite" else _postgres_url(name)
    ours = {"DATA_DIR": str(folder), "DATABASE_URL": url, **settings}
    return {**os.environ, **{f"TELEMETRY_{key}": value for key, value in ours.items()}}


def _postgres_url(name: str) -> str:
    parts = {key: quote(str(value), safe="") for key, value in connection.settings_dict.items()
             if key in ("USER", "PASSWORD", "HOST", "PORT")}  # fmt: skip
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**parts) + name
