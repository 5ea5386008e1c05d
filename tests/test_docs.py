"""The pages say what is there: all of it, in its present form, with links that lead somewhere."""

import re
import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from django.urls import URLPattern, resolve
from django.urls.resolvers import RoutePattern

from events.api.urls import urlpatterns as of_events
from meters.api.urls import urlpatterns as of_meters
from meters.ingest import EXISTENCE, SHIPPED
from meters.notified.loading import load
from meters.notified.network import NAMES
from meters.notified.sensors import METERS
from pollsters.catalogue import polled_meters
from telemetry_site.options import OPTIONS, PREFIX
from tests import scenario
from tests.documents import DOCS, GENERIC, PAGES, commands, parser_of, verbs_of
from tests.source import ROOT

README = ROOT / "README.md"
WRITTEN = [README, *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
MANAGE = re.compile(r"manage\.py (\w[^|)<\n]*)")
ROUTES = [*of_meters, *of_events]
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_from_the_code_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "run `make docs`"


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text()
    assert [row.name for row in OPTIONS if f"## `{PREFIX}{row.name}`" not in text] == []


def test_every_polled_meter_is_documented() -> None:
    text = (DOCS / "meters.md").read_text()
    assert [row.name for row in polled_meters() if f"| `{row.name}` |" not in text] == []


@pytest.mark.parametrize("places", [[SHIPPED], [EXISTENCE]])
def test_every_meter_of_notifications_is_documented(places: list[Path]) -> None:
    text = (DOCS / "meters.md").read_text()
    names = [one.name for one in load(places).definitions] + [*METERS.values(), *NAMES.values()]
    assert len(names) > 30
    assert [name for name in names if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented_and_says_what_its_options_do(name: str) -> None:
    assert f"## `{name}`" in (DOCS / "commands.md").read_text()
    top = parser(name)
    actions = [action for one in (top, *verbs_of(top).values()) for action in one._actions]
    assert [
        action.dest for action in actions if not action.help and action.dest not in GENERIC
    ] == []


def parser(name: str) -> ArgumentParser:
    command: Any = load_command_class(commands()[name], name)
    return parser_of(command, name)


@pytest.mark.parametrize("pattern", ROUTES, ids=lambda pattern: str(pattern.pattern))
def test_every_endpoint_has_a_conversation(pattern: URLPattern) -> None:
    steps = [step for path in scenario.files() for step in scenario.read(path).steps]
    asked = {view_of(step.path) for step in steps if step.path.startswith("/v2/")}
    assert isinstance(pattern.pattern, RoutePattern)
    assert pattern.callback in asked


def view_of(path: str) -> Any:
    return resolve(path.partition("?")[0]).func


def test_every_endpoint_with_data_has_a_stranger() -> None:
    asked = {
        view_of(step.path)
        for path in scenario.files()
        for step in scenario.read(path).steps
        if step.caller == "stranger"
    }
    others = {pattern.callback for pattern in ROUTES} - asked
    assert {getattr(view, "view_class", view).__name__ for view in others} == {"BelowMeter"}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_readme() -> None:
    found, ahead = {README}, [README]
    while ahead:
        page = ahead.pop()
        links = {link.partition("#")[0] for link in LINK.findall(page.read_text())}
        pages = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        ahead += pages - found
        found |= pages
    assert set(WRITTEN) - found == set()


def blocks() -> list[str]:
    return [block for page in WRITTEN for block in BLOCK.findall(page.read_text())]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for block in blocks() for target in MAKE.findall(block)}
    assert {"run", "test", "demo"} <= named <= targets


def test_every_command_that_is_named_is_understood() -> None:
    lines = [line for block in blocks() for line in MANAGE.findall(block)]
    assert len(lines) >= 6
    for line in lines:
        name, *words = shlex.split(line)
        parser(name).parse_args(words)


def test_the_changelog_begins_with_what_is_not_released() -> None:
    headings = re.findall(r"^## (.*)$", (DOCS / "changelog.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
