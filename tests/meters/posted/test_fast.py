"""The fast reader: it says yes only to what the careful one reads to the same."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from meters.posted.messages import Terms
from tests.meters.posted.entries import body, carefully, entry, quickly, terms

TEXTS = st.one_of(st.text(max_size=4), st.sampled_from(["ap", "gauge", "p1", "\0", "\ud800", "1"]))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
TIMES = st.one_of(
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.sampled_from(["2013-08-01", "2013-08-01T10:11:00Z", "2013-08-01T24:00:00", "now", ""]),
    SCALARS,
)
VOLUMES = st.one_of(st.floats(), st.integers(), st.floats().map(str), SCALARS)
ENTRIES = st.fixed_dictionaries(
    {
        "counter_name": st.sampled_from(["ap", "ap", "ap", "bp", None]),
        "counter_type": st.sampled_from(["gauge", "delta", "cumulative", "rate", None]),
        "counter_unit": TEXTS | st.none(),
        "counter_volume": VOLUMES,
        "resource_id": TEXTS,
    },
    optional={
        "timestamp": TIMES,
        "recorded_at": TIMES,
        "project_id": TEXTS | SCALARS,
        "user_id": TEXTS | SCALARS,
        "source": TEXTS,
        "message_id": st.sampled_from([None, "", "m"]),
        "resource_metadata": st.dictionaries(TEXTS, TEXTS | st.none(), max_size=3) | ANYTHING,
        "other": SCALARS,
    },
)
LIMITS = st.sampled_from([terms(), terms(project="p1", confined_to="p1")])


@given(st.lists(ENTRIES, max_size=3), LIMITS, st.booleans())
def test_it_agrees_with_the_careful_reader(
    entries: list[dict[str, Any]], limits: Terms, ascii_only: bool
) -> None:
    text = json.dumps(entries, ensure_ascii=ascii_only)
    posted = text.encode("utf-8", "surrogatepass")
    quick = quickly(posted, limits)
    assert quick is None or quick == carefully(posted, limits)


@given(ANYTHING.map(lambda value: json.dumps(value).encode()) | st.binary(), LIMITS)
@example(b'[{"counter_name":"ap","counter_type":"gauge","counter_unit":"\\ud800\\u0041"}]', terms())
def test_it_and_the_careful_reader_refuse_junk_in_an_orderly_way(
    posted: bytes, limits: Terms
) -> None:
    assert quickly(posted, limits) is None
    assert carefully(posted, limits) is None


def test_it_says_yes_to_what_agents_send() -> None:
    usual = entry(
        counter_volume=0.5,
        timestamp="2026-03-01T12:00:00.000001",
        resource_metadata={"display_name": "vm", "nest.name": "é"},
        project_id="p1",
        user_id=None,
    )
    assert quickly(body(usual), terms()) == carefully(body(usual), terms())
    assert quickly(body(usual), terms()) is not None
