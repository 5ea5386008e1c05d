"""Rows of statistics put together from partial ones, without losing a digit of the deviation."""

# Of partial rows c (n, total, lowest, highest, earliest, latest), by whatever they are grouped.
MERGED = """
    CAST(sum(c.n) AS bigint) AS n, sum(c.total) AS total,
    min(c.lowest) AS lowest, max(c.highest) AS highest,
    min(c.earliest) AS earliest, max(c.latest) AS latest"""

# Where c also has squares, and the mean of the row it will be part of. By Chan's formula: a plain
# sum of squares would lose every digit of a large counter.
SQUARES = """
    COALESCE(sum(c.squares + CASE WHEN c.n > 0
        THEN c.n * (c.total / c.n - c.mean) * (c.total / c.n - c.mean) ELSE 0 END), 0)"""


def with_mean(partial: str, keys: str) -> str:
    """The partial rows, each with the mean of all that have its keys."""
    mean = "sum(c.total) OVER w / NULLIF(sum(c.n) OVER w, 0)"
    return f"SELECT c.*, {mean} AS mean FROM ({partial}) c WINDOW w AS (PARTITION BY {keys})"
