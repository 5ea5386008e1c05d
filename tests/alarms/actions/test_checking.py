"""Which addresses an alarm may have, and the words of the refusal."""

import pytest

from alarms.actions.checking import NotAuthorizedAction, check
from telemetry_site.core.errors import BadRequest


@pytest.mark.parametrize(
    "action",
    [
        "http://h/", "https://u:p@h:8443/a%20b?c=d&e", "HTTP://h", "http://[::1]:80/",
        "http://127.0.0.1/", "http://bücher.example/", "http://h/ü",
    ],
)  # fmt: skip
def test_anyone_may_call_a_web_server(action: str) -> None:
    check(action, is_admin=False)


@pytest.mark.parametrize("action", ["log://", "test://here", "log:"])
def test_only_an_admin_may_use_our_own(action: str) -> None:
    check(action, is_admin=True)
    with pytest.raises(NotAuthorizedAction) as caught:
        check(action, is_admin=False)
    assert str(caught.value) == f"You are not authorized to create action: {action}"
    assert caught.value.status == 401


@pytest.mark.parametrize("action", ["file:///etc/passwd", "gopher://h/", "", "h", "//h", "ftp://h"])
def test_other_schemes_are_not_supported(action: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check(action, is_admin=True)
    assert str(caught.value) == f"Unsupported action {action}"


@pytest.mark.parametrize(
    "action",
    [
        "http://[::1", "http://h:65536/", "http://h:0/", "http://h:x/", "http://h/\r\nX: y",
        "http://h/\0", "http://a..b/", f"http://{'a' * 64}/", "http://h/\ud800", "log://a\nb",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(action: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check(action, is_admin=True)
    assert str(caught.value) == f"Unable to parse action {action}"


@pytest.mark.parametrize("action", ["http://", "https:///path", "http:h"])
def test_a_host_is_needed(action: str) -> None:
    with pytest.raises(BadRequest, match=r"^Unable to parse action http.*: it names no host$"):
        check(action, is_admin=True)


@pytest.mark.parametrize(
    "scheme", ["trust+http", "trust+https", "trust+zaqar", "trust+heat", "zaqar"]
)
def test_what_needs_keystone_says_so(scheme: str) -> None:
    with pytest.raises(BadRequest, match=r"^Unsupported action .* come with Keystone"):
        check(f"{scheme}://h/", is_admin=True)
