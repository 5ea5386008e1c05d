"""What is exported and imported is what was stored, to the last bit."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters import queries
from meters.cli.entries import MOVED, Sampler
from meters.cli.moving import FORMS, Form, export, form_of, reader_of
from meters.cli.sending import Sent, send
from meters.pipelines import publish
from meters.samples import Sample, encode_metadata
from meters.selection import SampleQuery
from meters.storage import names
from telemetry_site.core import clock
from telemetry_site.core.clock import from_microseconds
from telemetry_site.core.identity.caller import ADMIN
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
HARD_TEXTS = (
    "",
    "\\",
    "\\\\",
    "\\N",
    'a"b',
    ",",
    "\r",
    "\n",
    "a\r\nb",
    "null",
    " x ",
    "=1",
    "\\u0000",
)
TEXTS = st.sampled_from(HARD_TEXTS) | st.text(LETTERS, max_size=20)
FLOATS = st.floats(-1e100, 1e100)
VOLUMES = st.sampled_from((5e-324, 1e100, -0.0, 0.1 + 0.2, 1e16, 3.0)) | FLOATS
# One of the stores has no negative zero in metadata.
NUMBERS = st.integers(-(10**30), 10**30) | FLOATS.map(lambda number: number + 0.0)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
TIMES = st.integers(0, 60 * 365 * 86_400 * 1_000_000).map(from_microseconds)
SAMPLES = st.builds(
    Sample,
    meter=TEXTS,
    type=st.sampled_from(("gauge", "delta", "cumulative")),
    unit=st.none() | TEXTS,
    volume=VOLUMES,
    resource=TEXTS,
    project=st.none() | TEXTS,
    user=st.none() | TEXTS,
    source=st.none() | TEXTS,
    timestamp=TIMES,
    message_id=st.uuids(),
    metadata=st.dictionaries(TEXTS, VALUES, max_size=4).map(encode_metadata),
    recorded_at=st.none() | TIMES,
)


def stored() -> list[Sample]:
    return list(queries.samples(SampleQuery(), ADMIN))


def told(samples: list[Sample]) -> list[str]:
    """Everything but when they were recorded; repr tells -0.0 from 0.0, which SQLite does not."""
    zero = 0.0 if connection.vendor == "sqlite" else -0.0
    return sorted(
        repr(
            (
                *(each.meter, each.type, each.unit, each.resource, each.project, each.user),
                *(each.source, each.timestamp, each.message_id, each.metadata),
                (each.volume or 0.0) + zero,
            )
        )
        for each in samples
    )


def wipe() -> None:
    with connection.cursor() as cursor:
        for table in ("sample", "meters_series", "meters_metadatasnapshot"):
            cursor.execute(f"DELETE FROM {table}")
    names.forget()


def exported(form: Form) -> bytes:
    out = BytesIO()
    export(queries.samples(SampleQuery(), ADMIN), form, out, lambda _: None)
    return out.getvalue()


def imported(content: bytes, form: Form, at_once: int = 5000) -> Sent:
    reader = reader_of(form, Sampler(MOVED, clock.now()))
    return send(reader.samples(BytesIO(content)), lambda _: None, at_once)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(samples=st.lists(SAMPLES, max_size=8, unique_by=lambda each: each.message_id))
@pytest.mark.parametrize("form", FORMS)
def test_it_brings_back_the_same_samples(form: Form, samples: list[Sample]) -> None:
    wipe()
    publish(samples)
    before, content = stored(), exported(form)
    assert told(before) == told(samples)
    wipe()
    assert imported(content, form).stored == len(samples)
    assert repr(stored()) == repr(before)
    assert exported(form) == content
    assert imported(content, form).known == len(samples)


def test_a_line_holds_all_that_is_stored() -> None:
    sample = make_sample(
        1e16,
        MOMENT + timedelta(microseconds=1),
        {"size": 5, "tags": ["a", None], "at": {"lat": 1.0}},
        UUID(int=7),
        unit=None,
        user="",
        recorded_at=MOMENT,
    )
    out = BytesIO()
    assert export([sample], "jsonl", out, lambda _: None) == 1
    assert out.getvalue() == (
        b'{"source":"openstack","counter_name":"cpu_util","counter_type":"gauge",'
        b'"counter_unit":null,"counter_volume":1e16,"user_id":"","project_id":"p1",'
        b'"resource_id":"vm-1","timestamp":"2026-03-01T12:00:00.000001",'
        b'"recorded_at":"2026-03-01T12:00:00",'
        b'"resource_metadata":{"at":{"lat":1.0},"size":5,"tags":["a",null]},'
        b'"message_id":"00000000-0000-0000-0000-000000000007"}\n'
    )
    out = BytesIO()
    export([sample], "csv", out, lambda _: None)
    assert out.getvalue() == (
        b"source,counter_name,counter_type,counter_unit,counter_volume,user_id,project_id,"
        b"resource_id,timestamp,recorded_at,resource_metadata,message_id\r\n"
        b"openstack,cpu_util,gauge,,1e+16,\\,p1,vm-1,2026-03-01T12:00:00.000001,"
        b'2026-03-01T12:00:00,"{""at"":{""lat"":1.0},""size"":5,""tags"":[""a"",null]}",'
        b"00000000-0000-0000-0000-000000000007\r\n"
    )


def test_it_writes_as_the_samples_come_and_says_how_many() -> None:
    out, seen = BytesIO(), list[int]()

    def samples() -> Iterator[Sample]:
        for number in range(2500):
            assert (number < 2000) or out.getvalue().count(b"\n") == 2000
            yield make_sample(number)

    assert export(samples(), "jsonl", out, seen.append) == 2500
    assert seen == [1000, 2000, 2500]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_between_two_pages() -> None:
    moments = (MOMENT + timedelta(seconds=n) for n in range(20_001))
    publish([make_sample(1, moment) for moment in moments])
    samples = queries.samples(SampleQuery(), ADMIN)
    taken = 0
    while some := len(list(islice(samples, 5000))):
        taken += some
        assert not _inside_a_transaction()
    assert taken == 20_001


def _inside_a_transaction() -> bool:
    raw: Any = connection.connection
    if connection.vendor == "postgresql":
        return bool(raw.info.transaction_status)  # 0 is idle
    return bool(raw.in_transaction)


class Broken(Exception):
    """The stream ends where nobody meant it to."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("with_ids", [True, False])
