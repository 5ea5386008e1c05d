"""Asks the Prometheus of the settings what queries say at this moment; many at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import requests
from django.conf import settings

from alarms.rules.rule import Answer, Failure, Instant

AT_ONCE = 16
TIMEOUT = 5.0
LONGEST_ANSWER = 200
UNSET = "no Prometheus is set up; TELEMETRY_PROMETHEUS_URL names it"
CONFINED = "a query cannot be confined to a project here, so only admins may ask Prometheus"
AWAY = "Prometheus does not answer in this round"


def answers(questions: Sequence[Instant]) -> list[Answer]:
    """The values of every series of each answer; a Failure for a question that has none.

    After one that gets no answer in time, the others of the call are not asked any more.
    """
    address: str = settings.TELEMETRY["PROMETHEUS_URL"]
    if not address:
        return [Failure(UNSET)] * len(questions)
    away = Event()
    with ThreadPoolExecutor(AT_ONCE) as pool, requests.Session() as session:
        session.trust_env = False

        def ask(question: Instant) -> Answer:
            if question.project is not None:
                return Failure(CONFINED)
            return Failure(AWAY) if away.is_set() else _ask(session, address, question, away)

        return list(pool.map(ask, questions))


def _ask(session: requests.Session, address: str, question: Instant, away: Event) -> Answer:
    url = f"{address.rstrip('/')}/api/v1/query"
    try:
        given = session.post(url, data={"query": question.query}, timeout=TIMEOUT)
        said = given.json()
    except requests.JSONDecodeError:
        return Failure(f"Prometheus answered {given.status_code}, which is no JSON")
    except (requests.RequestException, OSError) as error:
        away.set()
        return Failure(f"Prometheus cannot be reached: {type(error).__name__}")
    if not isinstance(said, dict) or said.get("status") != "success":
        why = said.get("error", "") if isinstance(said, dict) else ""
        return Failure(f"Prometheus refused the query: {str(why)[:LONGEST_ANSWER]}")
    return _values(said.get("data"))


def _values(data: Any) -> Answer:
    """A number of each series, or the one number of a scalar; what is no number is left out."""
    kind, result = data["resultType"], data["result"]
    pairs = [one["value"] for one in result] if kind == "vector" else [result]
    if kind not in ("vector", "scalar"):
        return Failure(f"the query gives a {kind}, not numbers of one moment")
    found = [float(text) for _, text in pairs]
    return [value for value in found if value == value]
