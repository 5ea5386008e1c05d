"""Who sees what: an admin, a member of the project, a stranger."""

from typing import Any

import pytest
from django.conf import LazySettings

from meters.pipelines import publish
from meters.samples import Sample
from tests.callers import ADMIN, MEMBER, STRANGER, Api, Fault
from tests.factories import make_sample

pytestmark = pytest.mark.django_db

LISTS = ("meters", "meters?unique=1", "meters/cpu_util", "meters/cpu_util/statistics", "samples",
         "resources")  # fmt: skip
NOBODY: dict[str, str] = {}


def refused(project: object) -> Fault:
    return 401, "Client", f"Not Authorized to access project {project}"


@pytest.fixture
def sample() -> Sample:
    found = make_sample()
    publish([found])
    return found


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("caller", "count"), [(ADMIN, 1), (MEMBER, 1), (STRANGER, 0), (NOBODY, 1)])
def test_it_lists_what_is_of_the_caller(
    api: Api, path: str, caller: dict[str, str], count: int
) -> None:
    assert len(api.get(f"/v2/{path}", caller)) == count


@pytest.mark.parametrize("name", ["project", "project_id"])
@pytest.mark.parametrize(
    "path", ["meters", "meters/cpu_util", "meters/cpu_util/statistics", "samples", "resources"]
)
def test_it_refuses_to_tell_of_another_project(api: Api, path: str, name: str) -> None:
    query = f"q.field={name}&q.op=eq&q.value=p1"
    assert api.fault(f"/v2/{path}?{query}", STRANGER) == refused("p1")
    assert api.get(f"/v2/{path}?{query}", MEMBER) == []
    assert api.fault(f"/v2/{path}?q.field={name}&q.value=None", MEMBER) == refused("None")


@pytest.mark.parametrize(("caller", "status"), [(ADMIN, 200), (MEMBER, 200), (STRANGER, 404)])
def test_it_shows_one_thing_to_its_owner(
    api: Api, sample: Sample, caller: dict[str, str], status: int
) -> None:
    for path in (f"samples/{sample.message_id}", "resources/vm-1"):
        assert api.send("GET", f"/v2/{path}", caller=caller).status_code == status


def test_it_says_the_same_of_what_is_foreign_and_what_is_not_there(
    api: Api, sample: Sample
) -> None:
    name = str(sample.message_id)
    expected = (404, "Client", f"Sample {name} Not Found")
    assert api.fault(f"/v2/samples/{name}", STRANGER) == expected
    expected = (404, "Client", "Resource vm-1 Not Found")
    assert api.fault("/v2/resources/vm-1", STRANGER) == expected


def test_it_shows_the_part_of_a_resource_that_is_of_the_caller(api: Api) -> None:
    publish([make_sample(meter="a"), make_sample(meter="b", project="p2")])
    links = api.get("/v2/resources/vm-1", MEMBER)["links"]
    assert [link["rel"] for link in links] == ["self", "a"]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("expression", "caller", "answer"),
    [
        (None, ADMIN, 1),
        (None, MEMBER, 1),
        (None, STRANGER, 0),
        ({"=": {"project": "p1"}}, ADMIN, 1),
        ({"=": {"project": "p1"}}, MEMBER, 1),
        ({"!=": {"project_id": "p1"}}, MEMBER, 0),
        ({"or": [{"=": {"project": "p1"}}, {"=": {"user": "u9"}}]}, MEMBER, 1),
        ({"=": {"project": "p1"}}, STRANGER, refused("p1")),
        ({"not": {"=": {"project": "p1"}}}, STRANGER, refused("p1")),
        ({"or": [{"=": {"user": "u1"}}, {"<": {"project_id": "q"}}]}, STRANGER, refused("q")),
        ({"=~": {"project": ".*"}}, MEMBER, refused(".*")),
        ({"in": {"project": ["p1"]}}, MEMBER, refused(["p1"])),
        ({"in": {"project": ["p1", "p2"]}}, MEMBER, refused(["p1", "p2"])),
    ],
)
def test_it_confines_complex_queries(
    api: Api, expression: Any, caller: dict[str, str], answer: Any
) -> None:
    body = {} if expression is None else {"filter": expression}
    if isinstance(answer, int):
        assert len(api.query(caller, **body)) == answer
    else:
        assert api.query_fault(caller, **body) == answer


@pytest.mark.usefixtures("sample")
def test_it_lets_the_policy_say_who_sees_all(
    api: Api, settings: LazySettings, tmp_path: Any
) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"segregation": "role:auditor"}')
    settings.TELEMETRY = {**settings.TELEMETRY, "POLICY_FILE": path}
    auditor = {**STRANGER, "X-Roles": "auditor"}
    assert len(api.get("/v2/samples", auditor)) == 1
    assert api.get("/v2/samples", ADMIN) == []
