"""Every row there is: its name, its unit, what it aims at and what it must not fall below."""

from tests.bench.rows import Goal

POSTED = Goal("POST of 1,000-sample batches, PostgreSQL", "samples/s", 0.7, 0.5)
POSTED_OLD = Goal(
    "POST of 1,000-sample batches, against the old way", "samples/s", 250, 100, form="times"
)
POSTED_SQLITE = Goal("POST of 1,000-sample batches, SQLite", "samples/s")
DECODED = Goal("decode, validate and encode 1,000 posted samples", "µs a sample")
REDELIVERED = Goal("everything delivered again, nothing stored twice", "samples/s", 0.7, 0.5)

TRANSFORMED = Goal(
    "10,000 samples a delivery through the shipped pipeline, PostgreSQL", "samples/s", None, 0.4
)
CONVERTED = Goal(
    "notifications to samples and events, against Ceilometer 27.0.0", "notifications/s", 10, 5,
    form="times",
)  # fmt: skip
CONSUMED = Goal(
    "notifications from RabbitMQ to committed rows, PostgreSQL", "notifications/s", 0.7, 0.5
)
CONSUMED_BY_TWO = Goal(
    "the same with two consumers, against one", "notifications/s", 1.5, 1.01, form="times"
)
FOUND_OFTEN = Goal("events with two traits that are frequent", "ms", 50, 10, form="times")
FOUND_RARELY = Goal("events with two traits, one of them rare", "ms", form="times")
EVENT_BYTES = Goal("bytes an event of eight traits, index included", "B", form="times")

EVALUATED = Goal(
    "a round of 10,000 alarms over one resource each, 3 periods of 60 s",
    "s", 3, 10, of="value", less=True, form="times",
)  # fmt: skip
EVALUATED_TOGETHER = Goal("the same, against one alarm at a time", "s", 20, 10, form="times")
EVALUATED_PROJECTS = Goal(
    "a round of 1,000 alarms over the 20 resources of a project each",
    "s", 2, 10, of="value", less=True, form="times",
)  # fmt: skip
EVALUATED_STACKS = Goal(
    "a round of 1,000 alarms over the 20 resources with one metadata each",
    "s", 2, 10, of="value", less=True, form="times",
)  # fmt: skip
FIRED = Goal(
    "events taken in while 1,000 alarms wait for events, one in ten fires one",
    "events/s", 1_000, 1_000, of="value",
)  # fmt: skip

ONE_SERIES = Goal(
    "statistics of one series, 7 days by hours, a sample a minute",
    "ms", 2, 5, of="value", less=True, form="times",
)  # fmt: skip
PROJECT = Goal(
    "statistics of the 20 resources of a project, 7 days by hours, a sample a minute",
    "ms", 4, 10, of="value", less=True, form="times",
)  # fmt: skip
ALL_PROJECTS = Goal(
    "statistics of 1,000 resources by project, 7 days by hours",
    "ms", 150, 300, of="value", less=True, form="times",
)  # fmt: skip
LATEST = Goal("latest sample of 10,000 series", "ms", 100, 200, of="value", less=True, form="times")
GROWTH = Goal(
    "statistics of one series, 7 days by hours, in a large store against a small one",
    "ms", 1.3, 2, less=True, form="times",
)  # fmt: skip

LATE = Goal(
    "1,000 late (series, hour) pairs rolled up again",
    "ms", 30, 100, of="value", less=True, form="times",
)  # fmt: skip
DAY_DROPPED = Goal(
    "a day dropped, whatever its size", "s", 0.1, 0.5, of="value", less=True, form="times"
)
BYTES = Goal("bytes a sample, index included", "B", 140, 160, of="value", less=True)
MEMORY = Goal(
    "largest process of the web server while samples pass through",
    "MB", None, 300, of="value", less=True,
)  # fmt: skip

GNOCCHI_LIVE = Goal(
    "POST, against gnocchi, processed, 1 point a metric a request",
    "samples/s", 600, 200, form="times",
)  # fmt: skip
GNOCCHI_HOUR = Goal(
    "POST, against gnocchi, processed, 60 points a metric a request",
    "samples/s", 20, 10, form="times",
)  # fmt: skip
GNOCCHI_WEEK = Goal(
    "POST, against gnocchi, processed, 504 points a metric a request",
    "samples/s", 5, 3, form="times",
)  # fmt: skip
GNOCCHI_ASKED = Goal(
    "GET of the statistics of one series, 7 days by hours, against gnocchi",
    "ms", 2, 1, form="times",
)  # fmt: skip
