"""Whose an alarm becomes, by who makes or changes it."""

import pytest

from alarms.ownership import Owners, confined_to, of_changed, of_new
from telemetry_site.core.errors import Forbidden, NotAuthorized
from telemetry_site.core.identity.caller import Caller

ADMIN = Caller("root", "admin", frozenset({"admin"}))
MEMBER = Caller("u1", "p1", frozenset({"member"}))
UNNAMED = Caller(None, None, may_lack_project=True)  # without any identity, where that is allowed
LOST = Caller("u1", None)
STORED = Owners("u1", "p1")


@pytest.mark.parametrize(
    ("caller", "wanted", "owners"),
    [
        (MEMBER, Owners(), ("u1", "p1")),
        (MEMBER, Owners("u1", "p1"), ("u1", "p1")),
        (MEMBER, Owners(project="p1"), ("u1", "p1")),
        (ADMIN, Owners(), ("root", "admin")),
        (ADMIN, Owners("u1", "p1"), ("u1", "p1")),
        (ADMIN, Owners(project="p1"), ("root", "p1")),
        (ADMIN, Owners(user="u1"), ("u1", "admin")),
        (UNNAMED, Owners(), (None, None)),
        (UNNAMED, Owners("u1", "p1"), ("u1", "p1")),
    ],
)
def test_it_is_the_callers_unless_an_admin_says_otherwise(
    caller: Caller, wanted: Owners, owners: tuple[str | None, str | None]
) -> None:
    assert of_new(wanted, caller) == owners


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (Owners(project="p2"), "Not Authorized to access project p2"),
        (Owners(user="u2"), "Not Authorized to access user u2"),
        (Owners("u2", "p2"), "Not Authorized to access user u2"),
        (Owners("", ""), "Not Authorized to access user "),
    ],
)
def test_a_member_makes_none_for_somebody_else(wanted: Owners, text: str) -> None:
    with pytest.raises(NotAuthorized) as caught:
        of_new(wanted, MEMBER)
    assert str(caught.value) == text


def test_a_caller_without_the_project_it_needs_makes_none() -> None:
    with pytest.raises(Forbidden):
        of_new(Owners(), LOST)


@pytest.mark.parametrize(
    ("caller", "wanted", "owners"),
    [
        (MEMBER, Owners("u9", "p9"), ("u1", "p1")),
        (Caller("u3", "p1"), Owners("u1", "p1"), ("u3", "p1")),
        (ADMIN, Owners(), ("u1", "p1")),
        (ADMIN, Owners("u9", "p9"), ("u9", "p9")),
        (ADMIN, Owners(project="p9"), ("u1", "p9")),
    ],
)
def test_whoever_changes_it_takes_it_over_unless_it_is_an_admin(
    caller: Caller, wanted: Owners, owners: tuple[str, str]
) -> None:
    assert of_changed(wanted, STORED, caller) == owners


@pytest.mark.parametrize(
    ("caller", "project", "expected"),
    [
        (MEMBER, "p1", "p1"),
        (ADMIN, "p1", "p1"),
        (ADMIN, "admin", None),
        (UNNAMED, None, None),
        (UNNAMED, "p1", "p1"),
    ],
)
def test_it_knows_of_its_project_or_as_an_admins_own_of_the_cloud(
    caller: Caller, project: str | None, expected: str | None
) -> None:
    assert confined_to(project, caller) == expected
