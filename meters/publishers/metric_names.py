"""The names of meters as Prometheus takes names."""

import re

FOREIGN = re.compile("[^a-zA-Z0-9_:]")


def name_of(meter: str) -> str:
    """Underscores for what a metric's name cannot hold, and before a digit at its start.

    One name that is none would have a receiver refuse all that comes with it.

    >>> name_of("disk.read-bytes"), name_of("1st"), name_of("")
    ('disk_read_bytes', '_1st', '_')
    """
    name = FOREIGN.sub("_", meter)
    return name if name and not name[0].isdigit() else f"_{name}"
