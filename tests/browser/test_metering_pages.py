"""The metering pages in a real browser."""

import csv
import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from meters.pipelines import publish
from telemetry_site.core import clock
from tests.factories import make_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/metering/meters/"
CPU = "/metering/meters/cpu_util/"
MANY_COLOURED = """
() => {
  const canvas = document.querySelector(".uplot canvas");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    const [red, green, blue, solid] = pixels.slice(i, i + 4);
    if (solid > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) count += 1;
  }
  return count;
}
"""
CHART = "() => document.querySelector('[data-chart]')?.uplot"
SERIES = "() => document.querySelector('[data-chart]').uplot.data.map((values) => [...values])"


@pytest.fixture(autouse=True)
def _a_day_of_two_projects(browser: Browser, transactional_db: None) -> None:
    now = clock.now().replace(microsecond=0)
    publish(
        [
            make_sample(
                50 + 40 * math.sin(step / 20),
                now - timedelta(minutes=10 * step),
                resource=f"vm-{number}",
                project=f"p{number}",
                metadata={"flavor": {"name": "m1.small"}, "host": "compute-7.example.org"},
            )
            for step in range(144)
            for number in (1, 2)
        ]
    )


def params(page: Page) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def drag(page: Page, start: float, end: float) -> None:
    """Drag over the chart, from and to a share of its width."""
    box = page.locator(".u-over").bounding_box()
    assert box
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, height, steps=4)
    page.mouse.move(box["x"] + box["width"] * end, height, steps=4)
    page.mouse.up()


def drawn(page: Page) -> list[list[Any]]:
    """The times of the chart, and the values of each line."""
    page.wait_for_function(CHART)
    found: list[list[Any]] = page.evaluate(SERIES)
    return found


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("User name").fill("bob")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def numbers(values: list[Any]) -> list[float]:
    return [value for value in values if value is not None]


def test_it_signs_in_and_out(visitor: Page) -> None:
    User.objects.create_superuser("bob", password="correct horse")
    visitor.goto(CPU)
    sign_in(visitor, "wrong")
    expect(visitor.get_by_role("alert")).to_contain_text("correct username and password")
    sign_in(visitor, "correct horse")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("cpu_util")
    visitor.get_by_label("Account of bob").click()
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sign in to Telemetry")


def test_it_leads_from_the_overview_to_a_meter_and_its_chart(page: Page) -> None:
    page.goto("/metering/")
    page.get_by_role("link", name="Meters", exact=True).click()
    page.get_by_role("link", name="cpu_util").click()
    times, values = drawn(page)
    assert (len(times), times[1] - times[0]) == (144, 600)
    assert len(numbers(values)) > 100
    assert 9 < min(numbers(values)) < max(numbers(values)) < 91
    assert page.evaluate(MANY_COLOURED) > 500


def test_it_draws_a_line_for_each_group(page: Page) -> None:
    page.goto(CPU)
    page.get_by_label("Group by").select_option("project")
    expect(page.locator(".legend button")).to_have_text(["p1", "p2"])
    assert params(page) == {"aggregate": "avg", "group": "project", "range": "24h"}
    assert len(drawn(page)) == 3


def test_it_hides_a_line_and_shows_it_again(page: Page) -> None:
    page.goto(f"{CPU}?group=project")
    key = page.get_by_role("button", name="p2")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "false")
    assert not page.evaluate("() => document.querySelector('[data-chart]').uplot.series[2].show")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")


def test_it_reads_the_values_under_the_cursor(page: Page) -> None:
    page.goto(CPU)
    page.locator(".u-over").hover()
    expect(page.locator("[data-value]")).to_have_text(re.compile(r"^[\d.]+ %$"))
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"\d\d:\d0 – .*\d\d:\d0 UTC$"))


