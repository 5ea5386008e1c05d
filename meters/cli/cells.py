r"""Cells of a CSV file that tells no text from the empty text.

An empty cell is nothing at all, as in a spreadsheet. One backslash alone is the empty text, and a
text of nothing but backslashes has one more of them. Every other text is as it is.
"""

BACKSLASH = "\\"


def to_cell(text: str | None) -> str | None:
    r"""What is written; None is an empty cell.

    >>> to_cell(None), to_cell(""), to_cell("\\"), to_cell("\\N")
    (None, '\\', '\\\\', '\\N')
    """
    if text is None or text.strip(BACKSLASH):
        return text
    return BACKSLASH + text


def from_cell(cell: str) -> str | None:
    r"""What a cell stands for.

    >>> from_cell(""), from_cell("\\"), from_cell("\\\\"), from_cell("\\N")
    (None, '', '\\', '\\N')
    """
    if not cell:
        return None
    return cell if cell.strip(BACKSLASH) else cell[1:]
