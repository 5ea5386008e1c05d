"""The polling plan, polling.yaml: which meters are polled, how often, and on which targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import yaml

from telemetry_site.core.errors import BadDefinition
from telemetry_site.core.pipeline.matching import flaw, takes

DEFAULT_NAME = "polling.yaml"
LONGEST_NAME = 200
LONGEST_INTERVAL = 366 * 24 * 3600

# Keys that plans written for other releases have, and that mean nothing here.
IGNORED_AT_TOP = ("sinks",)
IGNORED_IN_SOURCE = ("sinks", "group_id_coordination_expression")


@dataclass(frozen=True, slots=True)
class Source:
    """Some meters, polled every `interval` seconds.

    `meters` holds names with wildcards, or exclusions that begin with "!". Without `resources`
    (URLs) and `discovery` (names) each pollster finds its own targets.
    """

    name: str
    interval: int
    meters: tuple[str, ...]
    resources: tuple[str, ...] = ()
    discovery: tuple[str, ...] = ()

    def takes(self, meter: str) -> bool:
        """Whether the meter is asked for: exclusions first; exclusions alone take all the rest.

        >>> Source("s", 60, ("*", "!cpu")).takes("cpu")
        False
        """
        return takes(self.meters, meter)


def parse(text: str, name: str = DEFAULT_NAME) -> tuple[Source, ...]:
    """The sources of a plan. Raises BadDefinition with the file's name and the line."""
    return _Reader(name).plan(text)


class _Reader:
    """Reads YAML nodes, so that each fault can be reported with its line."""

    def __init__(self, name: str) -> None:
        self._name = name

    def plan(self, text: str) -> tuple[Source, ...]:
        root = self._compose(text)
        if root is None:
            raise BadDefinition(self._name, 1, "it is empty; it needs a list of sources")
        keys = self._mapping(root, "the plan", ("sources",), IGNORED_AT_TOP)
        if "sources" not in keys:
            self._fail(root, "it needs a list of sources")
        sources: dict[str, Source] = {}
        for node in self._items(keys["sources"], "sources"):
            source = self._source(node)
            if source.name in sources:
                self._fail(node, f"there are two sources called {source.name!r}")
            sources[source.name] = source
        return tuple(sources.values())

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            return yaml.compose(text, yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadDefinition(self._name, line, error.problem or "this is no YAML") from error
        except (yaml.YAMLError, RecursionError) as error:
            raise BadDefinition(self._name, 1, "this is no YAML") from error

    def _source(self, node: yaml.Node) -> Source:
        known = ("name", "interval", "meters", "resources", "discovery")
        keys = self._mapping(node, "a source", known, IGNORED_IN_SOURCE)
        for needed in ("name", "interval", "meters"):
            if needed not in keys:
                self._fail(node, f"Missing {needed} value: a source needs one")
        return Source(
            name=self._source_name(keys["name"]),
            interval=self._interval(keys["interval"]),
            meters=self._meters(keys["meters"]),
            resources=self._resources(keys.get("resources")),
            discovery=self._texts(keys.get("discovery"), "discovery"),
        )

    def _source_name(self, node: yaml.Node) -> str:
        name = self._text(node, "the name of a source")
        if len(name) > LONGEST_NAME:
            self._fail(node, f"the name of a source has at most {LONGEST_NAME} characters")
        return name

    def _interval(self, node: yaml.Node) -> int:
        """Whole seconds; as in the original, digits in quotes will do."""
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not 0 < seconds <= LONGEST_INTERVAL:
            self._fail(
                node, f"interval must be a whole number of seconds from 1 to {LONGEST_INTERVAL}"
            )
        return seconds

    def _meters(self, node: yaml.Node) -> tuple[str, ...]:
        rules = self._texts(node, "meters")
        if found := flaw(rules, "meters"):
            self._fail(node, found)
        return rules

    def _resources(self, node: yaml.Node | None) -> tuple[str, ...]:
        urls = self._texts(node, "resources")
        for url, item in zip(urls, node.value if node else (), strict=True):
            try:
                urlsplit(url)
            except ValueError:
                self._fail(item, "each of resources must be a URL")
        return urls

    def _mapping(
        self, node: yaml.Node, what: str, known: Sequence[str], ignored: Sequence[str]
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, f"{what} must have names with values")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in (*known, *ignored):
                self._fail(key, f"{what} has no {name!r}; it has {', '.join(known)}")
            if name in found:
                self._fail(key, f"{name} is there twice")
            found[name] = value
        return found

    def _texts(self, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        if node is None:
            return ()
        return tuple(self._text(item, f"each of {what}") for item in self._items(node, what))

    def _items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, f"{what} must be a list")
        return list(node.value)

    def _text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip("! "):
            self._fail(node, f"{what} must be a text")
        if "\0" in node.value or node.tag.endswith(":null"):
            self._fail(node, f"{what} must be a text")
        return str(node.value)

    def _fail(self, node: yaml.Node, why: str) -> NoReturn:
        raise BadDefinition(self._name, node.start_mark.line + 1, why)
