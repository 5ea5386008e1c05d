"""What URLs and folders in our settings mean to Django and to Celery."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
    "PRAGMA cache_size=-20000;PRAGMA wal_autocheckpoint=10000;"
)


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's description of the database."""
    if not url or url.startswith("sqlite"):
        return sqlite(Path(unquote(urlsplit(url).path)) if url else data_dir / "telemetry.sqlite3")
    return postgres(url)


def sqlite(path: Path) -> dict[str, Any]:
    """Writers queue for the lock at BEGIN: an upgrade from reading would fail at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_SETUP,
        },
    }


def postgres(url: str) -> dict[str, Any]:
    """JIT stays off: it costs our statements 10 to 30 times what it saves.

    A week of a thousand series by hours is grouped in memory, not sorted on disk.
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "OPTIONS": {"options": "-c jit=off -c work_mem=32MB", **dict(parse_qsl(parts.query))},
    }


def broker(url: str, data_dir: Path) -> dict[str, Any]:
    """Celery's broker settings; without a URL, files under the data folder."""
    if url and not url.startswith("filesystem:"):
        return {"broker_url": url}
    queue = str(data_dir / "queue")
    return {
        "broker_url": "filesystem://localhost",  # without a host, kombu warns of its absence
        "broker_transport_options": {
            "data_folder_in": queue,
            "data_folder_out": queue,
            "control_folder": str(data_dir / "control"),
            "polling_interval": 0.2,
        },
        "worker_enable_remote_control": False,  # it would be one more folder to look into
    }


def allowed_hosts(named: tuple[str, ...], bind: str, host: str) -> list[str]:
    """Host headers we answer; on loopback a strange one is a page of somebody else's."""
    if named:
        return list(named)
    bound = bind.rpartition(":")[0]
    if not is_loopback(bound):
        return ["*"]
    return ["localhost", "127.0.0.1", "[::1]", bound, host]


EXPOSED = (
    "With TELEMETRY_AUTH=noauth everyone who reaches us is believed to be whoever they say: "
    "listen on loopback, or set TELEMETRY_NOAUTH_ANYWHERE=true behind a proxy that authenticates."
)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that host; any other name may be reached by others."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_exposed(telemetry: Mapping[str, Any], host: str) -> bool:
    """Whether listening on that host would let strangers say who they are."""
    believes = telemetry["AUTH"] == "noauth" and not telemetry["NOAUTH_ANYWHERE"]
    return believes and not is_loopback(host)


def secret_key(given: str, data_dir: Path) -> str:
    """The key given, or one of our own that is kept in the data folder for the next start."""
    if given:
        return given
    path = data_dir / "secret_key"
    try:
        return path.read_text()
    except OSError:
        return _kept(path, secrets.token_urlsafe(50))


def _kept(path: Path, key: str) -> str:
    """Written beside and linked into place: another process finds a whole key or none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, prefix=".secret_key-") as written:  # 0600
            written.write(key)
            written.flush()
            os.link(written.name, path)
    except FileExistsError:
        return path.read_text()
    except OSError:
        return key  # a folder that cannot be written to is reported by whoever writes there
    return key
