"""The pages of events and of the status in a real browser."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from events.records import Event
from events.storage.writing import prepare, record
from meters.pipelines import publish
from telemetry_site.core import clock
from telemetry_site.core.messaging.models import QueueStanding
from telemetry_site.core.transactions import in_transaction
from tests.events.made import MOMENT, make_event
from tests.factories import make_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/metering/events/"
STATUS = "/metering/status/"
HOUR = timedelta(hours=1)
LONG = "b6b2d5d2c3a44b0c8d7f4a1f0e9d8c7b6a5948372615049382716f5e4d3c2b1a"
BRIGHTNESS = """
() => {
  const { color, backgroundColor } = getComputedStyle(document.body);
  return [color, backgroundColor].map((one) => Number(one.match(/\\d+/)[0]));
}
"""
NAMES = ("volume.create.end", "volume.resize.end", "volume.delete.end")


def told() -> list[Event]:
    """Sixty events an hour apart of three types in turn; the last is of the time 60 h later."""
    return [
        make_event(
            number,
            NAMES[number % 3],
            MOMENT + number * HOUR,
            {"payload": {"long": LONG * 3}} if number == 60 else None,
            project_id=f"p{1 + number % 2}",
            resource_id="vm-1" if number % 10 == 0 else f"v-{number}-{LONG}",
            size=number,
        )
        for number in range(1, 61)
    ]


@pytest.fixture(autouse=True)
def _events(transactional_db: None) -> None:
    events = told()
    prepare(events)
    in_transaction(lambda: record(events))
    publish([make_sample(1, MOMENT, resource="vm-1")])


@pytest.fixture
def queues(settings: LazySettings) -> None:
    """A bus with a queue that is read, one that cannot be, and others nobody has looked for."""
    url = f"amqp://nova:hidden@{LONG}.example:5672/"
    settings.TELEMETRY = {**settings.TELEMETRY, "NOTIFICATION_URLS": (url,)}
    now = clock.now()
    for queue, state, problem in (
        ("notifications.info", "consuming", ""),
        ("notifications.error", "away", f"{LONG}.example does not answer"),
    ):
        QueueStanding.objects.create(
            bus=f"{LONG}.example:5672/", queue=queue, state=state, problem=problem,
            waiting=1_234, received=7_654_321, seen_at=now, began_at=now,
        )  # fmt: skip


def numbers(page: Page) -> list[int]:
    """The numbers of the events that the list shows, once it is there whole."""
    page.wait_for_load_state()
    links = page.locator("tbody th a").all()
    return [UUID(str(link.get_attribute("href")).split("/")[-2]).int for link in links]


def params(page: Page) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def ask(page: Page, **fields: str) -> None:
    page.goto(LIST)
    for label, text in fields.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Filter").click()


def test_it_lists_the_newest_first_a_page_at_a_time(page: Page) -> None:
    page.goto("/metering/")
    page.get_by_role("link", name="Events", exact=True).click()
    assert numbers(page) == list(range(60, 10, -1))
    page.get_by_role("link", name="Older").click()
    assert numbers(page) == list(range(10, 0, -1))
    page.get_by_role("link", name="Newest").click()
    assert numbers(page)[0] == 60


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"Type": "volume.resize.end", "Since": "2026-03-06 12:00"}, [58, 55]),
        ({"Until": "2026-03-04 08:06:07"}, [3, 2, 1]),
        ({"Project": "p2", "Until": "2026-03-04 09:06:07"}, [3, 1]),
        ({"Traits": "size>integer::57"}, [60, 59, 58]),
        ({"Resource": "vm-1"}, [60, 50, 40, 30, 20, 10]),
    ],
)
def test_it_filters(page: Page, fields: dict[str, str], found: list[int]) -> None:
    ask(page, **fields)
    assert numbers(page) == found
    assert params(page) == {label.lower(): text for label, text in fields.items()}
    page.get_by_role("link", name="Clear").click()
    assert len(numbers(page)) == 50


def test_it_says_what_it_cannot_take_and_what_there_is_not(page: Page) -> None:
    ask(page, Traits="size>integer::many")
    expect(page.get_by_text("Unable to convert the value many")).to_be_visible()
    ask(page, Type="volume.melted")
    expect(page.get_by_role("heading", name="No event matches")).to_be_visible()
    page.get_by_role("link", name="Show all events").click()
    assert len(numbers(page)) == 50


def test_it_shows_an_event_and_all_of_its_resource(page: Page) -> None:
    page.goto(LIST)
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="volume.create.end")).to_be_visible()
    row = page.get_by_role("row", name="size integer 60")
    expect(row).to_be_visible()
    page.get_by_text("The whole notification").click()
    expect(page.locator("pre")).to_contain_text(LONG)
    page.get_by_role("link", name="vm-1").click()
    assert numbers(page) == [60, 50, 40, 30, 20, 10]


def test_it_leads_from_a_resource_to_its_events(page: Page) -> None:
    page.goto("/metering/resources/vm-1/")
    page.get_by_role("link", name="What happened to it").click()
    assert params(page) == {"resource": "vm-1"}
    assert numbers(page) == [60, 50, 40, 30, 20, 10]


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize(
    "path",
    [LIST, f"{LIST}?traits=x", f"{LIST}{UUID(int=60)}/", f"{LIST}{UUID(int=59)}/", STATUS],
)
def test_it_fits_the_screen(page: Page, path: str, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    ink, ground = page.evaluate(BRIGHTNESS)
    assert (ink < ground) == (scheme == "light")


@pytest.mark.usefixtures("queues")
def test_it_shows_on_a_narrow_screen_how_queues_do(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(STATUS)
    card = page.get_by_role("region", name="Notifications").first
    assert card.evaluate("(card) => card.scrollWidth <= card.clientWidth")
    expect(page.get_by_role("row", name="notifications.info Read 1,234")).to_be_visible()
    row = page.get_by_role("row", name="notifications.warn Not read yet")
    expect(row).to_be_visible()
