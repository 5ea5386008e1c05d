"""Sets of selectors: a slow reference for all that may be asked, and what it takes to answer."""

from datetime import timedelta
from math import inf, nan
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters import queries
from meters.models import StoredSample
from meters.queries import Selector
from meters.samples import Sample
from meters.windows import Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or, Value, both, leaves
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.meters.storage import windowed

pytestmark = pytest.mark.django_db

FIRST, SECOND = (Caller(user="u", project=project) for project in ("p1", "p2"))
AWKWARD = "it's {\"\\,}%s"
NAMES: dict[str, tuple[Value, ...]] = {
    "meter": ("cpu_util", "memory"),
    "resource": ("a", "B", AWKWARD),
    "project": ("p1", "p2", None),
    "user": ("u1", None, ""),
    "source": ("s", None),
    "unit": ("B", None),
}
VALUES: tuple[Value, ...] = (
    1, 1.0, "1", True, False, 0, None, 1.5, 0.1, 10**19 + 1, 1e19, "x", "", "null", "[1]", AWKWARD,
)  # fmt: skip
PATHS = (("a",), ("s", 'q"\\'), ("a", "b"))
METADATA: list[dict[str, Any]] = [
    {},
    {"a": [1]},
    {"a": {"b": 1}},
    *({"a": value} for value in VALUES),
    *({"a": "x", "s": {'q"\\': value}} for value in VALUES),
]
IDS = [UUID(int=n) for n in range(40)]
SAMPLES = st.lists(
    st.builds(
        lambda volume, second, **named: make_sample(
            volume, MOMENT + timedelta(seconds=second, microseconds=second % 7), **named
        ),
        st.none() | st.integers(-(2**20), 2**20).map(lambda n: n / 8),
        st.integers(-200, 200) | st.integers(0, 9),
        metadata=st.sampled_from(METADATA),
        message_id=st.sampled_from(IDS),
        **{name: st.sampled_from(values) for name, values in NAMES.items()},
    ),
    max_size=25,
    unique_by=lambda sample: sample.message_id,
)
FIELDS = st.sampled_from(tuple(NAMES))
TEXTS = st.sampled_from(("a", AWKWARD, "p1", "u1", "", "s", "cpu_util", "nowhere"))
EQUAL = st.builds(
    Compare, st.just("metadata"), st.just("="), st.sampled_from(VALUES), st.sampled_from(PATHS[:2])
)
LEAVES = st.one_of(
    FIELDS.flatmap(lambda field: st.builds(Compare, st.just(field), st.just("="), named(field))),
    st.builds(Compare, FIELDS, st.sampled_from(("=", "!=", "<", ">=")), TEXTS | st.none()),
    st.builds(Compare, FIELDS, st.just("in"), st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(
        Compare,
        st.just("metadata"),
        st.sampled_from(("=", "=", "=", "!=", "<")),
        st.sampled_from(VALUES),
        st.sampled_from(PATHS),
    ),
    st.builds(
        Compare,
        st.just("metadata"),
        st.just("in"),
        st.lists(st.sampled_from(VALUES), max_size=3).map(tuple),
        st.sampled_from(PATHS),
    ),
    st.builds(
        Compare, st.just("message_id"), st.sampled_from(("=", "<")), st.sampled_from(IDS).map(str)
    ),
)


def named(field: str) -> st.SearchStrategy[Value]:
    return st.sampled_from(NAMES[field])


def conjunctions(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(parts, max_size=3).map(tuple).map(And)


WHERE: st.SearchStrategy[Node] = (
    EQUAL
    | conjunctions(LEAVES)
    | st.recursive(
        LEAVES,
        lambda parts: st.one_of(
            conjunctions(parts),
            st.lists(parts, max_size=3).map(tuple).map(Or),
            st.builds(Not, parts),
        ),
        max_leaves=5,
    )
)
SELECTORS = st.tuples(WHERE, st.sampled_from((ADMIN, ADMIN, FIRST, SECOND))).filter(
    lambda selector: (
        selector[1] is ADMIN or "project" not in {leaf.field for leaf in leaves(selector[0])}
    )
)
MOMENTS = st.integers(-210, 210).map(lambda second: MOMENT + timedelta(seconds=second))
STRETCHES = st.tuples(
    MOMENTS, st.integers(0, 300), st.sampled_from((1, 7, 60, 100)), st.just(EPOCH) | MOMENTS
).map(lambda t: Stretch(t[0], t[0] + timedelta(seconds=t[1]), t[2], t[3]))
MINUTES = Stretch(MOMENT, MOMENT + timedelta(minutes=4), 60, MOMENT)
REPEATED = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def seen(selector: Selector) -> Node:
    """What its caller sees of it."""
    where, caller = selector
    own = caller.confined_to
    return where if own is None else both(where, Compare("project", "=", own))


def rounded(found: list[Summary]) -> list[tuple[Any, ...]]:
    """All exact but the squares."""
    return [
        (*one._replace(squares=0.0), pytest.approx(one.squares, rel=1e-9, abs=1e-6))
        for one in found
    ]


@REPEATED
@given(SAMPLES, st.lists(SELECTORS, min_size=1, max_size=8), STRETCHES, st.booleans())
def test_it_equals_the_slow_reference(
    samples: list[Sample], selectors: list[Selector], stretch: Stretch, by_resource: bool
) -> None:
    StoredSample.objects.all().delete()
    keep(samples)
    found = queries.summaries(selectors, stretch, by_resource=by_resource)
    listed = queries.points(selectors, stretch.start, stretch.end)
    for selector, some, each in zip(selectors, found, listed, strict=True):
        where = seen(selector)
        expected = windowed.summaries(samples, where, stretch, by_resource=by_resource)
        assert rounded(some) == rounded(expected)
        assert each == windowed.points(samples, where, stretch.start, stretch.end)


@pytest.mark.parametrize("alone", [True, False])
def test_a_value_of_metadata_finds_itself_and_no_other_type(alone: bool) -> None:
    """Also where it is asked for beside something that goes another way into the statement."""
    keep([make_sample(n, metadata=body, resource=f"{n}") for n, body in enumerate(METADATA)])
    wheres: list[Node] = [Compare("metadata", "=", value, PATHS[0]) for value in VALUES]
    if not alone:
        wheres = [And((where, Not(Compare("user", "=", "x")))) for where in wheres]
    found = queries.points([(where, ADMIN) for where in wheres], MINUTES.start, MINUTES.end)
    for value, some in zip(VALUES, found, strict=True):
        held = [METADATA[int(one.volume)]["a"] for one in some]
        assert held
        assert {(type(one), one) for one in held} == {(type(value), value)}


def test_two_values_of_one_field_or_path_are_never_there() -> None:
    keep([make_sample(metadata={"a": 1})])
    wheres = [
        And((Compare(field, "=", one, path), Compare(field, "=", other, path)))
        for field, path, one, other in (
            ("resource", (), "vm-1", "vm-2"),
            ("resource", (), "vm-2", "vm-1"),
            ("metadata", ("a",), 1, 1.0),
            ("metadata", ("a",), True, 1),
            ("metadata", ("a",), 1, 1),
        )
    ]
    found = queries.points([(where, ADMIN) for where in wheres], MINUTES.start, MINUTES.end)
    assert [len(some) for some in found] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("value", [nan, inf, "\0", "\ud800", 10**400, -(10**400), MOMENT])
def test_what_no_sample_can_hold_is_never_there(value: Value) -> None:
    keep([make_sample()])
    fields = ("resource", "message_id", "meter")
    wheres: list[Node] = [Compare(field, "=", value) for field in fields]
    wheres += [Compare(field, "in", (value, "x")) for field in fields]
    wheres += [Compare("metadata", op, value, ("a",)) for op in ("=", "<")]
    wheres += [Compare("metadata", "=", 1, (key,)) for key in ("\0", "\ud800", "")]
    asked = [(where, ADMIN) for where in [*wheres, And()]]
    found = queries.points(asked, MINUTES.start, MINUTES.end)
    assert [len(some) for some in found] == [0] * len(wheres) + [1]


def test_it_compares_what_stands_in_the_sample_itself() -> None:
    keep([make_sample(n, MOMENT + timedelta(seconds=n)) for n in range(3)])
    wheres: list[Node] = [
        Compare("volume", "<", inf),
        Compare("volume", ">", 0.5),
        Compare("volume", "in", (0, 2.0)),
        Compare("timestamp", "<=", MOMENT + timedelta(seconds=1)),
        Not(Compare("timestamp", "=", MOMENT)),
    ]
    found = queries.points([(where, ADMIN) for where in wheres], MINUTES.start, MINUTES.end)
    volumes = [[one.volume for one in some] for some in found]
    assert volumes == [[0, 1, 2], [1, 2], [0, 2], [0, 1], [1, 2]]
