"""prometheus://: a Pushgateway."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.publisher import Parcel
from telemetry_site.core.publishers.session import Session

# What the original sends, and the gateway takes.
HEADERS: Final = {"Content-Type": "plain/text"}
KINDS: Final = {"cumulative": "counter", "gauge": "gauge"}
ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class PushgatewayPublisher:
    """Prometheus' text format, posted to /metrics/job/JOB.

    Where the path names no labels behind the job, each resource is a group of its own. Of several
    samples of one meter and resource the latest is sent: a gateway keeps one.
    """

    def __init__(self, address: Address) -> None:
        scheme = "https" if address.option("ssl", truth, False) else "http"
        parts = address.path.strip("/").split("/")
        self._by_resource = len(parts) <= parts.index("job") + 2 if "job" in parts else False
        self._path = address.path.rstrip("/")
        self._session = Session(address, scheme)

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send. A repeat overwrites what it finds."""
        samples = latest(parcel.records)
        if not self._by_resource:
            self._post(samples, None)
            return
        groups: dict[str, list[Sample]] = {}
        for sample in samples:
            groups.setdefault(sample.resource, []).append(sample)
        for resource, some in groups.items():
            self._post(some, f"{self._path}/resource_id/{quote(resource, safe='')}")

    def close(self) -> None:
        """See Publisher.close."""
        self._session.close()

    def _post(self, samples: Sequence[Sample], path: str | None) -> None:
        if samples:
            self._session.post("".join(lines(samples)).encode(), HEADERS, path)


def latest(samples: Iterable[Sample]) -> list[Sample]:
    """The last of each meter and owner, meters together."""
    found: dict[tuple[str, str, str | None, str | None], Sample] = {}
    for one in sorted(samples, key=lambda one: one.timestamp):
        if one.volume is not None:
            found[one.meter, one.resource, one.user, one.project] = one
    return sorted(found.values(), key=lambda one: name_of(one.meter))


def lines(samples: Iterable[Sample]) -> Iterator[str]:
    """The text, with a line about the type before the first of each name."""
    named = ""
    for one in samples:
        name = name_of(one.meter)
        if name != named and one.type in KINDS:
            yield f"# TYPE {name} {KINDS[one.type]}\n"
        named = name
        labels = {"resource_id": one.resource, "user_id": one.user, "project_id": one.project}
        yield f"{name}{{{_labels(labels)}}} {one.volume}\n"


def name_of(meter: str) -> str:
    """The meter's name as Prometheus takes names."""
    return meter.replace(".", "_").replace("-", "_")


def _labels(labels: Mapping[str, str | None]) -> str:
    return ", ".join(f'{key}="{str(value).translate(ESCAPES)}"' for key, value in labels.items())
