"""Arithmetic between paths, numbers and texts: `+ - * /`, parentheses, * and / before + and -.

Numbers go with numbers, `+` puts texts together; whatever else meets makes no match at all. Two
sides of several values go pair by pair when there are as many, and one constant with each.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias

from telemetry_site.core.definitions.matches import BadPath, Match

Source: TypeAlias = Callable[[Mapping[str, Any]], Sequence[Match]]

# What is passed over as a whole, an operator, or a character of a path. A minus may be part of
# a key, a star stands for all keys behind a dot and at the beginning.
TOKEN = re.compile(
    r"""(?P<whole>'[^']*'|"[^"]*"|`[^`]*`)|(?P<minus>(?<=\s)-(?=\s|[\w$"'(]))|(?P<op>[+/]|(?<!\.)\*)"""
    r"""|(?P<open>[(\[])|(?P<close>[)\]])|(?P<other>.)""",
    re.DOTALL,
)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
SUMS, PRODUCTS = ("+", "-"), ("*", "/")
LONGEST = 65_536  # characters of a text put together


class Constant:
    """A number or text that stands in the expression itself."""

    def __init__(self, value: Any) -> None:
        self.found = [Match(value)]

    def __call__(self, _: Mapping[str, Any]) -> Sequence[Match]:
        return self.found


def expression(text: str, path: Callable[[str], Source]) -> Source:
    """What the text says; `path` makes the parts that are paths. Raises BadPath."""
    for kinds in (SUMS, PRODUCTS):
        operands, signs = _cut(text, kinds)
        if signs:
            return _chain([expression(part, path) for part in operands], signs)
    text = text.strip()
    if not text:
        raise BadPath("a side of an operator is missing")
    if NUMBER.fullmatch(text):
        return Constant(float(text) if "." in text else int(text))
    if quoted := QUOTED.fullmatch(text):
        return Constant(quoted[1] if quoted[1] is not None else quoted[2])
    return expression(text[1:-1], path) if _is_group(text) else path(text)


def is_arithmetic(text: str) -> bool:
    """Whether there is an operator in it, outside of brackets or in a group."""
    if any(_cut(text, kinds)[1] for kinds in (SUMS, PRODUCTS)):
        return True
    return _is_group(text.strip()) and is_arithmetic(text.strip()[1:-1])


def _cut(text: str, kinds: Sequence[str]) -> tuple[list[str], list[str]]:
    """The parts between the operators of these kinds that stand in no bracket, and these."""
    operands, signs, depth, start = [], [], 0, 0
    for token in TOKEN.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if token.lastgroup not in ("op", "minus") or depth or token[0] not in kinds:
            continue
        if not text[start : token.start()].strip():
            continue  # a sign, or a star for all keys
        operands.append(text[start : token.start()])
        signs.append(token[0])
        start = token.end()
    return [*operands, text[start:]], signs


def _is_group(text: str) -> bool:
    """Whether the first parenthesis is closed by the last, and nothing is chosen between."""
    if not text.startswith("(") or not text.endswith(")"):
        return False
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth == 0:
            return token.end() == len(text)
    return False


def _chain(sources: Sequence[Source], signs: Sequence[str]) -> Source:
    first, *rest = sources
    pairs = list(zip(signs, rest, strict=True))

    def find(message: Mapping[str, Any]) -> Sequence[Match]:
        left, constant = first(message), isinstance(first, Constant)
        for sign, source in pairs:
            right, other = source(message), isinstance(source, Constant)
            left = _paired(sign, left, right, constant, other)
            constant = constant and other
        return left

    return find


def _paired(
    sign: str, left: Sequence[Match], right: Sequence[Match], left_is: bool, right_is: bool
) -> list[Match]:
    if left_is and not right_is:
        left = list(left) * len(right)
    elif right_is and not left_is:
        right = list(right) * len(left)
    if len(left) != len(right):
        return []
    found = [_applied(sign, one.value, two.value) for one, two in zip(left, right, strict=True)]
    return [] if None in found else [Match(value) for value in found]


def _applied(sign: str, left: Any, right: Any) -> Any:
    """The result, None for none."""
    if isinstance(left, str) and isinstance(right, str):
        short = len(left) + len(right) <= LONGEST
        return left + right if sign == "+" and short else None
    if not _is_number(left) or not _is_number(right):
        return None
    try:
        found = _calculated(sign, left, right)
    except (OverflowError, ZeroDivisionError):
        return None
    return found if isfinite(found) else None


def _calculated(sign: str, left: float, right: float) -> float:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    return left * right if sign == "*" else left / right


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
