"""What came of a run of pytest, read from its JUnit report, and what is wrong with it."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ON_BOTH = ("tests.meters", "tests.events", "tests.alarms")  # the tests of the stores and the API


@dataclass(frozen=True, slots=True)
class Tally:
    """The tests of one half by what came of them; `bound` are those meant for one half only."""

    passed: int
    failed: int
    skipped: tuple[str, ...]
    names: frozenset[str]
    bound: frozenset[str]
    exit_code: int


def read(report: Path, exit_code: int) -> Tally:
    """The tally of a report; an empty one where pytest did not get so far."""
    cases = _cases(report) if report.exists() else {}
    skipped = [name for name, case in cases.items() if case.find("skipped") is not None]
    failed = [
        name
        for name, case in cases.items()
        if case.find("failure") is not None or case.find("error") is not None
    ]
    return Tally(
        passed=len(cases) - len(set(skipped + failed)),
        failed=len(failed),
        skipped=tuple(skipped),
        names=frozenset(cases),
        bound=frozenset(name for name, case in cases.items() if _is_bound(case)),
        exit_code=exit_code,
    )


def _cases(report: Path) -> dict[str, ElementTree.Element]:
    tree = ElementTree.parse(report)  # noqa: S314 - pytest wrote it a moment ago
    return {f"{case.get('classname')}.{case.get('name')}": case for case in tree.iter("testcase")}


def _is_bound(case: ElementTree.Element) -> bool:
    return any(mark.get("name") == "bound" for mark in case.iter("property"))


def complaints(halves: Sequence[Tally]) -> list[str]:
    """A sentence for each thing that makes the run a failure."""
    found = []
    for tally in halves:
        found += [
            f"{name} was skipped: what does not run proves nothing." for name in tally.skipped
        ]
        if tally.failed:
            found.append(f"{tally.failed} tests failed; see above.")
        elif tally.exit_code != 0:
            found.append(f"pytest ended with exit code {tally.exit_code}; see above.")
    if len(halves) == 2:
        found += [f"{name} did not run on PostgreSQL." for name in left_out(*halves)]
    return found


def left_out(sqlite: Tally, postgres: Tally) -> list[str]:
    """Tests of the store and the API that ran on SQLite, and could have run on PostgreSQL."""
    missing = sqlite.names - sqlite.bound - postgres.names
    rooms = tuple(f"{room}." for room in ON_BOTH)
    return sorted(name for name in missing if name.startswith(rooms))
