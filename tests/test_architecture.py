"""Who may import whom, what a pure file may know, and how big things may grow."""

from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.source import (
    PACKAGES,
    ROOT,
    calls,
    files,
    functions,
    imported,
    inside,
    late_imports,
    module,
    ours,
)

MAY_IMPORT = {
    "telemetry_site/core": ("telemetry_site.core",),
    "meters": ("telemetry_site.core", "meters"),
    "events": ("telemetry_site.core", "events"),
    "pollsters": ("telemetry_site.core", "meters", "pollsters"),
    "alarms": ("telemetry_site.core", "meters", "events", "alarms"),
}
DOORS = {
    "meters": (
        "meters.samples",
        "meters.pipelines",
        "meters.queries",
        "meters.ids",
        "meters.selection",
        "meters.statistics",
        "meters.windows",
    ),
    "events": ("events.records", "events.queries", "events.selection", "events.signals"),
}
# Within an app: what is asked from outside stands on the rest, and nothing of the rest on it.
OUTER = (
    "admin",
    "api.schema",
    "api.urls",
    "api.views",
    "cli",
    "filters",
    "management",
    "receivers",
    "tasks",
    "templatetags",
    "urls",
    "views",
)
PURE = (
    "alarms/actions/action.py",
    "alarms/actions/addresses.py",
    "alarms/actions/checking.py",
    "alarms/actions/networks.py",
    "alarms/actions/registry.py",
    "alarms/attributes.py",
    "alarms/charts.py",
    "alarms/constraints.py",
    "alarms/definition.py",
    "alarms/forms/refusals.py",
    "alarms/ownership.py",
    "alarms/rules/beyond.py",
    "alarms/rules/combination.py",
    "alarms/rules/combining.py",
    "alarms/rules/composing.py",
    "alarms/rules/composite.py",
    "alarms/rules/datapoints.py",
    "alarms/rules/event.py",
    "alarms/rules/gnocchi.py",
    "alarms/rules/gnocchi_methods.py",
    "alarms/rules/gnocchi_search.py",
    "alarms/rules/occurrence.py",
    "alarms/rules/prometheus.py",
    "alarms/rules/registry.py",
    "alarms/rules/rule.py",
    "alarms/rules/threshold.py",
    "alarms/rules/windows.py",
    "alarms/slots.py",
    "alarms/states.py",
    "events/api/wire.py",
    "events/definitions.py",
    "events/publishers/documents.py",
    "events/publishers/waiting.py",
    "events/records.py",
    "events/selection.py",
    "events/storage/document.py",
    "events/traits.py",
    "meters/api/wire.py",
    "meters/charts.py",
    "meters/ids.py",
    "meters/notified/definition.py",
    "meters/notified/definitions.py",
    "meters/notified/drafts.py",
    "meters/notified/loading.py",
    "meters/notified/metered.py",
    "meters/notified/network.py",
    "meters/notified/polled.py",
    "meters/notified/requests.py",
    "meters/notified/sensors.py",
    "meters/posted/careful.py",
    "meters/posted/completion.py",
    "meters/posted/fast.py",
    "meters/posted/fields.py",
    "meters/posted/messages.py",
    "meters/posted/metadata.py",
    "meters/publishers/documents.py",
    "meters/publishers/gnocchi_measures.py",
    "meters/questions.py",
    "meters/ranges.py",
    "meters/samples.py",
    "meters/selection.py",
    "meters/statistics.py",
    "meters/storage/copybuffer.py",
    "meters/storage/partitioned.py",
    "meters/storage/spans.py",
    "meters/transformers/accumulator.py",
    "meters/transformers/aggregator.py",
    "meters/transformers/arithmetic.py",
    "meters/transformers/changes.py",
    "meters/transformers/delta.py",
    "meters/transformers/expressions.py",
    "meters/transformers/flow.py",
    "meters/transformers/outcome.py",
    "meters/transformers/placing.py",
    "meters/transformers/rate_of_change.py",
    "meters/transformers/registry.py",
    "meters/transformers/target.py",
    "meters/transformers/trails.py",
    "meters/transformers/unit_conversion.py",
    "meters/units.py",
    "meters/windows.py",
    "pollsters/grid.py",
    "pollsters/host/meters.py",
    "pollsters/pollster.py",
    "pollsters/sources.py",
    "telemetry_site/core/definitions/arithmetic.py",
    "telemetry_site/core/definitions/fields.py",
    "telemetry_site/core/definitions/matches.py",
    "telemetry_site/core/definitions/operators.py",
    "telemetry_site/core/definitions/paths.py",
    "telemetry_site/core/definitions/plugins.py",
    "telemetry_site/core/definitions/yamlfiles.py",
    "telemetry_site/core/identity/caller.py",
    "telemetry_site/core/identity/rules.py",
    "telemetry_site/core/messaging/batches.py",
    "telemetry_site/core/messaging/buses.py",
    "telemetry_site/core/messaging/cleaning.py",
    "telemetry_site/core/messaging/delivery.py",
    "telemetry_site/core/messaging/flags.py",
    "telemetry_site/core/messaging/gathering.py",
    "telemetry_site/core/messaging/notification.py",
    "telemetry_site/core/messaging/pace.py",
    "telemetry_site/core/pipeline/matching.py",
    "telemetry_site/core/pipeline/plan.py",
    "telemetry_site/core/pipeline/reading.py",
    "telemetry_site/core/publishers/address.py",
    "telemetry_site/core/publishers/gnocchi_definitions.py",
    "telemetry_site/core/publishers/gnocchi_resources.py",
    "telemetry_site/core/publishers/policy.py",
    "telemetry_site/core/publishers/publisher.py",
    "telemetry_site/core/publishers/signing.py",
    "telemetry_site/core/query/complex.py",
    "telemetry_site/core/query/literals.py",
    "telemetry_site/core/query/simple.py",
    "telemetry_site/core/query/tree.py",
    "telemetry_site/core/storage/copyformat.py",
    "telemetry_site/core/storage/table.py",
    "telemetry_site/demo/cloud.py",
    "telemetry_site/demo/fleet.py",
    "telemetry_site/demo/lives.py",
    "telemetry_site/demo/notifications.py",
    "telemetry_site/demo/rhythm.py",
    "telemetry_site/demo/stream.py",
    "telemetry_site/supervisor/flags.py",
    "telemetry_site/supervisor/lines.py",
    "telemetry_site/supervisor/restarts.py",
)
OUTSIDE_WORLD = {
    "celery",
    "django",
    "http",
    "kombu",
    "psutil",
    "psycopg2",
    "redis",
    "requests",
    "rest_framework",
    "socket",
    "subprocess",
    "time",
    "urllib3",
}
CLOCK = "telemetry_site/core/clock.py"
CLOCK_READERS = {"datetime.now", "datetime.utcnow", "date.today", "timezone.now", "time.time"}
NAMELESS = {"utils", "helpers", "common", "manager", "misc", "base_classes"}
CODE = files(*PACKAGES)
EVERYTHING = files(*PACKAGES, "tests")


