"""Names as part of a path."""

from urllib.parse import unquote

import pytest
from django.urls import resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from meters.names_in_urls import quoted, unquoted


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_it_reads_back_every_name(name: str) -> None:
    assert unquoted(quoted(name)) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a/../b", "?#%&", "~", "é ü", "x/all.csv"])
@pytest.mark.parametrize("route", ["meters:meter", "meters:meter-csv", "meters:resource"])
def test_it_leads_to_the_page_of_every_name(name: str, route: str) -> None:
    path = reverse(route, args=[name])
    found = resolve(unquote(path))
    assert (found.view_name, found.kwargs) == (route, {"name": name})


@pytest.mark.parametrize("name", [".", "..", "a/b", "a\\b", "%2F", "?", "\n"])
def test_it_puts_nothing_into_a_path_that_others_change_on_the_way(name: str) -> None:
    assert not set(quoted(name)) & set("/\\%?#\n")
    assert quoted(name) not in (".", "..")


@pytest.mark.parametrize("text", ["~Z1", "a~", "~4", "~FF", "~2e"])
def test_it_refuses_what_no_name_becomes(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unquoted(text)
