"""Bodies: their kind and their size."""

import pytest
from django.conf import LazySettings

from tests.callers import Api, fault

pytestmark = pytest.mark.django_db
PATH = "/v2/query/samples"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/xml"])
def test_it_reads_json_alone(api: Api, kind: str) -> None:
    response = api.send("POST", PATH, {}, Content_Type=kind)
    assert fault(response) == (415, "Client", f"Unknown mimetype: {kind}")


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=utf-8", "Application/JSON", "application/x-www-form-urlencoded"],
)
def test_it_reads_json_under_its_usual_names(api: Api, kind: str) -> None:
    assert api.send("POST", PATH, {}, Content_Type=kind).status_code == 200


def test_it_refuses_a_body_over_the_limit(api: Api, settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "MAX_BODY": 100}
    status, code, _ = fault(api.send("POST", PATH, b"{}" + b" " * 99))
    assert (status, code) == (413, "Client")
    assert api.send("POST", PATH, b"{}" + b" " * 98).status_code == 200


@pytest.mark.parametrize("body", [b"junk", b"\xff\xfe", b'{"filter": NaN}', b"[" * 100_000])
def test_it_refuses_what_is_no_json(api: Api, body: bytes) -> None:
    status, code, _ = fault(api.send("POST", PATH, body))
    assert (status, code) == (400, "Client")
