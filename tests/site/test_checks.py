"""What the checks say of settings that do not go together."""

from pathlib import Path
from typing import Any

import pytest

from telemetry_site import options
from telemetry_site.checks import declarations, exposed, lifetimes, policy, split, unknown

SQLITE = "django.db.backends.sqlite3"
POSTGRES = "django.db.backends.postgresql"


def telemetry(**values: str) -> dict[str, Any]:
    return options.read({f"TELEMETRY_{name}": value for name, value in values.items()})


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"AUTH": "noauth"}, []),
        ({"AUTH": "noauth", "BIND": "[::1]:1"}, []),
        ({"AUTH": "noauth", "BIND": "localhost:1"}, []),
        ({"AUTH": "noauth", "BIND": "10.0.0.1:1"}, ["telemetry.E001"]),
        ({"AUTH": "noauth", "BIND": "[::]:1"}, ["telemetry.E001"]),
        ({"AUTH": "noauth", "BIND": "somewhere:1"}, ["telemetry.E001"]),
        ({"AUTH": "noauth", "BIND": "10.0.0.1:1", "NOAUTH_ANYWHERE": "yes"}, []),
        ({"AUTH": "local", "BIND": "10.0.0.1:1"}, []),
    ],
)
def test_noauth_stays_on_loopback(values: dict[str, str], found: list[str]) -> None:
    assert [message.id for message in exposed(telemetry(**values))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"default": "role:admin"}', []), ("junk", ["telemetry.E002"]), ("[]", ["telemetry.E002"])],
)
def test_a_policy_file_is_read_at_the_start(tmp_path: Path, text: str, found: list[str]) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    messages = policy(telemetry(POLICY_FILE=str(path)))
    assert [message.id for message in messages] == found
    assert policy(telemetry()) == []


@pytest.mark.parametrize(
    ("samples", "rollups", "found"),
    [
        ("0", "0", []),
        ("90 days", "0", []),
        ("90 days", "90 days", []),
        ("1 day", "24 hours", []),
        ("0", "90 days", ["telemetry.E003"]),
        ("90 days", "12 weeks", ["telemetry.E003"]),
    ],
)
def test_rollups_live_no_shorter_than_samples(samples: str, rollups: str, found: list[str]) -> None:
    values = telemetry(SAMPLE_TTL=samples, ROLLUP_TTL=rollups)
    assert [message.id for message in lifetimes(values)] == found


def test_it_names_the_nearest_setting() -> None:
    (message,) = unknown({"TELEMETRY_DATABSE_URL": "x", "TELEMETRY_BIND": "x", "HOME": "/"})
    assert (message.id, message.msg) == (
        "telemetry.W001",
        "TELEMETRY_DATABSE_URL is no setting of ours; did you mean TELEMETRY_DATABASE_URL?",
    )


@pytest.mark.parametrize(
    ("broker", "engine", "found"),
    [
        ("redis://r", SQLITE, ["telemetry.W002"]),
        ("amqp://r", SQLITE, ["telemetry.W002"]),
        ("amqp://r", POSTGRES, []),
        ("", SQLITE, []),
    ],
)
def test_a_broker_for_many_wants_a_database_for_many(
    broker: str, engine: str, found: list[str]
) -> None:
    messages = split(telemetry(BROKER_URL=broker), engine)
    assert [message.id for message in messages] == found


@pytest.mark.parametrize(
    ("declare", "auto_delete", "found"),
    [
        ("quorum", "no", []),
        ("durable", "yes", []),
        ("quorum", "yes", ["telemetry.E004"]),
    ],
)
def test_quorum_queues_do_not_go_with_their_last_reader(
    declare: str, auto_delete: str, found: list[str]
) -> None:
    values = telemetry(NOTIFICATION_DECLARE=declare, NOTIFICATION_AUTO_DELETE=auto_delete)
    assert [message.id for message in declarations(values)] == found
