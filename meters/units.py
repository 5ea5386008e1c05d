"""Numbers as people read them: which multiple of a unit, how many digits."""

from dataclasses import dataclass
from math import floor, isfinite, log10

NONE = "–"
BYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
# Clouds count memory and volumes in these and mean powers of 1024.
LARGE = ("KB", "MB", "GB", "TB", "PB")
TIMES = (
    ("ns", 1.0),
    ("µs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("min", 60e9),
    ("h", 3600e9),
    ("d", 86400e9),
)
DURATIONS = tuple(name for name, _ in TIMES)
# Of things that are counted and have no multiples of their own.
COUNTS = ((1e12, "T"), (1e9, "G"), (1e6, "M"))
NO_UNIT = "1"
DIGITS = 4
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-6, 1e15


@dataclass(frozen=True, slots=True)
class Scale:
    """A number divided by `factor` is in `unit`."""

    factor: float = 1.0
    unit: str = ""


def scale(value: float, unit: str | None) -> Scale:
    """The multiple of the unit in which a number of this size reads best.

    >>> scale(5 * 2**20, "B")
    Scale(factor=1048576.0, unit='MiB')
    >>> scale(7200e9, "ns")
    Scale(factor=3600000000000.0, unit='h')
    >>> scale(12, "instance"), scale(12e6, "packet")
    (Scale(factor=1.0, unit='instance'), Scale(factor=1000000.0, unit='M packet'))
    """
    unit = unit if unit and unit != NO_UNIT else ""
    name, slash, per = unit.partition("/")
    for step, factor in reversed(_steps(name)):
        if abs(value) >= factor:
            return Scale(factor, step + slash + per)
    if name not in (*BYTES, *LARGE, *DURATIONS):
        for factor, prefix in COUNTS:
            if abs(value) >= factor:
                return Scale(factor, f"{prefix} {unit}".rstrip())
    return Scale(1.0, unit)


def _steps(unit: str) -> list[tuple[str, float]]:
    """The unit and its multiples, each with how many of the unit it holds."""
    for chain in (BYTES, LARGE):
        if unit in chain:
            multiples = chain[chain.index(unit) :]
            return [(name, 1024.0**power) for power, name in enumerate(multiples)]
    for place, (name, one) in enumerate(TIMES[:4]):
        if unit == name:
            return [(longer, factor / one) for longer, factor in TIMES[place:]]
    return []


def number(value: float | None) -> str:
    """With thousands set apart, to four digits or to the whole.

    >>> [number(v) for v in (None, 1234567.0, 1234.5678, 12.34567, 0.00012345, 0.0, 2e17)]
    ['–', '1,234,567', '1,235', '12.35', '0.0001234', '0', '2e+17']
    """
    if value is None:
        return NONE
    size = abs(value)
    if not isfinite(value) or size >= LARGEST_PLAIN or 0 < size < SMALLEST_PLAIN:
        return f"{value:.4g}"
    behind = max(0, DIGITS - 1 - floor(log10(size))) if size else 0
    text = f"{value:,.{behind}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: float | None, unit: str | None) -> str:
    """A number with its unit, in the multiple that reads best.

    >>> quantity(1536.0, "B"), quantity(12.5, "%"), quantity(3.0, None)
    ('1.5 KiB', '12.5 %', '3')
    """
    if value is None:
        return NONE
    best = scale(value, unit)
    return f"{number(value / best.factor)} {best.unit}".rstrip()


def duration(seconds: int) -> str:
    """A length of time in its largest whole unit.

    >>> [duration(s) for s in (45, 300, 5400, 7200, 86400, 604800)]
    ['45 s', '5 min', '90 min', '2 h', '1 day', '7 days']
    """
    for name, length in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            count = seconds // length
            return f"{count:,} {name}{'s' if name == 'day' and count > 1 else ''}"
    return f"{seconds:,} s"
