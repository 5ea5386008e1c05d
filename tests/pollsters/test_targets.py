"""Which targets a pollster is asked about."""

import pytest

from pollsters import catalogue
from pollsters.catalogue import POLLSTERS
from pollsters.pollster import PollError, Target
from pollsters.sources import Source
from pollsters.targets import Targets

(HOST,) = POLLSTERS


def targets(resources: tuple[str, ...] = (), discovery: tuple[str, ...] = ()) -> Targets:
    return Targets(Source("s", 60, ("*",), resources, discovery), "node-1")


def test_it_lets_a_pollster_find_its_own_targets_where_a_source_names_none() -> None:
    assert targets().of(HOST) == [Target("this machine", "node-1")]


def test_it_asks_a_target_once_that_is_found_twice() -> None:
    found = targets(discovery=("this_machine", "this_machine"))
    assert found.of(HOST) == [Target("this machine", "node-1")]


def test_it_keeps_resources_of_other_kinds_from_a_pollster_and_hides_their_secrets() -> None:
    found = targets(resources=("snmp://user:secret@10.0.0.1",))
    assert found.of(HOST) == []
    assert [str(p) for p in found.problems] == ["No pollster reads resources of the kind 'snmp'."]


def test_it_tells_of_a_discovery_that_does_not_exist() -> None:
    (problem,) = targets(discovery=("tenant",)).problems
    assert str(problem) == "There is no discovery 'tenant'; there are: this_machine."


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PollError("Keystone is away."), "Keystone is away."),
        (ValueError("secret"), "The discovery 'broken' failed: ValueError."),
    ],
)
def test_it_goes_on_when_a_discovery_fails(
    monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    def broken(host: str) -> list[Target]:
        raise error

    monkeypatch.setitem(catalogue.DISCOVERIES, "broken", broken)
    found = targets(discovery=("broken", "this_machine"))
    assert [str(p) for p in found.problems] == [why]
    assert len(found.of(HOST)) == 1
