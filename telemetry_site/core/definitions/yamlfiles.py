"""Definition files: YAML that says where in it something is wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from telemetry_site.core.errors import BadDefinition


class Located(dict[str, Any]):
    """An object of a YAML file that knows the line it begins at, counted from 1."""

    line: int = 1


class _Loader(yaml.SafeLoader):
    """Keeps the lines of objects."""


def _object(loader: _Loader, node: yaml.MappingNode) -> Iterator[Located]:
    made = Located()
    made.line = node.start_mark.line + 1
    yield made
    loader.flatten_mapping(node)
    content: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    made.update(content)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _object)


def load(path: Path) -> Any:
    """What the file says, its objects as Located. Raises BadDefinition."""
    try:
        return yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise BadDefinition(str(path), 1, f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadDefinition(str(path), 1, "it is no UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or str(error)
        raise BadDefinition(str(path), line, f"column {column}: {what}") from error
    except (RecursionError, ValueError) as error:
        raise BadDefinition(str(path), 1, f"it cannot be read ({error})") from error


def found(places: Iterable[Path]) -> list[Path]:
    """The files of these places: files as they are, folders with their *.yaml in order of name."""
    files: list[Path] = []
    for place in places:
        files += sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    return files
