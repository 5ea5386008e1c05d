"""The real python-ceilometerclient, library and command line, against a running server."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ceilometerclient import exc
from ceilometerclient.apiclient import exceptions

from tests.ceilometer import Access, pairs, query, table

# It announces its own end at every start.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:ceilometerclient is now deprecated"),
]
INSTALLED = Path(sys.executable).with_name("ceilometer")
VM1, VM2 = "vm-1", "vm-2"
SAMPLES = (
    (VM1, 2, "2026-03-01T10:00:00"),
    (VM1, 4, "2026-03-01T10:10:00"),
    (VM2, 9, "2026-03-01T10:20:00"),
)


@pytest.fixture
def library(access: Access) -> Any:
    """The library's client, with three samples posted through it."""
    client = access.library()
    for resource, volume, time in SAMPLES:
        client.samples.create(
            counter_name="cpu_util",
            counter_type="gauge",
            counter_unit="%",
            counter_volume=volume,
            resource_id=resource,
            timestamp=time,
            resource_metadata={"display.name": resource},
        )
    return client


Program = Callable[..., str]


@pytest.fixture
def program(access: Access, library: Any) -> Program:
    """Runs a command of the program, with these samples in the store."""
    return access.run


def test_the_library_lists_meters(library: Any) -> None:
    found = library.meters.list(q=query("resource", VM1))
    assert [(meter.name, meter.type, meter.unit, meter.resource_id) for meter in found] == [
        ("cpu_util", "gauge", "%", VM1)
    ]
    assert [meter.resource_id for meter in library.meters.list(unique=True)] == [None]
    assert len(library.meters.list(limit=1)) == 1


def test_the_library_lists_and_shows_samples(library: Any) -> None:
    newest, *_ = found = library.new_samples.list()
    assert [sample.volume for sample in found] == [9.0, 4.0, 2.0]
    old = library.samples.list("cpu_util", q=query("timestamp", "2026-03-01T10:10:00", "lt"))
    assert [sample.counter_volume for sample in old] == [2.0]
    shown = library.new_samples.get(newest.id)
    assert (shown.meter, shown.resource_id) == ("cpu_util", VM2)
    assert shown.metadata == {"display.name": VM2}


def test_the_library_creates_samples(library: Any) -> None:
    (made,) = library.samples.create(
        counter_name="disk", counter_type="delta", counter_unit="B", counter_volume="1.5",
        resource_id=VM1, direct=True,
    )  # fmt: skip
    assert (made.counter_volume, made.source, made.user_id) == (1.5, "admin:openstack", "root")
    many = [
        {"counter_name": name, "counter_type": "gauge", "counter_unit": "B", "counter_volume": 1,
         "resource_id": VM1, "ignored": "x"}
        for name in ("a", "a", "b")
    ]  # fmt: skip
    made = library.samples.create_list(many)
    assert sorted(sample.counter_name for sample in made) == ["a", "a", "b"]


def test_the_library_asks_for_statistics(library: Any) -> None:
    (whole,) = library.statistics.list("cpu_util")
    assert (whole.count, whole.sum, whole.avg, whole.min, whole.max) == (3, 15.0, 5.0, 2.0, 9.0)
    (one, other) = library.statistics.list("cpu_util", period=1200, groupby=["resource_id"])
    assert (one.groupby, one.count, other.groupby) == (
        {"resource_id": VM1}, 2, {"resource_id": VM2},
    )  # fmt: skip
    wanted = [{"func": "cardinality", "param": "resource_id"}, {"func": "max"}]
    (selected,) = library.statistics.list("cpu_util", aggregates=wanted)
    assert selected.aggregate == {"cardinality/resource_id": 2.0, "max": 9.0}


def test_the_library_lists_and_shows_resources(library: Any) -> None:
    found = library.resources.list(q=query("metadata.display.name", VM1))
    assert [resource.resource_id for resource in found] == [VM1]
    shown = library.resources.get(VM2)
    assert shown.metadata == {"display.name": VM2}
    assert {link["rel"] for link in shown.links} == {"self", "cpu_util"}


def test_the_library_asks_complex_queries(library: Any) -> None:
    found = library.query_samples.query(
        filter=json.dumps({"and": [{"=": {"meter": "cpu_util"}}, {">": {"counter_volume": 2}}]}),
        orderby=json.dumps([{"counter_volume": "asc"}]),
        limit="5",
    )
    assert [sample.volume for sample in found] == [4.0, 9.0]


def test_the_library_reads_capabilities(library: Any) -> None:
    assert library.capabilities.get().api["statistics:groupby"] is True


