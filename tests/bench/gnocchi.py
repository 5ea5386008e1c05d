"""The same samples to us and to gnocchi, in turns, and one question put to both.

Gnocchi is done when it says that nothing is left to be processed: until then it cannot answer.
Nothing is left to process here once a POST is answered.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from telemetry_site.core.clock import now, on_the_wire
from tests import gnocchi_server
from tests.bench import goals, http_load, keeping, server, turns, workload
from tests.bench.agreement import Disagreement, nearly
from tests.bench.databases import used
from tests.bench.dataset import DAY, HOUR, MINUTE, Span, midnight
from tests.bench.questions import HOURLY
from tests.bench.rows import Goal, Row
from tests.bench.run import WIDE_STEP, Run
from tests.bench.shapes import Series, Shape, every
from tests.bench.turns import timed
from tests.gnocchi_server import LOGIN, Gnocchi

QUESTIONS = 61  # rounds
WEEK_POINTS = 504
DAYS = 30
PARTS = ("field", "op", "value")  # of a condition


def measure(run: Run) -> list[Row]:
    """The rows of loading and of asking."""
    url = run.databases.empty("beside_gnocchi")
    with (
        gnocchi_server.running(run.databases.empty("gnocchi")) as peer,
        server.running(url) as served,
    ):
        begin = midnight(now()) - DAYS * DAY
        wide, some = every(run.size.live, workload.RESOURCES), every(1, run.size.bulk)
        both = Both(served.port, peer, _metrics(peer, wide))
        week = Shape(some, WEEK_POINTS, WIDE_STEP, begin)
        hour = Shape(some, 60, MINUTE, begin + 22 * DAY)
        live = Shape(wide, 1, MINUTE, begin + 23 * DAY)
        both.warm(Shape(wide, 1, MINUTE, begin - HOUR))
        both.ours(Shape(some[:1], DAYS, DAY, begin), 0)  # a store that runs has made its partitions
        rounds = run.size.peer_rounds
        last = week.start + (rounds - 1) * WEEK_POINTS * WIDE_STEP
        return [
            both.row(goals.GNOCCHI_WEEK, week, rounds),
            _asked(run, both, Span(last, last + WEEK_POINTS * WIDE_STEP)),
            both.row(goals.GNOCCHI_HOUR, hour, rounds),
            both.row(goals.GNOCCHI_LIVE, live, rounds),
        ]


@dataclass(frozen=True, slots=True)
class Both:
    """Our port, gnocchi, and the ids of its metrics."""

    port: int
    peer: Gnocchi
    metrics: Mapping[Series, str]

    def warm(self, shape: Shape) -> None:
        """Let both see every series once."""
        self.ours(shape, 0)
        self.gnocchi(shape, 0)

    def row(self, goal: Goal, shape: Shape, rounds: int) -> Row:
        """Samples a second of both, in turns."""
        ways = {
            "ours": lambda turn: self.ours(shape, turn),
            "gnocchi": lambda turn: self.gnocchi(shape, turn),
        }
        found = turns.take(ways, rounds)
        against = (
            f"gnocchi ({found.median('gnocchi'):,.0f}/s); "
            f"{len(shape.series):,} metrics, {shape.count:,} samples in each of {rounds} rounds"
        )
        return Row(goal, found.median("ours"), found.ratio("ours", to="gnocchi"), against)

    def ours(self, shape: Shape, turn: int) -> float:
        """Samples a second until every POST is answered."""
        return shape.count / http_load.post(self.port, shape.posts(turn))

    def gnocchi(self, shape: Shape, turn: int) -> float:
        """Samples a second until gnocchi has processed them."""
        posts = shape.measures(turn, self.metrics)

        def work() -> None:
            http_load.post(self.peer.port, posts, LOGIN)
            self.peer.wait_until_processed()

        return shape.count / timed(work)


def _metrics(peer: Gnocchi, series: Sequence[Series]) -> dict[Series, str]:
    """Makes the metrics, with the policy of 5 minutes for 30 days; their ids."""
    names = {meter: workload.NAMES[meter] for meter, _ in series}
    asked = {name: {"archive_policy_name": "low"} for name in names.values()}

    def make(resource: int) -> dict[Series, str]:
        owner = {
            "user_id": workload.user(resource),
            "project_id": workload.project(resource),
        }
        body = {"id": workload.resource(resource), **owner, "metrics": asked}
        made = peer.call("POST", "/v1/resource/generic", msgspec.json.encode(body))
        return {(meter, resource): made["metrics"][name] for meter, name in names.items()}

    with ThreadPoolExecutor(http_load.CLIENTS) as pool:
        found = pool.map(make, sorted({resource for _, resource in series}))
        return {one: metric for some in found for one, metric in some.items()}


def _asked(run: Run, both: Both, span: Span) -> Row:
    """The hourly means of a series over a week, from both; they have to be the same."""
    with used(run.databases.connected("beside_gnocchi")):
        keeping.roll_up(now())
    ours, theirs = _our_path(span), _their_path(span, both.metrics[0, 7])
    _compare(
        http_load.call(both.port, "GET", ours),
        both.peer.call("GET", theirs),
    )
    ways = {
        "ours": lambda _: timed(lambda: http_load.exchange(both.port, "GET", ours)),
        "gnocchi": lambda _: timed(lambda: both.peer.call("GET", theirs)),
    }
    found = turns.take(ways, QUESTIONS)
    against = f"gnocchi's mean of a metric, resampled ({found.median('gnocchi') * 1e3:.1f} ms)"
    value, ratio = found.median("ours") * 1e3, found.ratio("gnocchi", to="ours")
    return Row(goals.GNOCCHI_ASKED, value, ratio, f"{against}; {WEEK_POINTS} samples in the week")


def _our_path(span: Span) -> str:
    asked = [
        ("resource_id", "eq", workload.resource(7)),
        ("timestamp", "ge", on_the_wire(span.start)),
        ("timestamp", "lt", on_the_wire(span.end)),
    ]
    words = [(f"q.{part}", word) for one in asked for part, word in zip(PARTS, one, strict=True)]
    return f"{workload.path(0)}/statistics?{urlencode([*words, ('period', HOURLY)])}"


def _their_path(span: Span, metric: str) -> str:
    words = {
        "aggregation": "mean",
        "granularity": 300,
        "resample": HOURLY,
        "start": on_the_wire(span.start),
        "stop": on_the_wire(span.end),
    }
    return f"/v1/metric/{metric}/measures?{urlencode(words)}"


def _compare(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Sequence[Any]]) -> None:
    """Raises Disagreement unless each hour has the same mean."""
    mine = {_hour(row["period_start"]): row["avg"] for row in ours}
    other = {_hour(moment): mean for moment, _, mean in theirs}
    if not mine or mine.keys() != other.keys():
        raise Disagreement(f"{len(mine)} hours here and {len(other)} hours of gnocchi's")
    wrong = [hour for hour, mean in mine.items() if not nearly(mean, other[hour])]
    if wrong:
        raise Disagreement(f"gnocchi has another mean for {wrong[0]}")


def _hour(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
