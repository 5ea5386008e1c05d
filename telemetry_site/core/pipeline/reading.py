"""Reads a pipeline file; every rule that it breaks is said with file and line."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from telemetry_site.core.definitions import yamlfiles
from telemetry_site.core.definitions.yamlfiles import Located
from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.pipeline.matching import flaw
from telemetry_site.core.pipeline.plan import Plan, Sink, Source, Step

SAMPLES, EVENTS = "samples", "events"
# The key of a source that lists what it takes, the one first that files have today.
TAKES = {SAMPLES: ("meters", "counters"), EVENTS: ("events",)}
PREFIX = {SAMPLES: "", EVENTS: "event:"}


def read(path: Path, kind: str) -> Plan:
    """The plan of a file for SAMPLES or EVENTS. Raises BadDefinition.

    What the file may say, and what makes it unusable, is the original's; keys that mean nothing
    here are passed over.
    """
    return _Reader(path, kind).plan(yamlfiles.load(path))


class _Reader:
    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._kind = kind
        self._notes: list[str] = []

    def plan(self, content: Any) -> Plan:
        if not isinstance(content, Located):
            self._fail(1, "it needs the keys sources and sinks, each with a list")
        for key in ("sources", "sinks"):
            if key not in content:
                self._fail(content.line, f"the key {key} is missing")
        sources = [self._source(one) for one in self._objects(content, "sources")]
        sinks = [self._sink(one) for one in self._objects(content, "sinks")]
        self._unique("source", sources)
        self._unique("sink", sinks)
        self._tied(sources, {sink.name for sink in sinks})
        return Plan(str(self._path), tuple(sources), tuple(sinks), tuple(self._notes))

    def _source(self, given: Located) -> Source:
        name = self._name(given, "source")
        what = f"source {name}"
        self._interval(given, what)
        for key in ("resources", "discovery"):
            self._texts(given, key, what)
        keys = TAKES[self._kind]
        key = next((key for key in keys if key in given), keys[0])
        rules = self._texts(given, key, what)
        if found := flaw(rules, f"{key} of {what}"):
            self._fail(given.line, found)
        sinks = self._texts(given, "sinks", what)
        if not sinks:
            self._fail(given.line, f"{what} needs at least one sink")
        return Source(name, rules, sinks, given.line)

    def _interval(self, given: Located, what: str) -> None:
        """Polling has its own file today; older ones say here how often."""
        try:
            good = int(given.get("interval", 1)) > 0
        except (TypeError, ValueError, OverflowError):
            good = False
        if not good:
            self._fail(given.line, f"interval of {what} must be a whole number above zero")

    def _sink(self, given: Located) -> Sink:
        name = self._name(given, "sink")
        publishers = self._texts(given, "publishers", f"sink {name}")
        if not publishers:
            self._fail(given.line, f"sink {name} needs at least one publisher")
        steps = () if self._kind == EVENTS else self._objects(given, "transformers")
        if given.get("transformers") and self._kind == EVENTS:
            self._notes.append(f"line {given.line}: events have no transformers")
        made = tuple(self._step(one, name) for one in steps)
        return Sink(name, made, publishers, given.line)

    def _step(self, given: Located, sink: str) -> Step:
        name = self._name(given, f"transformer of sink {sink}")
        if "parameters" not in given:
            why = f"transformer {name} of sink {sink} needs the key parameters; it may be empty"
            self._fail(given.line, why)
        parameters = given["parameters"] or {}
        if not isinstance(parameters, dict):
            self._fail(given.line, f"parameters of transformer {name} must be an object")
        return Step(name, parameters, given.line)

    def _name(self, given: Located, what: str) -> str:
        name = given.get("name")
        if not isinstance(name, str) or not name:
            self._fail(given.line, f"a {what} needs a name")
        return name

    def _objects(self, given: Located, key: str) -> list[Located]:
        found = given.get(key) or []
        if not isinstance(found, list):
            self._fail(given.line, f"{key} must be a list")
        if strange := [one for one in found if not isinstance(one, Located)]:
            self._fail(given.line, f"each of {key} must be an object; {strange[0]!r:.80} is none")
        return found

    def _texts(self, given: Located, key: str, what: str) -> tuple[str, ...]:
        found = given.get(key) or []
        if not isinstance(found, list):
            self._fail(given.line, f"{key} of {what} must be a list")
        if strange := [one for one in found if not isinstance(one, str) or not one]:
            self._fail(
                given.line, f"each of {key} of {what} must be a text, not {strange[0]!r:.80}"
            )
        return tuple(found)

    def _unique(self, what: str, named: Sequence[Source] | Sequence[Sink]) -> None:
        seen = set()
        for one in named:
            if one.name in seen:
                self._fail(one.line, f"there are two {what}s called {one.name}")
            seen.add(one.name)

    def _tied(self, sources: Iterable[Source], sinks: set[str]) -> None:
        """Every sink that is named is there, and no two pipelines have one name."""
        names: Counter[str] = Counter()
        for source in sources:
            for sink in source.sinks:
                if sink not in sinks:
                    self._fail(
                        source.line, f"source {source.name} names a sink {sink} that is not there"
                    )
                name = source.name if sink == source.name else f"{source.name}:{sink}"
                names[name] += 1
                if names[name] > 1:
                    whole = PREFIX[self._kind] + name
                    self._fail(source.line, f"there are two pipelines called {whole}")

    def _fail(self, line: int, why: str) -> NoReturn:
        raise BadDefinition(str(self._path), line, why)
