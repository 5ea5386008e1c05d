"""What the parts of one run share: how much is measured, the server, and the stores on it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.bench import dataset, workload
from tests.bench.databases import Databases
from tests.bench.dataset import HOUR, MINUTE, Span, last_week
from tests.bench.sizes import Size

WIDE_STEP = timedelta(minutes=20)
PER_PROJECT = 20  # resources


@dataclass
class Run:
    """One run of the bench; each store is made when it is first asked for."""

    size: Size
    databases: Databases
    recorded: Path | None = None  # a folder of notifications that real services have sent

    @cached_property
    def week(self) -> Span:
        """What the stores hold samples of."""
        return last_week()

    @cached_property
    def minutely(self) -> BaseDatabaseWrapper:
        """A week of one meter of some resources, a sample a minute, 20 resources a project."""
        made = self.databases.migrated("minutely")
        count = self.size.minutely
        first = self.week.start
        projects = count // PER_PROJECT
        samples = dataset.first_samples(1, range(count), first, projects)
        dataset.begin(samples, self.week)
        dataset.fill(first, self.week, MINUTE)
        dataset.settle()
        return made

    @cached_property
    def wide(self) -> BaseDatabaseWrapper:
        """10,000 series, a sample every 20 minutes."""
        made = self.databases.migrated("wide")
        first, end = self.week.start, self.week.end
        resources = range(workload.RESOURCES)
        meters = workload.NAMES
        samples = dataset.first_samples(len(meters), resources, first, workload.PROJECTS)
        dataset.begin(samples, self.week)
        dataset.fill(first, self.week, WIDE_STEP, meters[:1])
        last_hours = Span(end - self.size.wide_hours * HOUR, end)
        dataset.fill(first, last_hours, WIDE_STEP, meters[1:])
        dataset.settle()
        return made
