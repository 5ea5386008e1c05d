"""Headers that keep a page from running or showing what is not ours."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.source import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)""")


@pytest.mark.django_db
def test_it_lets_a_page_run_only_what_is_ours(client: Client) -> None:
    answer = client.get("/metering/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_it_has_no_inline_script_or_style_to_let_run(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []
