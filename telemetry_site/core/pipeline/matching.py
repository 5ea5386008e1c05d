"""Which names a source takes: wildcards, and exclusions that begin with an exclamation mark."""

from collections.abc import Sequence
from fnmatch import fnmatchcase


def takes(rules: Sequence[str], name: str) -> bool:
    """Whether the rules take the name: exclusions first; exclusions alone take all the rest.

    >>> takes(("*", "!cpu"), "cpu"), takes(("!cpu",), "memory"), takes(("disk.*",), "disk.read")
    (False, True, True)
    """
    excluded = [rule[1:] for rule in rules if rule.startswith("!")]
    included = [rule for rule in rules if not rule.startswith("!")]
    if any(fnmatchcase(name, rule) for rule in excluded):
        return False
    return not included or any(fnmatchcase(name, rule) for rule in included)


def flaw(rules: Sequence[str], what: str) -> str:
    """What is wrong with the rules of a list called `what`, as a sentence; empty if nothing is."""
    included = [rule for rule in rules if not rule.startswith("!")]
    if not rules:
        return f"{what} must name at least one"
    if "*" in included and len(included) > 1:
        return f"{what} has * and names; * alone takes them all"
    if included and included != ["*"] and len(included) < len(rules):
        return f"{what} mixes names with exclusions; use * with exclusions"
    return ""
