"""System checks on the settings: what is legal alone and wrong together, or means nothing.

E001  identity headers would be believed from everywhere
E002  the file of policy rules cannot be used
E003  rollups would go before the samples they are made from
E004  queues that we would make cannot be as they are wanted
E005  a pipeline file cannot be used (pipeline_checks.py)
W001  a TELEMETRY_ variable that is no setting of ours
W002  several machines are meant, and the database is a file of this one
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from telemetry_site import options, places
from telemetry_site.core.identity.policy import load as load_policy
from telemetry_site.core.messaging.buses import QUORUM


def exposed(telemetry: Mapping[str, Any]) -> list[checks.CheckMessage]:
    """E001: noauth on an address that others reach."""
    host = telemetry["BIND"].rpartition(":")[0]
    if not places.is_exposed(telemetry, host):
        return []
    return [checks.Error(places.EXPOSED, id="telemetry.E001")]


def policy(telemetry: Mapping[str, Any]) -> list[checks.CheckMessage]:
    """E002: without its rules nobody could be told who may do what."""
    try:
        load_policy(telemetry["POLICY_FILE"])
    except (ValueError, OSError) as error:
        sentence = f"TELEMETRY_POLICY_FILE cannot be used: {error}."
        return [checks.Error(sentence, id="telemetry.E002")]
    return []


def lifetimes(telemetry: Mapping[str, Any]) -> list[checks.CheckMessage]:
    """E003: where rollups are gone and samples are not, statistics would leave samples out."""
    samples, rollups = telemetry["SAMPLE_TTL"], telemetry["ROLLUP_TTL"]
    if rollups is None or (samples is not None and samples <= rollups):
        return []
    sentence = "TELEMETRY_ROLLUP_TTL must be 0 or at least as long as TELEMETRY_SAMPLE_TTL."
    return [checks.Error(sentence, id="telemetry.E003")]


def declarations(telemetry: Mapping[str, Any]) -> list[checks.CheckMessage]:
    """E004: RabbitMQ has no quorum queues that go with their last reader."""
    if telemetry["NOTIFICATION_DECLARE"] != QUORUM or not telemetry["NOTIFICATION_AUTO_DELETE"]:
        return []
    sentence = "TELEMETRY_NOTIFICATION_AUTO_DELETE does not go with quorum queues: unset it."
    return [checks.Error(sentence, id="telemetry.E004")]


def unknown(environ: Mapping[str, str]) -> list[checks.CheckMessage]:
    """W001: a name we do not know, most likely misspelt."""
    return [checks.Warning(sentence, id="telemetry.W001") for sentence in options.unknown(environ)]


def split(telemetry: Mapping[str, Any], engine: str) -> list[checks.CheckMessage]:
    """W002: a broker for many machines, and a database for one."""
    if not engine.endswith("sqlite3") or not telemetry["BROKER_URL"].startswith(("redis", "amqp")):
        return []
    sentence = "TELEMETRY_BROKER_URL names a broker, but the database is a file of this machine"
    hint = "Set TELEMETRY_DATABASE_URL to a PostgreSQL before workers run on other machines."
    return [checks.Warning(f"{sentence}.", hint=hint, id="telemetry.W002")]


def settings_of_ours(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[checks.CheckMessage]:
    """All of the above on the settings of this process; the app registers it."""
    telemetry = settings.TELEMETRY
    engine = settings.DATABASES["default"]["ENGINE"]
    found = [*exposed(telemetry), *policy(telemetry), *lifetimes(telemetry)]
    found += declarations(telemetry)
    return [*found, *unknown(os.environ), *split(telemetry, engine)]
