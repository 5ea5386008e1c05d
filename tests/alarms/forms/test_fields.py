"""Fields whose values are what the API takes."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.http import QueryDict

from alarms.forms.fields import Column, MomentField, RowsField, document, lines

COLUMNS = (Column("field", "Field"), Column("op", "Op", choices=[("eq", "is")]), Column("v", "V"))
BARE = (Column("field", "Field"), Column("v", "V", bare=True))


class Form(forms.Form):
    when = MomentField(required=False)
    many = lines("Many")
    tree = document("Tree", "")
    rows = RowsField("Rows", "", COLUMNS)
    bare = RowsField("Rows", "", BARE)


def read(sent: str) -> dict[str, Any]:
    form = Form(QueryDict(sent))
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_a_time_is_in_utc() -> None:
    assert read("when=2026-03-01+12:00")["when"] == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert read("when=")["when"] is None


@pytest.mark.parametrize(
    ("sent", "problem"),
    [("when=soon", "Write a time as"), ("tree={%22a", "This is not JSON"), ("tree=1_0", "JSON")],
)
def test_what_cannot_be_read_is_told_in_its_place(sent: str, problem: str) -> None:
    form = Form(QueryDict(sent))
    ((name, errors),) = form.errors.items()
    assert sent.startswith(name)
    assert problem in errors[0]
    shown = str(form[name])
    assert form[name].value() in (shown, QueryDict(sent)[name])


def test_lines_are_a_list_without_the_empty_ones() -> None:
    assert read("many=%20a%0D%0A%0D%0Ab%20c%0A")["many"] == ["a", "b c"]
    assert read("")["many"] == []
    assert "a\nb" in str(Form(initial={"many": ["a", "b"]})["many"])


def test_json_is_shown_indented_and_read_as_it_is() -> None:
    assert read("tree=%7B%22a%22:%5B1%5D%7D")["tree"] == {"a": [1]}
    assert read("tree=")["tree"] is None
    assert "{\n  &quot;a&quot;: 1\n}" in str(Form(initial={"tree": {"a": 1}})["tree"])


def test_json_that_is_refused_is_shown_as_it_was_sent() -> None:
    for text in ("[" * 5_000, '"a"', '{"a":'):
        form = Form(QueryDict(urlencode({"tree": text})))
        form.is_valid()
        assert form["tree"].value() == text


def test_rows_keep_what_somebody_has_written() -> None:
    rows = (("a", "eq", "1"), ("+", "eq", ""), ("", "eq", "2"))
    sent = [f"rows.field={field}&rows.op={op}&rows.v={value}" for field, op, value in rows]
    assert read("&".join(sent))["rows"] == [
        {"field": "a", "op": "eq", "v": "1"},
        {"op": "eq", "v": "2"},
    ]


def test_an_empty_text_is_kept_where_it_says_something() -> None:
    sent = "bare.field=a&bare.v=&bare.field=&bare.v="
    assert read(sent)["bare"] == [{"field": "a", "v": ""}]


def test_rows_are_shown_with_an_empty_one() -> None:
    bound: Any = Form(initial={"rows": [{"field": "a", "v": "1"}]})["rows"]
    cells = [[(column.name, value) for column, value in row] for row in bound.rows]
    assert cells == [
        [("field", "a"), ("op", ""), ("v", "1")],
        [("field", ""), ("op", ""), ("v", "")],
    ]
    again: Any = Form(QueryDict("rows.field=b&rows.op=eq&rows.v="))["rows"]
    assert again.rows[0][0][1] == "b"
