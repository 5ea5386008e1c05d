"""The one place where callers are confined."""

import pytest

from meters.models import Series
from meters.pipelines import publish
from meters.queries import confined, series
from telemetry_site.core.errors import Forbidden, NotAuthorized
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.tree import EVERYTHING, And, Compare, Node, Not, Or
from tests.factories import make_sample

MEMBER = Caller(user="u1", project="p1")
OWN = Compare("project", "=", "p1")
FOREIGN = Compare("project", "=", "p2")
USER = Compare("user", "=", "u1")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (EVERYTHING, And((OWN,))),
        (USER, And((USER, OWN))),
        (OWN, OWN),
        (And((USER, OWN)), And((USER, OWN))),
        (Or((OWN, USER)), And((Or((OWN, USER)), OWN))),
        (Not(OWN), And((Not(OWN), OWN))),
    ],
)
def test_it_adds_the_own_project_once(where: Node, found: Node) -> None:
    assert confined(where, MEMBER) == found
    assert confined(found, MEMBER) == found


@pytest.mark.parametrize(
    "where",
    [
        FOREIGN,
        Not(FOREIGN),
        Or((USER, And((OWN, FOREIGN)))),
        Compare("project", "=", None),
        Compare("project", "in", ("p1",)),
    ],
)
def test_it_refuses_every_other_project(where: Node) -> None:
    with pytest.raises(NotAuthorized):
        confined(where, MEMBER)
    assert confined(where, ADMIN) == where


def test_it_refuses_who_is_confined_to_nothing() -> None:
    with pytest.raises(Forbidden):
        confined(EVERYTHING, Caller(user="u1", project=None))


@pytest.mark.django_db
def test_it_lists_the_series_of_the_project() -> None:
    publish([make_sample(), make_sample(project="p2"), make_sample(project=None)])
    assert {found.project for found in series(MEMBER)} == {"p1"}
    assert series(ADMIN).count() == Series.objects.count() == 3
