"""What makes a run of the tests a failure."""

from pathlib import Path

from tests.tally import Tally, complaints, left_out, read

REPORT = """<testsuites><testsuite>
<testcase classname="tests.meters.a" name="test_good"/>
<testcase classname="tests.meters.a" name="test_bad"><failure/></testcase>
<testcase classname="tests.meters.a" name="test_worse"><error/></testcase>
<testcase classname="tests.meters.a" name="test_idle"><skipped/></testcase>
<testcase classname="tests.meters.a" name="test_here"><properties>
<property name="bound" value="True"/></properties></testcase>
</testsuite></testsuites>"""


def tally(*names: str, bound: tuple[str, ...] = (), exit_code: int = 0) -> Tally:
    return Tally(len(names), 0, (), frozenset(names), frozenset(bound), exit_code)


def test_it_reads_what_came_of_each_test(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    found = read(tmp_path / "report.xml", 1)
    assert (found.passed, found.failed, len(found.names)) == (2, 2, 5)
    assert found.skipped == ("tests.meters.a.test_idle",)
    assert found.bound == {"tests.meters.a.test_here"}


def test_a_skipped_test_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    first = complaints([read(tmp_path / "report.xml", 0)])[0]
    assert first.startswith("tests.meters.a.test_idle was skipped")


def test_a_run_that_broke_off_is_a_failure(tmp_path: Path) -> None:
    assert complaints([read(tmp_path / "none.xml", 3)]) == [
        "pytest ended with exit code 3; see above."
    ]


def test_postgresql_may_not_leave_out_tests_of_the_store() -> None:
    names = ("tests.meters.a.test_1", "tests.meters.a.test_2", "tests.site.b.test_3")
    sqlite = tally(*names, "tests.meters.a.test_own", bound=("tests.meters.a.test_own",))
    postgres = tally("tests.meters.a.test_1", "tests.meters.a.test_only_here")
    assert left_out(sqlite, postgres) == ["tests.meters.a.test_2"]
    assert complaints([sqlite, postgres]) == ["tests.meters.a.test_2 did not run on PostgreSQL."]


def test_two_good_halves_are_a_good_run() -> None:
    assert complaints([tally("tests.meters.a.test_1"), tally("tests.meters.a.test_1")]) == []
