"""manage.py token, as it is typed."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from telemetry_site.core.identity.models import Token, token_digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_superuser("admin")


def token(*words: str) -> str:
    output = StringIO()
    call_command("token", *words, stdout=output)
    return output.getvalue()


def test_it_prints_a_token_of_the_first_superuser_alone(admin: User) -> None:
    User.objects.create_superuser("later")
    printed = token()
    assert re.fullmatch(r"[0-9a-f]{64}\n", printed)
    kept = Token.objects.get(digest=token_digest(printed.strip()))
    assert (kept.account, kept.name) == (admin, "")


def test_it_prints_a_token_of_the_account_that_is_named(admin: User) -> None:
    other = User.objects.create_user("other")
    token("--user", "other", "--name", "agent on node-1")
    kept = Token.objects.get()
    assert (kept.account, kept.name) == (other, "agent on node-1")


def test_it_lists_and_revokes(admin: User) -> None:
    token("--name", "one")
    token("--name", "two")
    one, two = Token.objects.order_by("pk")
    assert [line.split("\t")[::3] for line in token("--list").splitlines()] == [
        [str(one.pk), "one"],
        [str(two.pk), "two"],
    ]
    token("--revoke", str(one.pk))
    assert list(Token.objects.all()) == [two]


def test_it_lists_the_tokens_of_one_account(admin: User) -> None:
    token()
    User.objects.create_user("other")
    assert token("--list", "--user", "other") == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "There is no active superuser; manage.py createsuperuser makes one."),
        (["--user", "nobody"], "There is no active account called 'nobody'."),
        (["--revoke", "7"], "There is no token 7; --list shows those there are."),
        (["--name", "x" * 101], "Error: argument --name: a label has at most 100 characters"),
    ],
)
def test_it_says_what_is_missing(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        token(*words)
    assert str(refused.value) == sentence
