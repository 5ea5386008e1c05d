"""Accounts that belong to a project, until memberships say so: `u1@p1` is one of p1."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from telemetry_site.core import pages
from telemetry_site.core.identity.authentication import web_caller
from telemetry_site.core.identity.caller import Caller


def caller_of(account: User | AnonymousUser) -> Caller:
    """Who the account is for a page."""
    user, _, project = account.get_username().partition("@")
    return Caller(user, project, frozenset({"member"})) if project else web_caller(account)


def have_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let such accounts be members for the rest of the test."""
    monkeypatch.setattr(pages, "web_caller", caller_of)
