"""The pages of alarms in a real browser."""

import math
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from alarms import definition, services, silences
from alarms.models import Alarm, AlarmChange
from meters.pipelines import publish
from telemetry_site.core import clock
from tests.alarms.owed import make_delivery
from tests.alarms.sent import ADMIN, body
from tests.factories import make_sample
from tests.members import have_projects

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/metering/alarms/"
NEW = "/metering/alarms/new/"
LONG = "b6b2d5d2c3a44b0c8d7f4a1f0e9d8c7b6a5948372615049382716f5e4d3c2b1a"
CHART = "() => document.querySelector('[data-chart]')?.uplot"
LINES = "() => document.querySelector('[data-chart]').uplot.data.map((values) => [...values])"
BRIGHTNESS = """
() => {
  const { color, backgroundColor } = getComputedStyle(document.body);
  return [color, backgroundColor].map((one) => Number(one.match(/\\d+/)[0]));
}
"""
INSIDE = """
() => [...document.querySelectorAll("main .card, main .scroll")]
  .filter((card) => card.scrollWidth > card.clientWidth + 1).map((card) => card.outerHTML)
"""


def made(name: str, owner: str = "p1", **named: Any) -> Alarm:
    read = definition.read(body(name=name, project_id=owner, user_id="u1", **named))
    return services.create(read, ADMIN, clock.now() - timedelta(days=2))


@pytest.fixture(autouse=True)
def _alarms(transactional_db: None) -> None:
    """A busy day, an alarm about it that has a past, others, and one of another project."""
    now = clock.now().replace(microsecond=0)
    publish(
        [
            make_sample(50 + 45 * math.sin(step / 20), now - timedelta(minutes=5 * step))
            for step in range(288)
        ]
    )
    rule = {
        "meter_name": "cpu_util", "threshold": 80, "comparison_operator": "gt", "period": 300,
        "evaluation_periods": 1,
    }  # fmt: skip
    busy = made(
        "busy", severity="critical", threshold_rule=rule,
        alarm_actions=[f"https://u:hidden@hooks.example/{LONG}?Signature=hidden"],
    )  # fmt: skip
    for number, state in enumerate(("ok", "alarm", "ok")):
        AlarmChange.objects.create(
            event_id=f"e{number}", alarm_id=busy.pk, type="state transition", severity="low",
            detail=f'{{"transition_reason": "because of {LONG}"}}', state=state,
            reason_data='{"most_recent": 91.5}', timestamp=now - timedelta(hours=9 - 3 * number),
            on_behalf_of="p1",
        )  # fmt: skip
    action = next(iter(busy.alarm_actions or ()))
    make_delivery(action, alarm_id=busy.pk, change="e1", status="failed")
    Alarm.objects.filter(pk=busy.pk).update(state="ok", state_timestamp=now)
    made(f"long {LONG}", event_rule={"event_type": "volume.*"})
    made("theirs", owner="p2")
    silences.create(ADMIN, now, now + timedelta(hours=2), f"moving {LONG}", name_pattern="b*")


