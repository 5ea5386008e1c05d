"""API tokens: made, listed and revoked."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from telemetry_site.core.errors import UnknownName
from telemetry_site.core.identity.models import Token, new_token_text, token_digest


def account_named(name: str | None) -> User:
    """The active account of that name, or the first active superuser. Raises UnknownName."""
    accounts = get_user_model().objects.filter(is_active=True)
    wanted = accounts.filter(username=name) if name else accounts.filter(is_superuser=True)
    account = wanted.order_by("pk").first()
    if account is None and name:
        raise UnknownName(f"There is no active account called {name!r}.")
    if account is None:
        raise UnknownName("There is no active superuser; manage.py createsuperuser makes one.")
    return account


def make(account: User, name: str = "") -> str:
    """A new token of the account; only here can its text be read."""
    text = new_token_text()
    Token.objects.create(digest=token_digest(text), account=account, name=name)
    return text


def listed(user: str | None = None) -> Iterable[Token]:
    """The tokens of the account of that name, or of all, the oldest first."""
    tokens = Token.objects.select_related("account").order_by("pk")
    return tokens.filter(account__username=user) if user else tokens


def revoke(number: int) -> None:
    """Make a token worthless. Raises UnknownName."""
    if not Token.objects.filter(pk=number).delete()[0]:
        raise UnknownName(f"There is no token {number}; --list shows those there are.")
