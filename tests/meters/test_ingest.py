"""What a posted list leaves in the store, and how many statements it takes."""

import json
from typing import Any
from unittest.mock import ANY

import pytest

from meters import queries
from meters.ingest import from_messages
from meters.models import StoredSample
from meters.selection import SampleQuery
from telemetry_site.core.errors import BadRequest, Forbidden
from telemetry_site.core.identity.caller import ADMIN, Caller
from tests.meters.posted.entries import NOW, body, entry
from tests.statements import sent

MEMBER = Caller(user="u1", project="p1", roles=frozenset({"member"}))


def post(posted: bytes, caller: Caller = ADMIN, **named: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(from_messages(posted, "ap", caller, NOW, **named))
    return found


def thousand() -> bytes:
    """A sample each of a thousand resources, ten kinds of metadata, one day."""
    return body(
        *(
            entry(
                resource_id=f"r{number}",
                timestamp=f"2026-03-01T10:{number // 60 % 60:02}:{number % 60:02}",
                resource_metadata={"display_name": f"vm-{number % 10}"},
            )
            for number in range(1000)
        )
    )


@pytest.mark.django_db
def test_it_stores_what_it_answers() -> None:
    answer = post(body(entry(timestamp="2026-03-01T12:00:00+02:00")), MEMBER)
    (sample,) = queries.samples(SampleQuery(), MEMBER)
    assert str(sample.message_id) == answer[0]["message_id"]
    assert sample.timestamp.isoformat() == "2026-03-01T10:00:00+00:00"
    assert (sample.project, sample.user, sample.source) == ("p1", "u1", "p1:openstack")


@pytest.mark.django_db
def test_it_stores_all_or_nothing() -> None:
    with pytest.raises(BadRequest):
        post(body(*[entry()] * 10, entry(counter_type="bad")))
    assert StoredSample.objects.count() == 0


@pytest.mark.django_db
def test_a_member_posts_to_its_own_project_only() -> None:
    assert post(body(entry(project_id="p1")), MEMBER) == [ANY]
    with pytest.raises(BadRequest, match="can not post samples to other projects"):
        post(body(entry(project_id="p2")), MEMBER)
    with pytest.raises(Forbidden):
        post(body(entry()), Caller(user="u1", project=None))


@pytest.mark.django_db
def test_it_keeps_values_whose_keys_are_in_each_others_way() -> None:
    flat = {"a": "1", "a.b": "2", "c.d": "3", "c.d.e": "4"}
    post(body(entry(resource_metadata=flat)))
    (sample,) = queries.samples(SampleQuery(), ADMIN)
    assert json.loads(sample.metadata) == {"a": "1", "a.b": "2", "c": {"d": "3", "d.e": "4"}}


@pytest.mark.django_db(transaction=True)
def test_a_thousand_samples_take_few_statements() -> None:
    posted = thousand()
    with sent() as cold:
        post(posted)
    with sent() as warm:
        post(posted)
    with sent() as keyed:
        post(posted, idempotency_key="k", path="/v2/meters/ap")
    assert StoredSample.objects.count() == 3000
    assert (len(cold) <= 8, len(warm) <= 4, len(keyed) <= 4) == (True,) * 3, (cold, warm, keyed)
