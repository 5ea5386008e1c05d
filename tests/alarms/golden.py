"""Golden alarms: files of series, alarms and their states; their form is told beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from meters.samples import Sample
from tests.factories import MOMENT, make_sample

FILES = sorted((Path(__file__).parents[1] / "golden" / "alarms").glob("*.yaml"))

UNKNOWN = "insufficient data"
THRESHOLD = {
    "query": [],
    "period": 60,
    "evaluation_periods": 1,
    "comparison_operator": "eq",
    "statistic": "avg",
    "exclude_outliers": False,
}
GNOCCHI = {"comparison_operator": "eq", "evaluation_periods": 1, "granularity": 60}
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "threshold": THRESHOLD,
    "combination": {"operator": "and"},
    "gnocchi_resources_threshold": GNOCCHI,
    "gnocchi_aggregation_by_metrics_threshold": GNOCCHI,
    "gnocchi_aggregation_by_resources_threshold": GNOCCHI,
}


@dataclass(frozen=True)
class Minute:
    """A round: the states of other alarms by then, the state after it, whether it acts and why.

    A reason and its data are None where the file does not say.
    """

    now: datetime
    members: Mapping[str, str]
    state: str
    acts: bool
    reason: str | None
    data: Mapping[str, Any] | None


@dataclass(frozen=True)
class Case:
    """An alarm as on the wire, the samples, and what is to become of it.

    A sample that has a `recorded_at` comes no earlier than that.
    """

    name: str
    alarm: Mapping[str, Any]
    samples: Sequence[Sample]
    minutes: Sequence[Minute]


def cases() -> Iterator[Case]:
    """All cases of all files."""
    for path in FILES:
        text = yaml.safe_load(path.read_text())
        samples = list(_samples(text["load"], text.get("with", {}), text.get("late", ())))
        for place, case in enumerate(text["cases"], start=1):
            yield Case(f"{path.stem}-{place}", _alarm(case["alarm"]), samples, _minutes(case))


def _samples(
    load: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]],
    late: Sequence[Mapping[str, Any]],
) -> Iterator[Sample]:
    came = {(one["series"], one["at"]): _moment(one["came"]) for one in late}
    for name, volumes in load.items():
        for place, volume in enumerate(str(volumes).split()):
            if name == "interval" or volume == "_":
                continue
            seconds = place * load["interval"]
            number = None if volume == "~" else float(volume)
            values = {"resource": name, **others.get(name, {})}
            sample = make_sample(number, _moment(seconds), **values)
            yield msgspec.structs.replace(sample, recorded_at=came.get((name, seconds)))


def _alarm(text: Mapping[str, Any]) -> dict[str, Any]:
    (kind,) = text.keys() & {*DEFAULTS, "composite"}
    rest = {key: value for key, value in text.items() if key != kind}
    rule = _tree(text[kind]) if kind == "composite" else {**DEFAULTS[kind], **text[kind]}
    usual = {
        "state": UNKNOWN,
        "enabled": True,
        "repeat_actions": False,
        "no_data": UNKNOWN,
        "hold_rounds": 1,
        "time_constraints": [],
    }
    return {"type": kind, f"{kind}_rule": rule, **usual, **rest}


def _tree(node: Mapping[str, Any]) -> dict[str, Any]:
    if "type" in node:
        return {**DEFAULTS[node["type"]], **node}
    return {operator: [_tree(part) for part in below] for operator, below in node.items()}


def _minutes(case: Mapping[str, Any]) -> list[Minute]:
    lines = case["rounds"].splitlines()
    columns = {name: states.split() for name, states in case.get("members", {}).items()}
    return [
        _minute(
            line,
            {name: _state(states[row]) for name, states in columns.items() if states[row] != "-"},
            case.get("data", {}),
        )
        for row, line in enumerate(lines)
    ]


def _minute(line: str, members: Mapping[str, str], data: Mapping[int, Any]) -> Minute:
    what, mark, reason = line.partition("!")
    seconds, state = what.split()
    return Minute(
        now=_moment(int(seconds)),
        members=members,
        state=_state(state),
        acts=bool(mark),
        reason=reason.strip() or None,
        data=data.get(int(seconds)),
    )


def _state(word: str) -> str:
    return UNKNOWN if word == "?" else word


def _moment(seconds: int) -> datetime:
    return MOMENT + timedelta(seconds=seconds)
