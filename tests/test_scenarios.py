"""Runs the conversations in tests/scenarios, from which docs/api.md is made."""

import json
from pathlib import Path
from string import Template
from typing import Any

import pytest

from tests import scenario
from tests.callers import Api, whole
from tests.scenario import CALLERS, Step

pytestmark = pytest.mark.django_db

HOST = "127.0.0.1:8777"


@pytest.mark.parametrize("path", scenario.files(), ids=lambda path: path.stem)
def test_it_is_answered_as_written_down(path: Path, api: Api) -> None:
    kept: dict[str, str] = {}
    for step in scenario.read(path).steps:
        response = ask(api, step, kept)
        content = whole(response)
        assert response.status_code == step.status, f"{step.name}: {content!r}"
        for name, value in step.headers.items():
            assert response[name] == value, step.name
        if step.answer is not None:
            found = json.loads(content)
            assert scenario.same(step.answer, found), f"{step.name}: {json.dumps(found)}"
        if step.keep:
            found = json.loads(content)
            kept[step.keep] = (found[0] if isinstance(found, list) else found)[step.keep]


def ask(api: Api, step: Step, kept: dict[str, str]) -> Any:
    """What the server answers to the request of a step."""
    body = b"" if step.body is None else step.body
    if isinstance(body, str):
        body = body.encode()
    path = Template(step.path).safe_substitute(kept).replace(" ", "%20")
    return api.send(step.method, path, body, CALLERS[step.caller], Host=HOST, **dict(step.send))
