"""What Python does for a posted sample: decode, validate, build, and encode the answer."""

from meters.posted.completion import accept
from meters.posted.messages import Terms
from telemetry_site.core.clock import now
from tests.bench import goals, turns, workload
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed

ROUNDS = 51


def measure(run: Run) -> list[Row]:
    """Microseconds a sample, the median of many batches with warm caches."""
    ((_, body),) = workload.bodies(0, 1)
    meter = workload.NAMES[0]
    terms = Terms(meter, user="u", project="p", confined_to=None, source="openstack", now=now())
    found = turns.take({"ours": lambda _: timed(lambda: accept(body, terms))}, ROUNDS)
    return [Row(goals.DECODED, found.median("ours") / workload.BATCH * 1e6)]