def test_it_changes_the_range_by_a_preset(page: Page) -> None:
    page.goto(f"{CPU}?group=project")
    page.get_by_role("link", name="Last 7 days").click()
    expect(page.get_by_role("link", name="Last 7 days")).to_have_attribute("aria-current", "true")
    assert params(page) == {"group": "project", "range": "7d"}
    times = drawn(page)[0]
    assert (len(times), times[1] - times[0]) == (168, 3600)


def test_it_zooms_in_by_dragging(page: Page) -> None:
    page.goto(f"{CPU}?group=project")
    times = drawn(page)[0]
    with page.expect_navigation():
        drag(page, 0.25, 0.75)
    found = params(page)
    start, end = (
        datetime.fromisoformat(f"{found[name]}Z").timestamp() for name in ("start", "end")
    )
    assert found.keys() == {"group", "start", "end"}
    assert abs(start - (times[0] + 86400 * 0.25)) < 900
    assert abs(end - (times[0] + 86400 * 0.75)) < 900
    assert drawn(page)[0][0] == start
    page.go_back()
    assert params(page) == {"group": "project"}


def test_it_takes_an_exact_range_in_utc(page: Page) -> None:
    page.goto(CPU)
    page.get_by_text("Exact range, in UTC").click()
    page.get_by_label("From").fill("2026-01-01 10:00")
    page.get_by_label("Until").fill("2026-01-01 12:00")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="No samples in this range")).to_be_visible()
    page.get_by_role("link", name="Show the day around it").click()
    assert len(numbers(drawn(page)[1])) > 0


def test_it_leaves_a_gap_where_nothing_was_measured(page: Page) -> None:
    now = clock.now()
    early, late = now - timedelta(minutes=50), now - timedelta(minutes=10)
    moments = [at + timedelta(minutes=n) for at in (early, late) for n in range(5)]
    publish([make_sample(1.0, moment, meter="holes") for moment in moments])
    page.goto("/metering/meters/holes/?range=1h")
    values = drawn(page)[1]
    assert len(numbers(values)) == 10
    assert values.count(0) == 0


def test_it_saves_what_is_shown_as_csv(page: Page, tmp_path: Path) -> None:
    page.goto(f"{CPU}?group=project")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV as shown").click()
    file = tmp_path / "found.csv"
    download.value.save_as(file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert download.value.suggested_filename == "cpu_util.csv"
    assert {row["project"] for row in rows} == {"p1", "p2"}
    assert {row["unit"] for row in rows} == {"%"}


def test_it_keeps_the_theme_that_was_chosen(page: Page) -> None:
    page.goto(CPU)
    background = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(background)
    assert sum(map(int, re.findall(r"\d+", dark))) < 90 < sum(map(int, re.findall(r"\d+", light)))
    page.reload()
    assert page.evaluate(background) == dark
    assert page.evaluate(MANY_COLOURED) > 500


def test_it_follows_the_system_theme(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(LIST)
    assert page.evaluate("() => getComputedStyle(document.body).color") == "rgb(231, 236, 234)"


@pytest.mark.parametrize(
    "path",
    [
        "/metering/",
        LIST,
        CPU,
        f"{CPU}?start=1",
        "/metering/resources/",
        "/metering/resources/vm-1/",
    ],
)
def test_it_fits_a_screen_of_400_pixels(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(path)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 400


def test_it_begins_with_a_way_round_the_navigation(page: Page) -> None:
    page.goto(LIST)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_it_filters_the_list_and_keeps_the_url_short(page: Page) -> None:
    page.goto(LIST)
    page.get_by_label("Name").fill("util")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("link", name="cpu_util")).to_be_visible()
    assert params(page) == {"name": "util"}


def test_it_shows_a_resource_and_leads_to_its_meter(page: Page) -> None:
    page.goto("/metering/resources/vm-1/")
    expect(page.get_by_role("cell", name="compute-7.example.org")).to_be_visible()
    page.get_by_role("link", name="cpu_util").click()
    assert params(page) == {"resource": "vm-1"}
    assert len(numbers(drawn(page)[1])) > 100
