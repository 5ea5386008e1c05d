"""The language of policy rules: roles, other rules, and, or, not, parentheses."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Check: TypeAlias = Callable[["Facts"], bool]

WORD = re.compile(r"\s*([()]|[^\s()]+)")
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule is asked about: the roles of a caller, and the other rules by name."""

    roles: Collection[str]
    rules: Mapping[str, Check]
    depth: int = 0

    def holds(self, name: str) -> bool:
        """Whether the named rule holds; one that is not there is `default`, else false."""
        check = self.rules.get(name) or self.rules.get("default")
        if check is None or self.depth > DEEPEST:  # deeper than any sense: it names itself
            return False
        return check(Facts(self.roles, self.rules, self.depth + 1))


def always(facts: Facts) -> bool:
    """The rule "" or "@"."""
    return True


def never(facts: Facts) -> bool:
    """The rule "!"."""
    return False


def parse(text: str) -> Check:
    """The rule that the text writes. Raises ValueError.

    >>> rule = parse("role:auditor or (role:admin and not role:guest)")
    >>> rule(Facts(["Admin"], {})), rule(Facts(["admin", "guest"], {}))
    (True, False)
    """
    words = WORD.findall(text)
    if not words:
        return always
    check, rest = _any_of(words)
    if rest:
        raise ValueError(f"{text!r} makes no sense from {rest[0]!r} on")
    return check


def _any_of(words: list[str]) -> tuple[Check, list[str]]:
    left, words = _all_of(words)
    if not words or words[0].lower() != "or":
        return left, words
    right, words = _any_of(words[1:])
    return lambda facts: left(facts) or right(facts), words


def _all_of(words: list[str]) -> tuple[Check, list[str]]:
    left, words = _one(words)
    if not words or words[0].lower() != "and":
        return left, words
    right, words = _all_of(words[1:])
    return lambda facts: left(facts) and right(facts), words


def _one(words: list[str]) -> tuple[Check, list[str]]:
    if not words:
        raise ValueError("a rule ends where it should go on")
    word, rest = words[0], words[1:]
    if word.lower() == "not":
        check, rest = _one(rest)
        return lambda facts: not check(facts), rest
    if word == "(":
        check, rest = _any_of(rest)
        if rest[:1] != [")"]:
            raise ValueError("a parenthesis is not closed")
        return check, rest[1:]
    return _leaf(word), rest


def _leaf(word: str) -> Check:
    kind, _, name = word.partition(":")
    if word in ("@", "!"):
        return always if word == "@" else never
    if kind == "role" and name:
        return lambda facts: any(role.lower() == name.lower() for role in facts.roles)
    if kind == "rule" and name:
        return lambda facts: facts.holds(name)
    raise ValueError(f"{word!r} is no check: there are @, !, role:NAME and rule:NAME")
