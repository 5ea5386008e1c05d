"""The language of policy rules."""

import pytest

from telemetry_site.core.identity.rules import Facts, always, never, parse

RULES = {"owner": parse("role:owner"), "loop": parse("rule:loop"), "yes": always}


@pytest.mark.parametrize(
    ("text", "roles", "holds"),
    [
        ("", [], True),
        ("@", [], True),
        ("!", ["admin"], False),
        ("role:admin", ["Admin"], True),
        ("role:admin", [" admin"], False),
        ("role:admin", [], False),
        ("rule:owner", ["owner"], True),
        ("rule:owner", ["admin"], False),
        ("rule:missing", ["admin"], False),
        ("rule:loop", ["admin"], False),
        ("not role:a", ["a"], False),
        ("not not role:a", ["a"], True),
        ("role:a or role:b and role:c", ["a"], True),
        ("(role:a or role:b) and role:c", ["a"], False),
        ("(role:a or role:b) and not (role:c)", ["b"], True),
        ("role:a AND role:b OR role:c", ["c"], True),
    ],
)
def test_it_judges(text: str, roles: list[str], holds: bool) -> None:
    assert parse(text)(Facts(roles, RULES)) is holds


@pytest.mark.parametrize(
    "text", ["and", "role:a or", "(role:a", "role:a role:b", "role:", "user:x", "not", ")"]
)
def test_it_refuses_what_makes_no_sense(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_it_falls_back_on_the_default() -> None:
    assert Facts([], {"default": always}).holds("missing")
    assert not Facts([], {"default": never}).holds("missing")
