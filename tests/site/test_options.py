"""How settings are read from the environment."""

from pathlib import Path

import pytest

from events.records import TraitDescription
from telemetry_site import options

LIKE = "each must be like amqp://user:password@host:5672/vhost, or amqps://"
BAD_URLS = (
    "http://mq",
    "mq.example:5672",
    "amqp://",
    "amqp://nova:secret@mq:port/",
    "amqp://mq1;mq2",
    "amqp://nova:secret@mq1:5672,nova:secret@mq2:5672/",
)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("BIND", "8777", "it must be HOST:PORT, such as 127.0.0.1:8777"),
        ("BIND", "h:65536", "it must be HOST:PORT, such as 127.0.0.1:8777"),
        ("AUTH", "none", "it must be one of local, noauth"),
        ("NOAUTH_ANYWHERE", "maybe", "it must be true or false"),
        ("WEB_WORKERS", "0", "it must be a whole number above zero"),
        ("WEB_WORKERS", "two", "it must be a whole number above zero"),
        ("NOTIFICATION_WAIT", "-1", "it must be a number of seconds from 0 to 60"),
        ("NOTIFICATION_WAIT", "nan", "it must be a number of seconds from 0 to 60"),
        (
            "NOTIFICATION_PRIORITIES",
            "info,sampel",
            "it must be some of audit, critical, debug, error, info, sample, warn, between commas",
        ),
        ("NOTIFICATION_DECLARE", "yes", "it must be one of none, classic, durable, quorum"),
        ("NOTIFICATION_URLS", "amqp://a, amqp://b, amqp://a", "one of them is there twice"),
        *(("NOTIFICATION_URLS", value, LIKE) for value in BAD_URLS),
        *(
            (
                "INDEXED_TRAITS",
                value,
                f"{value} is no trait: it must be NAME:string|integer|float|datetime",
            )
            for value in ("memory_mb", "memory_mb:number", ":integer")
        ),
        ("POLICY_FILE", "/no/such", "there is no file /no/such"),
        (
            "DATABASE_URL",
            "mysql://x",
            "it must be a URL that starts with postgresql or postgres or sqlite",
        ),
    ],
)
def test_it_says_why_a_value_cannot_be_used(name: str, value: str, why: str) -> None:
    with pytest.raises(options.BadSetting) as caught:
        options.read({f"TELEMETRY_{name}": value})
    assert str(caught.value) == f"TELEMETRY_{name} cannot be used: {why}."


def test_it_reads_traits() -> None:
    found = options.read({"TELEMETRY_INDEXED_TRAITS": "memory_mb:integer, a:b:datetime"})
    assert found["INDEXED_TRAITS"] == (
        TraitDescription("memory_mb", "integer"), TraitDescription("a:b", "datetime"),
    )  # fmt: skip


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert options.read({"TELEMETRY_BIND": ""})["BIND"] == "127.0.0.1:8777"


@pytest.mark.parametrize(("word", "meaning"), [("on", True), ("No", False), ("1", True)])
def test_it_reads_yes_and_no(word: str, meaning: bool) -> None:
    assert options.read({"TELEMETRY_NOAUTH_ANYWHERE": word})["NOAUTH_ANYWHERE"] is meaning


def test_it_reads_words_between_commas() -> None:
    assert options.read({"TELEMETRY_ALLOWED_HOSTS": "a, b,"})["ALLOWED_HOSTS"] == ("a", "b")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hidden\n")
    environ = {"TELEMETRY_SECRET_KEY_FILE": str(tmp_path / "key")}
    assert options.read(environ)["SECRET_KEY"] == "hidden"
    assert options.unknown(environ) == []


def test_a_name_like_none_of_ours_gets_no_advice() -> None:
    assert options.unknown({"TELEMETRY_XYZZY": "1"}) == ["TELEMETRY_XYZZY is no setting of ours."]


def test_it_reads_buses_and_the_nodes_of_one() -> None:
    value = "amqp://a:b@mq1:5673/v;amqp://a:b@mq2/v, amqps://[::1]"
    assert options.read({"TELEMETRY_NOTIFICATION_URLS": value})["NOTIFICATION_URLS"] == (
        "amqp://a:b@mq1:5673/v;amqp://a:b@mq2/v",
        "amqps://[::1]",
    )
