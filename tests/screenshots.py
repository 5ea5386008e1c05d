"""Takes the pictures of docs/images from a running instance that `make demo` has filled.

python -m tests.screenshots ADDRESS USER, with the password in the variable PASSWORD.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from tests.source import ROOT

FOLDER = ROOT / "docs" / "images"
CHART_READY = "() => document.querySelector('[data-chart]')?.uplot"

OVERVIEW = "/metering/"
METERS = "/metering/meters/"
METER = "/metering/meters/cpu_util/?range=7d&group=project"
RESOURCES = "/metering/resources/"
ALARMS = "/metering/alarms/"
NEW_ALARM = f"{ALARMS}new/?type=threshold&name=busy&meter_name=cpu_util&threshold=30&period=600"
INSTANCE, ALARM = "an instance", "an alarm"  # pages that are found when there is something to see


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: a page, light or dark, of a width, and as much of it as `height` shows.

    `presses` is a button that is pressed before.
    """

    name: str
    path: str
    scheme: str = "light"
    width: int = 1280
    height: int = 900
    presses: str = ""


PICTURES = (
    Picture("overview-light", OVERVIEW),
    Picture("overview-dark", OVERVIEW, "dark"),
    Picture("overview-400", OVERVIEW, width=400),
    Picture("meters-light", METERS),
    Picture("meters-dark", METERS, "dark"),
    Picture("meters-400", METERS, width=400),
    Picture("meter-light", METER, height=1150),
    Picture("meter-dark", METER, "dark", height=1150),
    Picture("meter-400", METER, width=400, height=1300),
    Picture("resources-light", RESOURCES),
    Picture("resources-400", RESOURCES, "dark", width=400),
    Picture("resource-light", INSTANCE),
    Picture("resource-dark", INSTANCE, "dark"),
    Picture("resource-400", INSTANCE, width=400, height=1100),
    Picture("alarms-light", ALARMS),
    Picture("alarms-dark", ALARMS, "dark"),
    Picture("alarms-400", ALARMS, width=400),
    Picture("alarm-light", ALARM, height=1250),
    Picture("alarm-dark", ALARM, "dark", height=1250),
    Picture("alarm-400", ALARM, width=400, height=1300),
    Picture("alarm-tried-light", NEW_ALARM, height=1250, presses="Try it"),
    Picture("alarm-history-light", f"{ALARMS}history/"),
    Picture("silences-light", f"{ALARMS}silences/"),
)
LOGIN = Picture("login", "/metering/login/", height=640)


def main(address: str, user: str, password: str) -> None:
    """Write every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(base_url=address)
        take(page, LOGIN)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{OVERVIEW}")
        found = {INSTANCE: instance(page), ALARM: alarm(page)}
        for picture in PICTURES:
            take(page, picture, found)
        browser.close()


def instance(page: Page) -> str:
    """The page of a resource that has much to show: of the most meters, and still measured."""
    page.goto(f"{RESOURCES}?sort=-meters")
    measured = page.locator("tbody tr", has_text="min ago").locator("th a")
    return str(measured.first.get_attribute("href"))


def alarm(page: Page) -> str:
    """The page of an alarm that has a curve and has just changed."""
    page.goto(f"{ALARMS}?type=threshold")
    return str(page.locator("tbody th a").first.get_attribute("href"))


def take(page: Page, picture: Picture, found: Mapping[str, str] = {}) -> None:
    """Write one picture; `found` are the paths of pages that are named by what they show."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.emulate_media(color_scheme="dark" if picture.scheme == "dark" else "light")
    page.goto(found.get(picture.path, picture.path), wait_until="networkidle")
    if picture.presses:
        page.get_by_role("button", name=picture.presses).click()
        page.wait_for_load_state("networkidle")
    if page.locator("[data-chart]").count():
        page.wait_for_function(CHART_READY)
    page.screenshot(path=FOLDER / f"{picture.name}.png")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], os.environ["PASSWORD"])
