"""Cells that tell no text from the empty text, in both directions."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters.cli.cells import MOST_TEXTS, Texts, quoted, to_cell

HARD = st.text(alphabet='\\N",\r\n a') | st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (None, ""),
        ("", "\\"),
        ("\\", "\\\\"),
        ("\\\\", "\\\\\\"),
        ("\\N", "\\N"),
        ("C:\\", "C:\\"),
        ('say "hi"', '"say ""hi"""'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
    ],
)
def test_nothing_is_an_empty_cell_and_an_empty_text_is_a_backslash(
    text: str | None, cell: str
) -> None:
    assert to_cell(text) == cell


@given(st.none() | HARD)
def test_what_is_written_is_read_again(text: str | None) -> None:
    line = f"{to_cell(text)},{quoted(text or '')},end\r\n"
    (row,) = csv.reader(StringIO(line, newline=""), strict=True)
    assert (Texts()[row[0]], row[1:]) == (text, [text or "", "end"])


def test_texts_are_shared_and_their_number_is_bounded() -> None:
    texts = Texts()
    first = texts["".join(("vm", "-1"))]
    assert texts["".join(("vm", "-1"))] is first
    for number in range(MOST_TEXTS + 5):
        assert texts[str(number)] == str(number)
    assert len(texts) <= MOST_TEXTS
