"""What an address says, and what of it is shown."""

import pytest

from alarms.actions.addresses import shown, target


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("http://Host/a", "http://host:80"),
        ("http://host:80/b?c", "http://host:80"),
        ("HTTPS://u:p@host:8443", "https://host:8443"),
        ("http://[::1]/", "http://[::1]:80"),
        ("log://", "log://"),
        ("test://here", "test://here"),
        ("http://[::1", ""),
        ("http://h:99999/", ""),
    ],
)
def test_it_names_whom_an_action_calls(action: str, found: str) -> None:
    assert target(action) == found


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ("https://heat/v1/signal/a?Signature=s3cret&x=s3cret", "https://heat/v1/signal/a?…"),
        ("https://s3cret:s3cret@heat:8000/", "https://heat:8000/"),
        ("https://s3cret@[fe80::1]:8000/", "https://[fe80::1]:8000/"),
        ("http://h/?s3cret", "http://h/?…"),
        ("http://h/a#s3cret", "http://h/a"),
        ("http://u:s3/cret@h/", "…"),
        ("http://s3cret@[::1", "…"),
        ("log://", "log://"),
        ("http://h/a\x1b[31m\u2028b", "http://h/a [31m b"),
    ],
)
def test_it_shows_nothing_secret_and_one_line(action: str, found: str) -> None:
    assert shown(action) == found
