"""The slow judge of alarms is judged by values worked out by hand."""

import pytest

from tests.alarms.golden import FILES, Case, cases
from tests.alarms.reference import run

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_says_what_the_golden_files_say(case: Case) -> None:
    minutes = case.minutes
    rounds = run(case.alarm, case.samples, [m.now for m in minutes], [m.members for m in minutes])
    found = [(m.now, r.state, r.acts is not None) for m, r in zip(minutes, rounds, strict=True)]
    assert found == [(m.now, m.state, m.acts) for m in minutes]
    for minute, done in zip(minutes, rounds, strict=True):
        if done.acts and minute.reason is not None:
            assert done.acts.reason == minute.reason
        if done.acts and minute.data is not None:
            assert minute.data.items() <= done.acts.reason_data.items()


def test_there_are_golden_files() -> None:
    assert len(FILES) > 15
