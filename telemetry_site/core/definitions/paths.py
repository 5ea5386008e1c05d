"""JSONPath, read by jsonpath-ng and then walked by functions made once for each path.

As in the original, `[*]`, `[n]` and slices take what is no list for a list of one.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jsonpath_ng import jsonpath
from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext import filter as filters
from jsonpath_ng.ext import iterable, string
from jsonpath_ng.ext.parser import parse

from telemetry_site.core.definitions import operators
from telemetry_site.core.definitions.matches import BadPath, Finder, Match, Walker, aliased, walker

# A quoted text, to be passed over, or the items of a list.
ITEMS = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\[\*\]""")
DEEPEST = 100
UNIONS = ("Union", "_Union")  # to name the class itself is deprecated


@lru_cache(maxsize=10_000)
def parsed(text: str) -> Any:
    """The path as jsonpath-ng's tree. Raises BadPath."""
    every = ITEMS.sub(lambda found: "[:]" if found[0] == "[*]" else found[0], text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(every)
    except (JSONPathError, re.error, ValueError, IndexError) as error:
        raise BadPath(f"{text} cannot be read as a path: {error}") from error


def keys_of(tree: Any) -> tuple[str, ...] | None:
    """The keys of a path that is nothing but keys; None for any other."""
    if isinstance(tree, jsonpath.Fields) and len(tree.fields) == 1 and tree.fields[0] != "*":
        return tuple(tree.fields)
    if isinstance(tree, jsonpath.Child):
        right = keys_of(tree.right)
        left = () if isinstance(tree.left, jsonpath.Root) else keys_of(tree.left)
        return None if left is None or right is None else left + right
    return None


def finder(tree: Any, *, at_root: bool = False) -> Finder:
    """The function that walks the path; `at_root` says that it begins with a message.

    Raises BadPath for what is not part of the language of definitions.
    """
    if type(tree).__name__ in UNIONS:
        return _either(finder(tree.left, at_root=at_root), finder(tree.right, at_root=at_root))
    match tree:
        case jsonpath.Root():
            return _itself
        case jsonpath.Fields():
            return _keys(tree.fields, at_root)
        case jsonpath.Child():
            left = finder(tree.left, at_root=at_root)
            from_root = at_root and isinstance(tree.left, jsonpath.Root)
            return _then(left, finder(tree.right, at_root=from_root))
        case jsonpath.Descendants():
            return _below(finder(tree.left, at_root=at_root), finder(tree.right))
        case jsonpath.Where():
            return _having(finder(tree.left, at_root=at_root), finder(tree.right))
    return _of_lists(tree)


def _of_lists(tree: Any) -> Finder:
    match tree:
        case jsonpath.Wildcard():
            return _children
        case jsonpath.Slice():
            return _items(slice(tree.start, tree.end, tree.step))
        case jsonpath.Index():
            return _at(tree.indices)
        case jsonpath.Parent():
            return lambda found: () if found.parent is None else (found.parent,)
        case filters.Filter():
            return _filtered([_condition(one) for one in tree.expressions])
        case iterable.SortedThis():
            keys = tree.expressions or []
            return operators.in_order([(finder(key), down) for key, down in keys])
        case string.Str():
            return operators.as_text
    change = _change(tree)
    if change is not None:
        return operators.changed(change)
    if type(tree) is jsonpath.This:  # which all operators are made from
        return _itself
    raise BadPath(f"{tree} is not understood in a path")


def _change(tree: Any) -> operators.Change | None:
    match tree:
        case iterable.Len():
            return operators.length
        case string.Split():
            return operators.split(tree.chars, int(tree.segment), int(tree.max_split))
        case string.Sub():
            return operators.substituted(tree.expr, tree.repl)
    return None


def quick_finder(tree: Any) -> Walker | None:
    """For keys, and for what becomes of the one value under them: the function that finds it."""
    keys = keys_of(tree)
    if keys is not None:
        return walker((*aliased(keys[0]), *keys[1:]))
    if isinstance(tree, jsonpath.Child):
        find, change = quick_finder(tree.left), _change(tree.right)
        if find is not None and change is not None:
            return lambda message: change(find(message))
    return None


def _itself(match: Match) -> Iterable[Match]:
    return (match,)


def _keys(names: Iterable[str], at_root: bool) -> Finder:
    paths = [aliased(name) if at_root else (name,) for name in names]

    def find(match: Match) -> Iterator[Match]:
        for path in paths:
            found = match
            for key in path:
                if not isinstance(found.value, dict) or key not in found.value:
                    break
                found = Match(found.value[key], key, found)
            else:
                yield found

    return find


def _then(left: Finder, right: Finder) -> Finder:
    return lambda match: (below for found in left(match) for below in right(found))


def _either(left: Finder, right: Finder) -> Finder:
    return lambda match: (*left(match), *right(match))


def _having(left: Finder, right: Finder) -> Finder:
    return lambda match: (found for found in left(match) if any(True for _ in right(found)))


def _below(left: Finder, right: Finder) -> Finder:
    def descend(match: Match, depth: int) -> Iterator[Match]:
        yield from right(match)
        if depth < DEEPEST:
            for child in _parts(match):
                yield from descend(child, depth + 1)

    return lambda match: (below for found in left(match) for below in descend(found, 0))


def _parts(match: Match) -> Iterator[Match]:
    if isinstance(match.value, dict):
        for key, value in match.value.items():
            yield Match(value, key, match)
    elif isinstance(match.value, list):
        for index, value in enumerate(match.value):
            yield Match(value, index, match)


def _children(match: Match) -> Iterator[Match]:
    return _parts(match)


def _listed(match: Match) -> list[Any]:
    if match.value is None:
        return []
    return match.value if isinstance(match.value, list) else [match.value]


def _items(wanted: slice) -> Finder:
    def find(match: Match) -> Iterator[Match]:
        items = _listed(match)
        for index in range(*wanted.indices(len(items))):
            yield Match(items[index], index, match)

    return find


def _at(indices: Iterable[int]) -> Finder:
    def find(match: Match) -> Iterator[Match]:
        items = _listed(match)
        for index in indices:
            if -len(items) <= index < len(items):
                yield Match(items[index], index, match)

    return find


def _condition(expression: Any) -> Any:
    target = finder(expression.target)
    operator = expression.op
    if operator is not None and operator != "=~" and operator not in operators.COMPARED:
        raise BadPath(f"{operator} is no comparison of a filter")
    return operators.condition(target, operator, expression.value)


def _filtered(conditions: list[Any]) -> Finder:
    def find(match: Match) -> Iterator[Match]:
        for part in _parts(match):
            if all(holds(part.value) for holds in conditions):
                yield part

    return find
