"""What the demo's compute service says, counted by hand and held against the samples."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from events.definitions import Definitions, load
from events.ingest import SHIPPED
from events.records import Event
from telemetry_site.core.clock import from_microseconds
from telemetry_site.demo.cloud import streams
from telemetry_site.demo.fleet import LARGE, OFFICE, SMALL, Group
from telemetry_site.demo.notifications import notifications
from telemetry_site.demo.stream import Plan

MIDNIGHT = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = 3600
STAYS = Group("p1", "u1", "stays", 2, SMALL, OFFICE, 1, 1)
# One each day: made before 04:48, gone behind 16:48, so that none sees a midnight.
GOES = Group("p2", "u2", "goes", 1, SMALL, OFFICE, 1, 1, days=1, grows=LARGE)


def plan(days: int = 3, step: int = HOUR) -> Plan:
    """So many days that begin with a midnight."""
    return Plan.until(MIDNIGHT - timedelta(seconds=1), seed="1", step=step, days=days)


def events(plan: Plan, *groups: Group) -> list[Event]:
    shipped = Definitions(load([SHIPPED]).definitions)
    said = notifications(plan, groups) if groups else notifications(plan)
    return [event for one in said if (event := shipped.event(one, MIDNIGHT))]


def traits(event: Event) -> dict[str, object]:
    return {trait.name: trait.value for trait in event.traits}


def test_three_days_of_three_instances_are_counted_by_hand() -> None:
    assert Counter(event.event_type for event in events(plan(), STAYS, GOES)) == {
        "compute.instance.create.start": 3,
        "compute.instance.create.end": 3,
        "compute.instance.resize.prep.start": 3,
        "compute.instance.resize.end": 3,
        "compute.instance.finish_resize.end": 3,
        "compute.instance.delete.start": 3,
        "compute.instance.delete.end": 3,
        "compute.instance.exists": 6,  # two of them at three midnights
    }


@pytest.mark.parametrize("step", [10, 600, HOUR])
def test_a_life_is_told_in_its_order(step: int) -> None:
    found = sorted(events(plan(1, step), GOES), key=lambda event: event.generated)
    assert [event.event_type.removeprefix("compute.instance.") for event in found] == [
        "create.start", "create.end", "resize.prep.start", "resize.end", "finish_resize.end",
        "delete.start", "delete.end",
    ]  # fmt: skip
    seen = [traits(event) for event in found]
    assert [(one["state"], one["vcpus"]) for one in seen] == [
        ("building", 1), ("active", 1), ("active", 1), ("active", 1), ("active", 4),
        ("active", 4), ("deleted", 4),
    ]  # fmt: skip
    assert [one.get("launched_at") for one in seen] == [None, *[found[1].generated] * 6]
    assert seen[-1]["deleted_at"] == found[-1].generated
    assert {(one["project_id"], one["user_id"]) for one in seen} == {("p2", "u2")}


def test_what_exists_is_told_of_the_day_before() -> None:
    (event, _) = events(plan(1), STAYS)
    found = traits(event)
    assert event.generated == found["audit_period_ending"] == MIDNIGHT - timedelta(days=1)
    assert found["audit_period_beginning"] == MIDNIGHT - timedelta(days=2)


def test_days_that_are_filled_one_after_the_other_are_the_whole() -> None:
    whole = plan(4)
    cut = whole.steps.start + 31
    before = replace(whole, steps=range(whole.steps.start, cut))
    after = replace(whole, steps=range(cut, whole.steps.stop))
    parts = [*events(before), *events(after)]
    assert len({event.message_id for event in parts}) == len(parts)
    assert sorted(parts, key=lambda event: event.message_id) == sorted(
        events(whole), key=lambda event: event.message_id
    )


def test_every_cut_tells_the_same() -> None:
    whole = plan(2)
    expected = sorted(event.message_id for event in events(whole, GOES))
    for cut in whole.steps[1:]:
        parts = [
            replace(whole, steps=range(whole.steps.start, cut)),
            replace(whole, steps=range(cut, whole.steps.stop)),
        ]
        found = [event.message_id for part in parts for event in events(part, GOES)]
        assert sorted(found) == expected


def test_events_agree_with_samples() -> None:
    """Each instance is there from its first sample to behind its last, of the size they name."""
    days = plan(10)
    samples: dict[str, dict[datetime, tuple[str, str, int]]] = defaultdict(dict)
    for stream in streams(days):
        if stream.meter == "vcpus":
            for at, volume in zip(stream.steps, stream.volumes(stream.steps), strict=True):
                moment = from_microseconds(at * HOUR * 1_000_000)
                owner = (stream.of.project, str(stream.of.user), int(volume))
                samples[stream.of.resource][moment] = owner
                assert json.loads(stream.of.metadata)["vcpus"] == volume
    told = {(event.event_type, traits(event)["resource_id"]): event for event in events(days)}
    begun, hour = MIDNIGHT - timedelta(days=10), timedelta(hours=1)
    for server, moments in samples.items():
        first, last = min(moments), max(moments)
        made = told.pop(("compute.instance.create.end", server), None)
        gone = told.pop(("compute.instance.delete.end", server), None)
        grown = told.pop(("compute.instance.finish_resize.end", server), None)
        assert (made.generated if made else begun) == first
        assert (gone.generated if gone else MIDNIGHT) == last + hour
        sizes = {owner[2] for owner in moments.values()}
        assert len(sizes) == (2 if grown and grown.generated > first else 1)
        for event in (made, gone, grown):
            if event and event.generated in moments:
                found = traits(event)
                said = (found["project_id"], found["user_id"], found["vcpus"])
                assert said == moments[event.generated]
    ends = [kind for kind, _ in told if kind.endswith(("create.end", "delete.end", "ze.end"))]
    assert ends == ["compute.instance.resize.end"] * len(ends)
