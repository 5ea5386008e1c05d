"""Random series and random alarms of every type, sized so that something happens."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from meters.samples import Sample
from tests.factories import MOMENT, make_sample

MINUTE: Final = timedelta(minutes=1)
OTHERS: Final = ("other-1", "other-2", "other-3")
# What a resource is besides its name.
RESOURCES: Final[Mapping[str, Mapping[str, Any]]] = {
    "vm-1": {"project": "p1", "metadata": {"stack": "s1", "user_metadata": {"server_group": "g1"}}},
    "vm-2": {"project": "p1", "metadata": {"stack": "s2", "user_metadata": {"server_group": "g1"}}},
    "vm-3": {"project": "p2", "metadata": {"stack": "s1"}, "user": "u2"},
}
ITEMS: Final = (
    ("resource_id", "vm-1"), ("project_id", "p1"), ("project", "p2"), ("user_id", "u1"),
    ("source", "openstack"), ("metadata.stack", "s1"), ("resource_metadata.stack", "s2"),
    ("metadata.user_metadata.server_group", "g1"), ("resource", "nobody"),
)  # fmt: skip
SEARCHES: Final = (
    {"=": {"id": "vm-1"}},
    {"=": {"stack": "s2"}},
    {"or": [{"=": {"id": "vm-1"}}, {"=": {"stack": "s1"}}]},
    {"and": [{"=": {"project_id": "p1"}}, {"not": {"=": {"id": "vm-2"}}}]},
    {"in": {"id": ["vm-2", "vm-3"]}},
    {"=": {"id": "nobody"}},
)
METHODS: Final = (
    "mean", "min", "max", "sum", "count", "std", "median", "25pct", "75pct", "rate:mean",
    "rate:max", "rate:sum", "rate:median", "rate:count",
)  # fmt: skip
ENDS: Final = ("first", "last", "rate:last")  # Gnocchi has none of several resources
STATES: Final = ("ok", "alarm", "insufficient data")


@dataclass(frozen=True)
class Story:
    """An alarm as on the wire, samples, and rounds with the states of other alarms at each."""

    alarm: Mapping[str, Any]
    samples: Sequence[Sample]
    moments: Sequence[datetime]
    members: Sequence[Mapping[str, str]]


eighths = st.integers(-16, 48).map(lambda number: number / 8)
operators = st.sampled_from(["lt", "le", "eq", "ne", "ge", "gt"])
periods = st.integers(1, 4)
lengths = st.sampled_from([30, 60, 60, 90, 120])


@st.composite
def series(draw: st.DrawFn) -> list[Sample]:
    """Some minutes of some resources: often one a minute, with gaps and bursts."""
    found: list[Sample] = []
    for name in draw(st.sets(st.sampled_from(sorted(RESOURCES)), min_size=1)):
        step = draw(st.sampled_from([20, 30, 60, 60]))
        offset = draw(st.sampled_from([0, 0, 7, 30]))
        level = draw(eighths)
        for second in range(offset, 660, step):
            how = draw(st.sampled_from("vvvvvvllg~bb" if step == 60 else "vvvvllgg~"))
            volume = None if how == "~" else draw(eighths) if how == "v" else level
            times = [] if how == "g" else [second + n for n in range(3 if how == "b" else 1)]
            found += [_sample(name, at, volume, draw) for at in times]
    return found


def _sample(name: str, second: int, volume: float | None, draw: st.DrawFn) -> Sample:
    unit = draw(st.sampled_from(["%", "%", "%", "1"]))
    meter = draw(st.sampled_from(["cpu_util"] * 5 + ["memory.usage"]))
    moment = MOMENT + timedelta(seconds=second)
    return make_sample(volume, moment, resource=name, unit=unit, meter=meter, **RESOURCES[name])


def _field(item: tuple[str, str]) -> str:
    """What an item is about; of two about one field the last would count."""
    return item[0].removesuffix("_id").removeprefix("resource_")


@st.composite
def thresholds(draw: st.DrawFn) -> dict[str, Any]:
    """A threshold rule with everything that it has."""
    items = draw(st.lists(st.sampled_from(ITEMS), max_size=2, unique_by=_field))
    return {
        "meter_name": "cpu_util",
        "query": [{"field": field, "op": "eq", "value": value} for field, value in items],
        "period": draw(lengths),
        "evaluation_periods": draw(periods),
        "comparison_operator": draw(operators),
        "threshold": draw(eighths),
        "statistic": draw(st.sampled_from(["avg", "min", "max", "sum", "count"])),
        "exclude_outliers": draw(st.booleans()),
    }


@st.composite
def gnocchis(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A rule of one of Gnocchi's types, and which."""
    rule = {
        "aggregation_method": draw(st.sampled_from(METHODS)),
        "granularity": draw(lengths),
        "evaluation_periods": draw(periods),
        "comparison_operator": draw(operators),
        "threshold": draw(eighths),
    }
    kind = draw(
        st.sampled_from(["resources", "aggregation_by_metrics", "aggregation_by_resources"])
    )
    if kind == "resources":
        name = draw(st.sampled_from(["vm-1", "vm-2"]))
        rule |= {"metric": "cpu_util", "resource_id": name, "resource_type": "instance"}
        rule["aggregation_method"] = draw(st.sampled_from((*METHODS, *ENDS)))
    elif kind == "aggregation_by_metrics":
        rule |= {"metrics": draw(st.sampled_from([["cpu_util"], ["cpu_util", "memory.usage"]]))}
    else:
        query = json.dumps(draw(st.sampled_from(SEARCHES)))
        rule |= {"metric": "cpu_util", "resource_type": "instance", "query": query}
    return f"gnocchi_{kind}_threshold", rule


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    """A leaf of a composite rule."""
    if draw(st.booleans()):
        return {"type": "threshold", **draw(thresholds())}
    kind, rule = draw(gnocchis())
    return {"type": kind, **rule}


trees = st.recursive(
    leaves(),
    lambda inner: st.builds(
        lambda word, nodes: {word: nodes},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, Any]:
    """A rule of any type that rounds evaluate, and which type it is."""
    match draw(st.sampled_from("ttggcxx")):
        case "t":
            return "threshold", draw(thresholds())
        case "g":
            return draw(gnocchis())
        case "c":
            ids = draw(st.lists(st.sampled_from(OTHERS), min_size=2, max_size=3, unique=True))
            return "combination", {
                "operator": draw(st.sampled_from(["and", "or"])),
                "alarm_ids": ids,
            }
    return "composite", draw(trees)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story of some ten rounds, a minute apart."""
    kind, rule = draw(rules())
    alarm = {
        "type": kind,
        f"{kind}_rule": rule,
        "enabled": True,
        "state": draw(st.sampled_from(STATES)),
        "repeat_actions": draw(st.booleans()),
        "no_data": draw(st.sampled_from([*STATES, STATES[2], "keep"])),
        "hold_rounds": draw(st.sampled_from([1, 1, 1, 2, 3])),
        "time_constraints": [],
    }
    first = MOMENT + timedelta(seconds=draw(st.sampled_from([0, 0, 13, 30, 59])))
    moments = [first + place * MINUTE for place in range(12)]
    states = st.sampled_from([*STATES, None])
    members = [
        {one: state for one in OTHERS if (state := draw(states))} if kind == "combination" else {}
        for _ in moments
    ]
    samples = [] if kind == "combination" else draw(series())
    return Story(alarm, samples, moments, members)
