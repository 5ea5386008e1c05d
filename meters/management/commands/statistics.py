"""Prints statistics of a meter."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from meters import queries
from meters.api import statistics
from meters.cli.naming import add_meter, meter_of
from meters.statistics import STANDARD
from telemetry_site.core import clock
from telemetry_site.core.cli.arguments import add_query, arguments_of, caller_of
from telemetry_site.core.cli.command import AskingCommand, Error
from telemetry_site.core.cli.printing import Column, columns

PERIOD = columns(statistics.WireStatistics, "period", "duration_start", "duration_end")


class Command(AskingCommand):
    """`manage.py statistics cpu_util --period 3600 --groupby project_id --aggregate max`"""

    help = "Print statistics of a meter: one line for each period, group and unit with samples."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What GET /v2/meters/{name}/statistics takes."""
        add_meter(parser, "Statistics of this meter.")
        add_query(parser)
        parser.add_argument("-p", "--period", help="Seconds of each period; unset: one period.")
        parser.add_argument(
            "-g",
            "--groupby",
            action="append",
            help="user_id, project_id, resource_id, source or resource_metadata.instance_type. "
            "Can be repeated.",
        )
        parser.add_argument(
            "-a",
            "--aggregate",
            action="append",
            help="max, min, avg, sum, count, stddev or 'cardinality<-resource_id' (or user_id, "
            "project_id, source); unset: the first five. Can be repeated.",
        )
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        meter = meter_of(options)
        if meter is None:
            raise Error("Name a meter; 'manage.py meters --unique' lists them.")
        asked = statistics.question(arguments_of(options), meter, clock.now())
        found = queries.statistics(asked.query, caller_of(options))
        rows = [statistics.row(each, asked) for each in found]
        self.print_rows(rows, fields(asked), options)


def fields(asked: statistics.Question) -> tuple[Column, ...]:
    """Period, group, unit, the aggregates that were asked for, duration: each a column."""
    wire = {column.name: column for column in PERIOD}
    selected = {each.function for each in asked.named.values()} or set(STANDARD)
    groups = [Column(name, partial(_inside, "groupby", name)) for name in asked.groupby]
    more = [
        Column(name, partial(_inside, "aggregate", name))
        for name in asked.named
        if name not in STANDARD
    ]
    standard = [wire[name] for name in STANDARD if name in selected]
    duration = [wire[name] for name in ("duration", "duration_start", "duration_end")]
    period = [wire[name] for name in ("period", "period_start", "period_end")]
    return (*period, *groups, wire["unit"], *standard, *more, *duration)


def _inside(name: str, key: str, row: statistics.WireStatistics) -> Any:
    return getattr(row, name)[key]
