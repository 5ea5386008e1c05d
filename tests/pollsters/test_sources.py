"""The polling plan: what it may say, and the sentence for each thing it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollsters.sources import Source, parse
from telemetry_site.core.errors import BadDefinition

GOOD = """\
sources:
  - name: host
    interval: 60
    meters: [hardware.*, host.cpu.count]
  - name: nodes
    interval: "600"
    meters: ["*", "!hardware.disk.*"]
    resources: ["snmp://10.0.0.1"]
    discovery: [this_machine]
    sinks: [meter_sink]
sinks: []
"""


def source(*meters: str) -> Source:
    return Source("s", 60, meters)


def test_it_reads_a_plan() -> None:
    assert parse(GOOD) == (
        Source("host", 60, ("hardware.*", "host.cpu.count")),
        Source(
            "nodes",
            600,
            ("*", "!hardware.disk.*"),
            ("snmp://10.0.0.1",),
            ("this_machine",),
        ),
    )


@pytest.mark.parametrize(
    ("rules", "taken", "left"),
    [
        (("cpu", "disk.*"), "disk.read", "memory"),
        (("*",), "anything", None),
        (("!cpu*",), "memory", "cpu_util"),
        (("*", "!cpu*"), "memory", "cpu_util"),
        (("cpu?[12]",), "cpu.2", "cpu.3"),
        (("CPU",), "CPU", "cpu"),
    ],
)
def test_it_takes_meters_by_wildcards_and_leaves_the_excluded(
    rules: tuple[str, ...], taken: str, left: str | None
) -> None:
    assert source(*rules).takes(taken)
    assert left is None or not source(*rules).takes(left)


def plan(**changed: str) -> str:
    values = {"name": "a", "interval": "60", "meters": "['*']", **changed}
    lines = [f"    {key}: {value}" for key, value in values.items() if value != "-"]
    return "\n".join(["sources:", "  -", *lines])


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 1, "it is empty; it needs a list of sources"),
        ("sinks: []", 1, "it needs a list of sources"),
        ("- a", 1, "the plan must have names with values"),
        ("sources: a", 1, "sources must be a list"),
        ("sources:\n  - a", 2, "a source must have names with values"),
        ("sources:\n  - {a", 2, "expected ',' or '}', but got '<stream end>'"),
        ("sources: \x01", 1, "this is no YAML"),
        ("[" * 1000, 1, "this is no YAML"),
        (plan(name="-"), 3, "Missing name value: a source needs one"),
        (plan(interval="-"), 3, "Missing interval value: a source needs one"),
        (plan(meters="-"), 3, "Missing meters value: a source needs one"),
        (plan(name="[a]"), 3, "the name of a source must be a text"),
        (plan(name=""), 3, "the name of a source must be a text"),
        (plan(name="null"), 3, "the name of a source must be a text"),
        (plan(name="a" * 201), 3, "the name of a source has at most 200 characters"),
        (plan(interval="0"), 4, "interval must be a whole number of seconds from 1 to 31622400"),
        (plan(interval="-1"), 4, "interval must be a whole number of seconds from 1 to 31622400"),
        (plan(interval="1.5"), 4, "interval must be a whole number of seconds from 1 to 31622400"),
        (plan(interval="9" * 99), 4, "interval must be a whole number of seconds from 1 to "
         "31622400"),
        (plan(meters="[]"), 5, "meters must name at least one"),
        (plan(meters="cpu"), 5, "meters must be a list"),
        (plan(meters="[{}]"), 5, "each of meters must be a text"),
        (plan(meters="['*', cpu]"), 5, "meters has * and names; * alone takes them all"),
        (plan(meters="[cpu, '!disk']"), 5, "meters mixes names with exclusions; use * with "
         "exclusions"),
        (plan(resources="a"), 6, "resources must be a list"),
        (plan(resources="['http://[']"), 6, "each of resources must be a URL"),
        (plan(discovery="[null]"), 6, "each of discovery must be a text"),
        (plan(intervall="5"), 6, "a source has no 'intervall'; it has name, interval, meters, "
         "resources, discovery"),
        (plan() + "\n    name: b", 6, "name is there twice"),
        (plan() + "\n  - {name: a, interval: 1, meters: ['*']}", 6, "there are two sources called "
         "'a'"),
    ],
)  # fmt: skip
def test_it_names_file_and_line_of_what_is_wrong(text: str, line: int, why: str) -> None:
    with pytest.raises(BadDefinition) as caught:
        parse(text, "my.yaml")
    assert str(caught.value) == f"my.yaml, line {line}: {why}."


@given(st.text(alphabet="sources:-[]{}!*&<>|'\" \n\tnameintrvlm0", max_size=200))
def test_it_reads_or_refuses_any_text(text: str) -> None:
    try:
        parse(text)
    except BadDefinition as error:
        assert error.line >= 1