def named(path: Path) -> str:
    """The path as it is written in the tables above."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_imports_run_downwards(layer: str) -> None:
    found = [(named(path), name) for path in files(layer) for name in ours(path)]
    assert [pair for pair in found if not inside(pair[1], MAY_IMPORT[layer])] == []


@pytest.mark.parametrize("layer", [layer for layer in MAY_IMPORT if "/" not in layer])
def test_apps_enter_each_other_by_their_doors(layer: str) -> None:
    found = [(named(path), name) for path in files(layer) for name in ours(path)]
    abroad = [(path, name, name.split(".")[0]) for path, name in found]
    assert [
        (path, name)
        for path, name, app in abroad
        if app != layer and app in DOORS and not inside(name, DOORS[app])
    ] == []


@pytest.mark.parametrize("app", [layer for layer in MAY_IMPORT if "/" not in layer])
def test_what_is_asked_from_outside_stands_on_top(app: str) -> None:
    rooms = tuple(f"{app}.{room}" for room in OUTER)
    below = [path for path in files(app) if not inside(module(path), rooms)]
    found = [(named(path), name) for path in below for name in ours(path)]
    assert [pair for pair in found if inside(pair[1], rooms)] == []


def test_views_never_call_each_other_and_tasks_neither() -> None:
    ends = [path for path in CODE if path.stem in ("views", "tasks")]
    found = [(named(path), name) for path in ends for name in ours(path)]
    assert [pair for pair in found if pair[1].split(".")[-1] in ("views", "tasks")] == []


@pytest.mark.parametrize("file", ["telemetry_site/celery.py", "telemetry_site/schedule.py"])
def test_what_is_loaded_before_everything_knows_no_app(file: str) -> None:
    assert [name for name in ours(ROOT / file) if not name.startswith("telemetry_site")] == []


@pytest.mark.parametrize("file", PURE)
def test_pure_files_know_nothing_of_the_outside_world(file: str) -> None:
    names = imported(ROOT / file)
    assert {name.split(".")[0] for name in names} & OUTSIDE_WORLD == set()
    assert [
        call for call in calls(ROOT / file) if call in CLOCK_READERS or "clock.now" in call
    ] == []


def test_pure_files_stand_on_pure_files() -> None:
    ground = {*PURE, "telemetry_site/core/errors.py", CLOCK}
    known = {module(ROOT / file) for file in ground} | {"telemetry_site.core.registry"}
    found = [(file, name) for file in PURE for name in ours(ROOT / file)]
    assert [pair for pair in found if pair[1] not in known] == []


def test_only_the_clock_says_what_time_it_is() -> None:
    others = [path for path in CODE if named(path) != CLOCK]
    found = [(named(path), call) for path in others for call in calls(path)]
    assert [pair for pair in found if pair[1] in CLOCK_READERS] == []


def test_only_the_stores_touch_the_table_of_samples() -> None:
    homes = (ROOT / "meters/storage", ROOT / "meters/models.py")
    others = [path for path in CODE if not any(path.is_relative_to(home) for home in homes)]
    assert [named(path) for path in others if "StoredSample" in path.read_text()] == []


def test_no_import_hides_in_a_function() -> None:
    found = [(named(path), name) for path in CODE for name in late_imports(path)]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in EVERYTHING if path.stem in NAMELESS] == []


def test_files_stay_small() -> None:
    sizes = {named(path): len(path.read_text().splitlines()) for path in EVERYTHING}
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert median(sizes.values()) <= 100
    assert quantiles(sizes.values(), n=10)[-1] <= 250


def test_functions_stay_small() -> None:
    sizes = {
        f"{named(path)}: {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in EVERYTHING
        for node in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > 50} == {}
    assert median(sizes.values()) <= 8
    assert quantiles(sizes.values(), n=10)[-1] <= 25


def test_every_test_file_has_its_code_file() -> None:
    proofs = [path for path in files("tests") if path.stem.startswith("test_")]
    mirrored = [path for path in proofs if len(path.relative_to(ROOT).parts) > 2]
    assert [named(path) for path in mirrored if not _room(path).exists()] == []


def _room(proof: Path) -> Path:
    """The folder that a test file is about; a browser proves the templates."""
    first, *rest = proof.relative_to(ROOT / "tests").parent.parts
    short = {
        "site": "telemetry_site",
        "core": "telemetry_site/core",
        "browser": "templates",
        "recorded": "telemetry_site",
    }
    return ROOT.joinpath(short.get(first, first), *rest)


def test_nothing_is_left_for_later() -> None:
    words = tuple(f"{word}:" for word in ("TODO", "FIXME", "XXX"))
    found = [
        (named(path), word) for path in EVERYTHING for word in words if word in path.read_text()
    ]
    assert found == []
