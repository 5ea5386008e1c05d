"""What Python does for a posted sample: decode, validate, build, and encode the answer."""

import os
import time
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "telemetry_site.settings")
django.setup()

from meters.posted.completion import accept  # noqa: E402 - Django has to be set up before
from meters.posted.messages import Terms  # noqa: E402
from telemetry_site.core.clock import now  # noqa: E402
from tests.bench import workload  # noqa: E402
from tests.bench.rows import Row  # noqa: E402

ROUNDS = 51


def rows() -> list[Row]:
    """Microseconds a sample, the median of many batches with warm caches."""
    (meter, body), *_ = workload.bodies(0, 1)
    terms = Terms(meter, user="u", project="p", confined_to=None, source="openstack", now=now())
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        accept(body, terms)
        took.append(time.perf_counter() - started)
    value = median(took) / workload.BATCH * 1e6
    return [Row("decode, validate and encode 1,000 posted samples", value, "µs a sample")]
