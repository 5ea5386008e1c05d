r"""Cells of a CSV file in which nothing is not the empty text.

An empty cell is nothing at all, as in a spreadsheet. One backslash alone is the empty text, and a
text of nothing but backslashes has one more of them. Every other text is as it is.
"""

import re
from functools import lru_cache

BACKSLASH = "\\"
QUOTE = '"'
MOST_TEXTS = 10_000

_needs_quotes = re.compile('[,"\r\n]').search


def quoted(text: str) -> str:
    """The text as RFC 4180 writes it; the csv module of old Pythons takes many times as long.

    >>> quoted('a"b'), quoted("ab")
    ('"a""b"', 'ab')
    """
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if _needs_quotes(text) else text


@lru_cache(maxsize=MOST_TEXTS)
def to_cell(text: str | None) -> str:
    r"""What is written, quoted where it has to be.

    >>> to_cell(None), to_cell(""), to_cell("\\"), to_cell("\\N"), to_cell("a,b")
    ('', '\\', '\\\\', '\\N', '"a,b"')
    """
    if text is None:
        return ""
    return quoted(text) if text.strip(BACKSLASH) else BACKSLASH + text


class Texts(dict[str, str | None]):
    r"""What cells stand for; equal cells give one and the same text, which is quick to look up.

    >>> [Texts()[cell] for cell in ("", "\\", "\\\\", "\\N")]
    [None, '', '\\', '\\N']
    """

    def __missing__(self, cell: str) -> str | None:
        text = cell if cell.strip(BACKSLASH) else cell[1:]
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[cell] = found = text if cell else None
        return found
