"""The web pages of metering, as an account sees them."""

import csv
import re
import shlex
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from meters.pipelines import publish
from telemetry_site.core import clock
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)

METERS = "/metering/meters/"
RESOURCES = "/metering/resources/"
CPU = "/metering/meters/cpu_util/"
DAY = {"start": "2026-03-01", "end": "2026-03-02", "period": "3600"}
WEIRD = "a/../b?c#d%20 <i>~"
PAGES = (METERS, RESOURCES, CPU, f"{CPU}all.csv", f"{CPU}shown.csv", "/metering/resources/vm-1/")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def text(client: Client, path: str, **params: str) -> str:
    answer = client.get(path, params)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def rows(client: Client, path: str, **params: str) -> list[list[str]]:
    answer = client.get(path, params)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    chunks: Iterable[bytes] = getattr(answer, "streaming_content", ())
    return list(csv.reader(b"".join(chunks).decode().splitlines()))


def publish_resources(count: int, *, meters: int = 1, at: datetime | None = None) -> None:
    moment = at or clock.now() - timedelta(minutes=5)
    publish(
        [
            make_sample(
                timestamp=moment,
                meter=f"meter-{meter}",
                resource=f"vm-{number:05}",
                project=f"p{number % 7}",
                metadata={"number": number % 7},
            )
            for number in range(count)
            for meter in range(meters)
        ]
    )


@pytest.mark.parametrize("page", PAGES)
def test_it_sends_a_visitor_to_the_login(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"/metering/login/?next={page}")


@pytest.mark.parametrize("page", PAGES)
def test_it_shows_a_stranger_nothing(client: Client, page: str) -> None:
    publish([make_sample()])
    client.force_login(User.objects.create_user("charlie"))
    answer = client.get(page)
    assert answer.status_code == 403
    assert "belongs to no project yet" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_it_only_reads(admin: Client, page: str) -> None:
    assert admin.post(page).status_code == 405


@pytest.mark.parametrize("page", [METERS, RESOURCES])
def test_it_says_how_to_begin_when_there_is_nothing(admin: Client, page: str) -> None:
    found = text(admin, page)
    assert "manage.py send_sample" in found
    assert "make demo" in found


def test_it_names_a_command_that_works(admin: Client) -> None:
    command = re.search(r"manage\.py (send_sample .*)</code>", text(admin, METERS))
    assert command
    call_command(*shlex.split(command[1]))
    (row,) = admin.get(METERS).context["page"]
    assert (row["meter"], row["unit"], row["resources"]) == ("temperature", "°C", 1)


def test_it_lists_each_meter_definition_once(admin: Client) -> None:
    publish([make_sample(), make_sample(resource="vm-2", project="p2"), make_sample(unit="1")])
    page = admin.get(METERS).context["page"]
    assert [(row["meter"], row["unit"], row["resources"], row["projects"]) for row in page] == [
        ("cpu_util", "%", 2, 2),
        ("cpu_util", "1", 1, 1),
    ]


def test_it_links_to_the_definition_where_a_name_has_several(admin: Client) -> None:
    publish([make_sample(), make_sample(unit="1"), make_sample(meter="memory")])
    found = text(admin, METERS)
    assert 'href="/metering/meters/cpu_util/?type=gauge&amp;unit=1"' in found
    assert 'href="/metering/meters/memory/"' in found


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", "meter-0"), ("-name", "meter-2"), ("-resources", "meter-1"), ("nonsense", "meter-0")],
)
def test_it_sorts_the_meters(admin: Client, sort: str, first: str) -> None:
    publish_resources(1, meters=3)
    publish([make_sample(meter="meter-1", resource="other")])
    assert admin.get(METERS, {"sort": sort}).context["page"][0]["meter"] == first


def test_it_keeps_filter_and_order_from_page_to_page(admin: Client) -> None:
    publish_resources(1, meters=60)
    found = text(admin, METERS, name="meter", sort="-name", page="2")
    assert 'href="?name=meter&amp;sort=-name&amp;page=1"' in found
    assert "51–60 of 60" in found


def test_it_says_that_nothing_matches(admin: Client) -> None:
    publish([make_sample()])
    assert "No meter matches" in text(admin, METERS, name="nope")
    assert "No resource matches" in text(admin, RESOURCES, meter="nope")


