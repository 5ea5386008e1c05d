"""The registries of pollsters and discoveries."""

from collections import Counter

from meters.samples import KINDS
from pollsters import catalogue
from pollsters.sources import Source


def test_it_asks_only_pollsters_that_read_a_meter_of_the_source() -> None:
    assert catalogue.asked(Source("s", 60, ("no.such.meter",))) == []
    ((_, names),) = catalogue.asked(Source("s", 60, ("hardware.cpu.load.?min",)))
    assert names == {"hardware.cpu.load.1min", "hardware.cpu.load.5min"}


def test_it_lists_every_meter_once_with_a_sentence_on_it() -> None:
    rows = catalogue.polled_meters()
    assert max(Counter(row.name for row in rows).values()) == 1
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    assert all(row.kind in KINDS and row.unit and row.of and row.what for row in rows)


def test_it_knows_the_discovery_of_every_pollster() -> None:
    assert {p.discovery for p in catalogue.POLLSTERS} <= set(catalogue.DISCOVERIES)