def test_an_import_that_broke_off_is_completed_by_another(form: Form, with_ids: bool) -> None:
    publish([make_sample(n % 3, MOMENT + timedelta(seconds=n // 2)) for n in range(50)])
    content = exported(form) if with_ids else without_ids(form)
    lines = content.splitlines(keepends=True)
    wipe()

    def breaking() -> Iterator[bytes]:
        yield from lines[:35]
        raise Broken

    reader = reader_of(form, Sampler(MOVED, clock.now()))
    with pytest.raises(Broken):
        send(reader.samples(breaking()), lambda _: None, at_once=10)
    assert len(stored()) == 30
    assert imported(content, form, 7) == Sent(stored=20, known=30, line=len(lines))
    assert imported(content, form, 11).stored == 0
    assert len({each.message_id for each in stored()}) == len(stored()) == 50


def without_ids(form: Form) -> bytes:
    """Fifty samples as people write them, some of them equal."""
    if form == "jsonl":
        row = b'{"counter_name":"m","counter_type":"gauge","counter_unit":"C","counter_volume":%d,'
        row += b'"resource_id":"r","timestamp":"2026-03-01T12:00:00"}\n'
        return b"".join(row % (n % 7) for n in range(50))
    header = b"counter_name,counter_type,counter_unit,counter_volume,resource_id,timestamp\n"
    return header + b"".join(b"m,gauge,C,%d,r,2026-03-01\n" % (n % 7) for n in range(50))


@pytest.mark.parametrize(
    ("file", "given", "form"),
    [
        ("a.csv", None, "csv"),
        ("A.CSV", None, "csv"),
        ("a.jsonl", None, "jsonl"),
        ("a.txt", None, "jsonl"),
        ("-", None, "jsonl"),
        (None, None, "jsonl"),
        ("a.csv", "jsonl", "jsonl"),
    ],
)
def test_the_form_is_named_or_told_by_the_ending(
    file: str | None, given: str | None, form: Form
) -> None:
    assert form_of(file, given) == form
