"""Asks the Prometheus of the settings what queries say at this moment; many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import requests
from django.conf import settings

from alarms.rules.rule import Answer, Failure, Instant
from telemetry_site.core.clock import EPOCH

AT_ONCE = 16
TIMEOUT, LONG_TIMEOUT = 5.0, 30.0
LONGEST_ANSWER = 200
UNSET = "no Prometheus is set up; TELEMETRY_PROMETHEUS_URL names it"
UNREACHED = "Prometheus cannot be reached"
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
            return Failure(AWAY) if away.is_set() else _ask(session, address, question, away)

        return list(pool.map(ask, questions))


def over(
    question: Instant, start: datetime, end: datetime, seconds: int
) -> Mapping[datetime, Sequence[float]] | Failure:
    """What a query said at every so many seconds of a stretch of time."""
    address: str = settings.TELEMETRY["PROMETHEUS_URL"]
    if not address:
        return Failure(UNSET)
    form = {
        "query": question.query,
        "start": start.timestamp(),
        "end": end.timestamp(),
        "step": seconds,
    }
    with requests.Session() as session:
        session.trust_env = False
        data = _said(session, f"{address.rstrip('/')}/api/v1/query_range", form, LONG_TIMEOUT)
    if isinstance(data, Failure):
        return data
    found: defaultdict[datetime, list[float]] = defaultdict(list)
    for series in data["result"]:
        for at, text in series["values"]:
            if (value := float(text)) == value:
                found[EPOCH + timedelta(seconds=float(at))].append(value)
    return found


def _ask(session: requests.Session, address: str, question: Instant, away: Event) -> Answer:
    url = f"{address.rstrip('/')}/api/v1/query"
    data = _said(session, url, {"query": question.query}, TIMEOUT)
    if isinstance(data, Failure):
        if data.reason.startswith(UNREACHED):
            away.set()
        return data
    return _values(data)


def _said(session: requests.Session, url: str, form: Mapping[str, Any], timeout: float) -> Any:
    """The data of an answer, or why there are none."""
    try:
        given = session.post(url, data=form, timeout=timeout)
        said = given.json()
    except requests.JSONDecodeError:
        return Failure(f"Prometheus answered {given.status_code}, which is no JSON")
    except (requests.RequestException, OSError) as error:
        return Failure(f"{UNREACHED}: {type(error).__name__}")
    if not isinstance(said, dict) or said.get("status") != "success":
        why = said.get("error", "") if isinstance(said, dict) else ""
        return Failure(f"Prometheus refused the query: {str(why)[:LONGEST_ANSWER]}")
    return said.get("data")


def _values(data: Any) -> Answer:
    """A number of each series, or the one number of a scalar; what is no number is left out."""
    kind, result = data["resultType"], data["result"]
    if kind not in ("vector", "scalar"):
        return Failure(f"the query gives a {kind}, not numbers of one moment")
    pairs = [one["value"] for one in result] if kind == "vector" else [result]
    found = [float(text) for _, text in pairs]
    return [value for value in found if value == value]
