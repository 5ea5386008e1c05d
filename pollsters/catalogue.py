"""Every pollster and every discovery there is, and which of them a source asks."""

from pollsters.host.pollster import HostPollster, this_machine
from pollsters.pollster import Discovery, PolledMeter, Pollster
from pollsters.sources import Source

POLLSTERS: tuple[Pollster, ...] = (HostPollster(),)
DISCOVERIES: dict[str, Discovery] = {"this_machine": this_machine}


def asked(source: Source) -> list[tuple[Pollster, frozenset[str]]]:
    """The pollsters that read a meter of the source, each with the names of those meters."""
    found = []
    for pollster in POLLSTERS:
        names = frozenset(row.name for row in pollster.meters if source.takes(row.name))
        if names:
            found.append((pollster, names))
    return found


def polled_meters() -> list[PolledMeter]:
    """Every meter that can be polled, by name."""
    return sorted((row for p in POLLSTERS for row in p.meters), key=lambda row: row.name)