def test_it_says_what_it_cannot_filter_by(admin: Client) -> None:
    publish([make_sample()])
    assert "Select a valid choice" in text(admin, METERS, type="<b>")


def test_it_lists_resources_with_the_owner_of_their_last_sample(admin: Client) -> None:
    first = clock.now() - timedelta(hours=2)
    publish([make_sample(timestamp=first, project="old")])
    publish([make_sample(timestamp=first + timedelta(hours=1), project="new", meter="cpu")])
    (found,) = admin.get(RESOURCES).context["resources"]
    assert (found.resource, found.project, found.meters) == ("vm-1", "new", ("cpu_util", "cpu"))
    assert "1 h ago" in text(admin, RESOURCES)


@pytest.mark.parametrize("page", [METERS, RESOURCES])
def test_it_takes_as_many_statements_for_many_series_as_for_few(
    admin: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    publish_resources(300, meters=3)
    with django_assert_max_num_queries(10):
        text(admin, page)


def test_it_writes_what_is_drawn_as_csv(admin: Client) -> None:
    time = datetime.fromisoformat("2026-03-01T01:30Z")
    publish([make_sample(float(n), time, resource=f"vm-{n}") for n in range(9)])
    found = rows(admin, f"{CPU}shown.csv", **DAY, group="resource", aggregate="max")
    assert found[0] == ["start", "end", "meter", "type", "unit", "resource", "max"]
    assert [row[5] for row in found[1:]] == [f"vm-{n}" for n in range(1, 9)]
    assert found[1][:2] == ["2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z"]


def test_it_writes_every_group_and_aggregate_as_csv(admin: Client) -> None:
    time = datetime.fromisoformat("2026-03-01T01:30Z")
    publish([make_sample(float(n), time, resource=f"vm-{n}") for n in range(9)])
    found = rows(admin, f"{CPU}all.csv", **DAY, group="resource")
    assert (len(found), found[1][5:]) == (10, ["vm-0", "0.0", "0.0", "0.0", "0.0", "1"])


def test_it_links_to_the_csv_of_exactly_what_is_shown(admin: Client) -> None:
    publish([make_sample(2.0, clock.now() - timedelta(minutes=2))])
    context = admin.get(CPU, {"range": "1h", "group": "user"}).context
    head, row = rows(admin, f"{CPU}shown.csv", **context["csv"])
    assert (head[5:], row[5:]) == (["user", "avg"], ["u1", "2.0"])


def test_it_names_the_file_after_the_meter(admin: Client) -> None:
    publish([make_sample(meter='x"/é')])
    answer = admin.get(reverse("meters:meter-csv", args=['x"/é']))
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''x%22_%C3%A9.csv"


def test_it_shows_names_of_any_characters(admin: Client) -> None:
    publish([make_sample(meter=WEIRD, resource=WEIRD, timestamp=clock.now())])
    for listed in (METERS, RESOURCES):
        assert "&lt;i&gt;" in text(admin, listed)
    assert admin.get(reverse("meters:meter", args=[WEIRD])).context["meter"].name == WEIRD
    found = admin.get(reverse("meters:resource", args=[WEIRD])).context
    assert (found["resource"].resource, found["rows"][0].series.meter) == (WEIRD, WEIRD)


@pytest.mark.parametrize("path", ["/metering/meters/no/", "/metering/resources/no/"])
def test_it_knows_what_it_does_not_have(admin: Client, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 404
    assert "There is nothing of that name" in answer.content.decode()


def test_it_shows_a_resource_with_its_last_values(admin: Client) -> None:
    now = clock.now()
    before = now - timedelta(hours=1)
    publish(
        [
            make_sample(1.0, before, project="old"),
            make_sample(2.0, now, metadata={"flavor": {"name": "m1"}}),
            make_sample(2048.0, before, meter="memory", unit="MB"),
        ]
    )
    context = admin.get("/metering/resources/vm-1/").context
    assert (context["resource"].project, context["metadata"]) == ("p1", [("flavor.name", "m1")])
    assert [(row.series.meter, row.latest.volume) for row in context["rows"]] == [
        ("cpu_util", 2.0),
        ("memory", 2048.0),
    ]


def test_it_takes_a_fixed_number_of_statements_for_a_resource(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    publish([make_sample(meter=f"m{n}", timestamp=clock.now()) for n in range(80)])
    with django_assert_max_num_queries(12):
        text(admin, "/metering/resources/vm-1/")