def test_the_library_raises_what_it_documents(library: Any) -> None:
    with pytest.raises(exceptions.BadRequest, match="counter_type"):
        library.samples.create(
            counter_name="x", counter_type="bad", counter_unit="B", counter_volume=1,
            resource_id=VM1,
        )  # fmt: skip
    with pytest.raises(exc.HTTPNotFound):
        library.new_samples.get("no-such-sample")
    with pytest.raises(exc.HTTPNotFound):
        library.resources.get("no-such-resource")


def test_a_wrong_token_is_refused(access: Access) -> None:
    client = Access(access.url, "wrong").library()
    # After a 401 it would log in at Keystone, and lacks what that takes.
    with pytest.raises(exceptions.AuthPluginOptionsMissing, match="Authentication failed"):
        client.meters.list()


def test_the_program_lists_meters(program: Program) -> None:
    assert [row[:4] for row in table(program("meter-list"))] == [
        ["cpu_util", "gauge", "%", VM1],
        ["cpu_util", "gauge", "%", VM2],
    ]
    assert len(table(program("meter-list", "-q", f"resource_id={VM2}", "-l", "5"))) == 1
    assert table(program("meter-list", "--unique", "True"))[0][3] == "None"


def test_the_program_lists_and_shows_samples(program: Program) -> None:
    rows = table(program("sample-list"))
    assert [row[4] for row in rows] == ["9.0", "4.0", "2.0"]
    assert pairs(program("sample-show", rows[0][0]))["resource_id"] == VM2
    asked = ("-m", "cpu_util", "-q", "timestamp>2026-03-01T10:00:00", "-l", "1")
    assert [row[3] for row in table(program("sample-list", *asked))] == ["9.0"]


def test_the_program_creates_samples(program: Program) -> None:
    made = pairs(
        program(
            "sample-create", "-r", VM1, "-m", "disk", "--meter-type", "gauge", "--meter-unit", "B",
            "--sample-volume", "1.5", "--project-id", "p7", "--user-id", "u7",
            "--resource-metadata", '{"a": "b"}', "--timestamp", "2026-03-01T12:00:00+02:00",
            "--direct", "True",
        )
    )  # fmt: skip
    assert (made["volume"], made["project_id"], made["timestamp"]) == (
        "1.5", "p7", "2026-03-01T12:00:00+02:00",
    )  # fmt: skip
    fields = {"counter_type": "gauge", "counter_unit": "B", "counter_volume": 3}
    several = [{**fields, "counter_name": name, "resource_id": VM1} for name in ("a", "b")]
    assert len(table(program("sample-create-list", json.dumps(several)))) == 2


def test_the_program_prints_statistics(program: Program) -> None:
    words = ("statistics", "-m", "cpu_util", "-p", "1200", "-g", "resource_id")
    assert [row[3:9] for row in table(program(*words))] == [
        [f"{{'resource_id': '{VM1}'}}", "4.0", "2.0", "3.0", "6.0", "2"],
        [f"{{'resource_id': '{VM2}'}}", "9.0", "9.0", "9.0", "9.0", "1"],
    ]
    words = ("statistics", "-m", "cpu_util", "-a", "avg", "-a", "cardinality<-resource_id")
    assert {"5.0", "2.0"} <= set(table(program(*words))[0])


def test_the_program_lists_and_shows_resources(program: Program) -> None:
    assert {row[0] for row in table(program("resource-list"))} == {VM1, VM2}
    assert VM1 in program("resource-show", VM1)


def test_the_program_asks_complex_queries(program: Program) -> None:
    asked = ("-f", '{"<": {"counter_volume": 9}}', "-o", '[{"counter_volume": "desc"}]', "-l", "1")
    assert [row[4] for row in table(program("query-samples", *asked))] == ["4.0"]


def test_the_program_prints_capabilities(program: Program) -> None:
    assert "statistics:aggregation:selectable:cardinality" in program("capabilities")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("sample-show nope", "Sample not found: nope"),
        ("resource-show nope", "Resource not found: nope"),
        ("meter-list -l 0", "Limit must be positive (HTTP 400)"),
        ("statistics -m x -a nope", "Invalid aggregation function: nope (HTTP 400)"),
    ],
)
def test_the_program_prints_our_refusals(
    program: Program, capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    with pytest.raises(SystemExit):
        program(*words.split())
    assert sentence in capsys.readouterr().err


def test_the_installed_program_runs(access: Access, library: Any) -> None:
    found = subprocess.run(
        [str(INSTALLED), "--os-endpoint", access.url, "--os-token", access.token, "meter-list"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(table(found.stdout)) == 2
