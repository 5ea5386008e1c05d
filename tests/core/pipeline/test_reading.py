"""Pipeline files: every rule of the original, with file and line."""

from pathlib import Path

import pytest

from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.pipeline.plan import Sink, Source, Step
from telemetry_site.core.pipeline.reading import EVENTS, SAMPLES, read

GOOD = """
sources:
    - name: all
      interval: "600"
      counters: ["*", "!cpu"]
      resources: []
      discovery: [endpoint]
      sinks: [keep, rate]
      coordinated: whatever
    - name: keep
      meters: [disk.*]
      sinks: [keep]
sinks:
    - name: keep
      transformers:
      publishers: [database://]
    - name: rate
      transformers:
          - name: delta
            parameters:
          - name: unit_conversion
            parameters: {target: {scale: 2}}
      publishers: ["http://h/", "database://"]
"""


def plan(tmp_path: Path, text: str, kind: str = SAMPLES) -> Path:
    """A file of this content."""
    path = tmp_path / "pipeline.yaml"
    path.write_text(text)
    return path


def test_a_file_of_the_original_s(tmp_path: Path) -> None:
    found = read(plan(tmp_path, GOOD), SAMPLES)
    assert found.sources == (
        Source("all", ("*", "!cpu"), ("keep", "rate")),
        Source("keep", ("disk.*",), ("keep",)),
    )
    assert found.sinks == (
        Sink("keep", (), ("database://",)),
        Sink(
            "rate",
            (Step("delta", {}), Step("unit_conversion", {"target": {"scale": 2}})),
            ("http://h/", "database://"),
        ),
    )
    assert [found.route(meter).sinks for meter in ("cpu", "disk.read", "x")] == [(), (0, 1), (0, 1)]


def changed(old: str, new: str) -> str:
    """The good file with one change."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "line 1: it needs the keys sources and sinks"),
        ("sinks: []", "line 1: the key sources is missing"),
        ("sources: []", "line 1: the key sinks is missing"),
        ("sources: [", "line 1: column"),
        (changed("- name: all\n      interval", "- interval"), "line 3: a source needs a name"),
        (changed("- name: rate\n      tr", "- tr"), "line 17: a sink needs a name"),
        (changed("name: keep\n      meters", "name: all\n      meters"), "two sources called all"),
        (changed("name: rate", "name: keep"), "line 17: there are two sinks called keep"),
        (changed("sinks: [keep, rate]", "sinks: []"), "source all needs at least one sink"),
        (changed("sinks: [keep, rate]", "sinks: [none]"), "names a sink none that is not there"),
        (changed("publishers: [database://]", "publishers:"), "sink keep needs at least one publ"),
        (changed("sinks: [keep, rate]", "sinks: [keep, keep]"), "two pipelines called all:keep"),
        (changed("            parameters:\n", ""), "line 19: transformer delta of sink rate needs"),
        (changed("parameters:\n", "parameters: 5\n"), "parameters of transformer delta must be an"),
        (changed('"600"', "0"), "line 3: interval of source all must be a whole number above"),
        (changed('"600"', "often"), "interval of source all must be a whole number above zero"),
        (changed("resources: []", "resources: x"), "resources of source all must be a list"),
        (changed('["*", "!cpu"]', "[]"), "counters of source all must name at least one"),
        (changed('["*", "!cpu"]', '["a", "!b"]'), "mixes names with exclusions"),
        (changed('["*", "!cpu"]', '["*", "b"]'), r"has \* and names"),
        (changed("[database://]", "[5]"), "each of publishers of sink keep must be a text, not 5"),
        (changed("transformers:\n      p", "transformers: [a]\n      p"), "must be an object"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadDefinition, match=why) as caught:
        read(plan(tmp_path, text), SAMPLES)
    assert str(caught.value).startswith(str(tmp_path / "pipeline.yaml"))


def test_events_have_no_transformers(tmp_path: Path) -> None:
    text = GOOD.replace("counters", "events").replace("meters", "events")
    found = read(plan(tmp_path, text), EVENTS)
    assert [sink.steps for sink in found.sinks] == [(), ()]
    assert found.notes == ("line 17: events have no transformers",)
    clash = text.replace("name: keep\n      events", "name: 'all'\n      events")
    with pytest.raises(BadDefinition, match="two sources called all"):
        read(plan(tmp_path, clash), EVENTS)
