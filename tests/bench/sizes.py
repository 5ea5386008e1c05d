"""How much is measured: `small` ends in some two minutes, `full` is what the goals are about."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int  # of POSTs
    batches: int  # of 1,000 samples in each of them
    seconds: float  # that a question may be repeated for
    minutely: int  # series with a sample a minute
    wide_hours: int  # of samples of every meter but the first, which has a week of them
    passing: int  # batches that pass through while memory is looked at
    notifications: int  # taken from a queue in each round
    growth: tuple[int, ...]  # samples in the stores that grow
    day: int  # series of the large day that is dropped
    live: int  # meters of 1,000 resources that gnocchi gets one point of
    bulk: int  # metrics that gnocchi gets many points of
    peer_rounds: int
    watched: timedelta  # of samples that alarms are evaluated over


SIZES = {
    "small": Size(
        rounds=7, batches=100, seconds=2, minutely=60, wide_hours=8, passing=300,
        notifications=5_000,
        growth=(50_400, 252_000, 1_008_000), day=2_000, live=1, bulk=200, peer_rounds=3,
        watched=timedelta(minutes=30),
    ),
    "full": Size(
        rounds=15, batches=100, seconds=15, minutely=200, wide_hours=168, passing=5_000,
        notifications=20_000,
        growth=(1_008_000, 5_040_000, 20_160_000), day=10_000, live=4, bulk=1_000, peer_rounds=3,
        watched=timedelta(hours=2),
    ),
}  # fmt: skip
