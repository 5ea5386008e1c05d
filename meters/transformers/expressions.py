"""Arithmetic over the attributes of samples: parsed once, and never able to do anything else."""

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import local
from typing import Any, NoReturn

from simpleeval import InvalidExpression, SimpleEval

from telemetry_site.core.errors import TelemetryError

REMEMBERED = 4_096  # values of an expression by what goes into it
ALLOWED = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Constant, ast.Name, ast.Load,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
NOT_ALLOWED = (
    ast.MatMult, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor, ast.Invert, ast.In,
    ast.NotIn,
)  # fmt: skip
CONSTANTS = (int, float, str, bool, type(None))


class BadExpression(TelemetryError):
    """It cannot be read, or uses what is not allowed."""


class NoValue(TelemetryError):
    """It has no value for these samples."""


_threads = local()


class _Missing:
    """What stands for an attribute that is not there: false, and itself without attributes."""

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()

# Finds the value behind a path, such as ("resource_metadata", "cpu_number").
Lookup = Callable[[tuple[str, ...]], Any]


class Expression:
    """Numbers, + - * / // ** %, comparison, and, or, not, and paths of attributes.

    An attribute that is missing is false, so that `(resource_metadata.cpu_number or 1)` works.
    A text that is a number counts as one where the expression calculates with it: metadata that
    was posted holds texts only. Raises BadExpression.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        tree = _parsed(text)
        found = _Paths()
        self._tree = ast.fix_missing_locations(found.visit(tree))
        _check(self._tree)
        self.paths = tuple(found.names)
        self._numeric = tuple(found.numeric.get(path, False) for path in self.paths)
        self._value = lru_cache(REMEMBERED)(self._calculated)

    def value(self, lookup: Lookup) -> float:
        """Its value as a number. Raises NoValue."""
        given = [
            _number(lookup(path)) if numeric else lookup(path)
            for path, numeric in zip(self.paths, self._numeric, strict=True)
        ]
        try:
            return self._value(*given)
        except (TypeError, ValueError, ArithmeticError, InvalidExpression) as error:
            self._none(error)

    def _calculated(self, *values: Any) -> float:
        # Kept, since each holds itself, and one a thread, since it holds the names.
        evaluator = getattr(_threads, "evaluator", None)
        if evaluator is None:
            evaluator = _threads.evaluator = SimpleEval(functions={})
        evaluator.names = {f"v{place}": value for place, value in enumerate(values)}
        found = float(evaluator.eval(self.text, previously_parsed=self._tree))
        if found != found:
            raise ValueError("it is not a number")
        return found

    def _none(self, error: Exception) -> NoReturn:
        why = str(error) or type(error).__name__
        raise NoValue(f"{self.text!r} has no value: {why:.200}") from error


class _Paths(ast.NodeTransformer):
    """Puts a name for each path of attributes, and notes which of them are calculated with."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, ...], int] = {}
        self.numeric: dict[tuple[str, ...], bool] = {}
        self._calculating = True

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        return self._within(node, calculating=True)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        return self._within(node, calculating=not isinstance(node.op, ast.Not))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        texts = any(
            isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(node)
        )
        return self._within(node, calculating=not texts)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._path(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._path(node)

    def _within(self, node: ast.AST, *, calculating: bool) -> ast.AST:
        before, self._calculating = self._calculating, calculating
        self.generic_visit(node)
        self._calculating = before
        return node

    def _path(self, node: ast.AST) -> ast.AST:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            raise BadExpression("attributes are of a sample's attributes only")
        path = (node.id, *reversed(parts))
        place = self.names.setdefault(path, len(self.names))
        self.numeric[path] = self.numeric.get(path, True) and self._calculating
        return ast.Name(f"v{place}", ast.Load())


def _parsed(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(f"{text!r:.200} is no expression: {error}") from error


def _check(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        allowed = isinstance(node, ALLOWED) and not isinstance(node, NOT_ALLOWED)
        if not allowed or (isinstance(node, ast.Constant) and type(node.value) not in CONSTANTS):
            raise BadExpression(f"{type(node).__name__} is not allowed in an expression")


def _number(value: Any) -> Any:
    """A text that is a number, as that number; everything else as it is."""
    if isinstance(value, str):
        try:
            return int(value) if value.strip().lstrip("+-").isdigit() else float(value)
        except ValueError:
            return value
    return value


def found_in(attributes: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What stands at the path within nested objects; MISSING where there is nothing."""
    value: Any = attributes
    for part in path:
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    return value