@pytest.fixture
def tenant(
    visitor: Page, live_server: LiveServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> Page:
    """A page on which a member of p2 is signed in."""
    have_projects(monkeypatch)
    client.force_login(User.objects.create_user("u2@p2"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
    )
    return visitor


def names(page: Page) -> list[str]:
    page.wait_for_load_state()
    return [link.inner_text() for link in page.locator("tbody th a").all()]


def params(page: Page) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def open_busy(page: Page) -> None:
    page.goto(f"{LIST}?name=busy")
    page.get_by_role("link", name="busy").click()


def drawn(page: Page) -> list[list[Any]]:
    page.wait_for_function(CHART)
    found: list[list[Any]] = page.evaluate(LINES)
    return found


def test_it_leads_from_the_overview_to_alarms_of_a_state(page: Page) -> None:
    page.goto("/metering/")
    card = page.get_by_role("region", name="Alarms")
    card.get_by_role("link", name="1 in the state ok").click()
    assert (names(page), params(page)) == (["busy"], {"state": "ok"})
    page.get_by_role("link", name="3 in all").click()
    assert len(names(page)) == 3
    page.get_by_role("link", name="Alarm", exact=True).click()
    assert names(page)[0] == "busy"
    assert params(page) == {"sort": "name"}


def test_it_filters_by_a_choice_at_once(page: Page) -> None:
    page.goto(LIST)
    page.get_by_label("Silenced").select_option("Yes")
    expect(page.get_by_text("Silenced, ends in")).to_be_visible()
    assert (names(page), params(page)) == (["busy"], {"silenced": "yes"})
    page.get_by_role("link", name="Clear").click()
    assert len(names(page)) == 3


def test_it_draws_the_statistic_beside_the_threshold(page: Page) -> None:
    open_busy(page)
    times, values, level = drawn(page)
    assert (len(times), times[1] - times[0], set(level)) == (1441, 60, {80})
    found = [value for value in values if value is not None]
    assert len(found) > 1000
    assert min(found) < 10 < 90 < max(found)
    page.locator(".u-over").hover()
    expect(page.locator("[data-value]")).to_have_text(re.compile(r"^[\d.]+ %$"))
    assert "Signature" not in page.content()
    assert "u:hidden" not in page.content()


def test_it_shows_its_states_over_a_day_and_a_week(page: Page) -> None:
    open_busy(page)
    bar = page.locator("svg[role=img][aria-label*=alarm]")
    assert bar.locator("rect.bad").count() == 1
    page.get_by_role("link", name="Last Week").click()
    assert params(page) == {"days": "7"}
    expect(page.get_by_role("link", name="Last Week")).to_have_attribute("aria-current", "true")
    page.get_by_role("row", name="alarm because").get_by_text("Values").click()
    expect(page.locator("details[open] pre")).to_contain_text('"most_recent": 91.5')


def test_it_is_worked_with_by_keys_alone(page: Page) -> None:
    open_busy(page)
    page.get_by_label("New state").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The state is alarm now.")
    page.locator("summary", has_text="Silence").focus()
    page.keyboard.press("Enter")
    for text in ("", "", "by keys"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Its actions are not run until")
    page.get_by_role("button", name="Try https://hooks.example").first.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is tried again")


def test_it_makes_an_alarm_after_a_try(page: Page) -> None:
    page.goto("/metering/meters/cpu_util/")
    page.get_by_role("link", name="New alarm").click()
    expect(page.get_by_label("Meter")).to_have_value("cpu_util")
    page.get_by_label("Name", exact=True).first.fill("hot")
    page.get_by_label("Period in seconds").fill("300")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".field.wrong")).to_contain_text("This is needed.")
    page.get_by_label("Threshold").fill("90")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="How it would have behaved")).to_be_in_viewport()
    assert set(drawn(page)[2]) == {90}
    expect(page.get_by_text("changes of the state")).to_be_visible()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("hot")
    expect(page.get_by_text("The average of cpu_util is above 90 over 5 minutes")).to_be_visible()


def test_it_adds_rows_to_a_list(page: Page) -> None:
    page.goto(f"{NEW}?type=event")
    page.get_by_label("Name", exact=True).first.fill("big volumes")
    group = page.get_by_role("group", name="Only events with")
    group.get_by_label("Field").fill("traits.size")
    group.get_by_label("With").fill("5")
    group.get_by_role("button", name="Another row").click()
    expect(group.get_by_label("Field").nth(1)).to_be_focused()
    page.keyboard.type("traits.state")
    group.get_by_label("With").nth(1).fill("error")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("where traits.size is 5 and traits.state is error")).to_be_visible()


def test_it_deletes_after_a_question_and_remembers(page: Page) -> None:
    open_busy(page)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status")).to_contain_text("busy is deleted")
    page.get_by_role("link", name="History").click()
    page.get_by_role("row", name="busy deleted deletion").get_by_role("link").first.click()
    assert len(page.locator("tbody tr").all()) == 5


def test_a_tenant_sees_and_changes_only_its_own(tenant: Page) -> None:
    tenant.goto(LIST)
    assert names(tenant) == ["theirs"]
    expect(tenant.get_by_label("Project")).to_have_count(0)
    other = Alarm.objects.get(name="busy")
    tenant.goto(f"{LIST}history/")
    assert set(names(tenant)) == {"theirs"}
    tenant.goto(f"{NEW}?type=combination")
    expect(tenant.get_by_role("group", name="Alarms")).to_contain_text("theirs")
    assert "busy" not in tenant.content()
    assert tenant.request.get(f"{LIST}{other.pk}/").status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize(
    "path",
    ["", "?name=x", "history/", "silences/", "new/", "new/?type=threshold",
     "new/?type=composite", "new/?type=combination", "{}/", "{}/change/", "{}/delete/"],
)  # fmt: skip
def test_it_fits_the_screen(page: Page, path: str, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(LIST + path.format(Alarm.objects.get(name="busy").pk))
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert page.evaluate(INSIDE) == []
    ink, ground = page.evaluate(BRIGHTNESS)
    assert (ink < ground) == (scheme == "light")
