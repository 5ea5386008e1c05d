"""prometheus://: a Pushgateway."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from meters.publishers.metric_names import name_of
from meters.samples import Sample
from telemetry_site.core.publishers.address import Address, truth
from telemetry_site.core.publishers.publisher import Parcel
from telemetry_site.core.publishers.session import Session
from telemetry_site.core.publishers.several import send_each

# What the original sends, and the gateway takes.
HEADERS: Final = {"Content-Type": "plain/text"}
KINDS: Final = {"cumulative": "counter", "gauge": "gauge"}
ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
UNGROUPED: Final = re.compile("/job(@base64)?/[^/]+/?$")


class PushgatewayPublisher:
    """Prometheus' text format, posted to /metrics/job/JOB.

    Where the path names no labels behind the job, each resource is a group of its own. Of several
    samples of one meter and resource the latest is sent: a gateway keeps one. Options: ssl, and
    those of Session.
    """

    def __init__(self, address: Address) -> None:
        scheme = "https" if address.option("ssl", truth, False) else "http"
        self._session = Session(address, scheme)
        self._by_resource = UNGROUPED.search(address.path) is not None
        self._path = address.path.rstrip("/")
        self._query = f"?{address.query}" if address.query else ""

    def send(self, parcel: Parcel[Sample]) -> None:
        """See Publisher.send. A repeat overwrites what it finds."""
        groups: dict[str | None, list[Sample]] = {}
        for one in latest(parcel.records):
            groups.setdefault(self._target(one), []).append(one)
        send_each(
            partial(self._session.post, text(some), HEADERS, target)
            for target, some in groups.items()
        )

    def close(self) -> None:
        """See Publisher.close."""
        self._session.close()

    def _target(self, one: Sample) -> str | None:
        """The path and query of the sample's group; None is the address itself."""
        return self._path + group_of(one.resource) + self._query if self._by_resource else None


def group_of(resource: str) -> str:
    """The part of a path that names the group of a resource.

    A gateway takes %2F for a slash, and empty parts and dots get lost on the way: such an id goes
    as base64, where the original sends what ends in another group or is refused.
    """
    if "/" in resource or resource in ("", ".", ".."):
        return f"/resource_id@base64/{urlsafe_b64encode(resource.encode()).decode() or '='}"
    return f"/resource_id/{quote(resource, safe='')}"


def latest(samples: Iterable[Sample]) -> list[Sample]:
    """The last of each series, by names: a gateway refuses a text that has a series twice."""
    found: dict[str, Sample] = {}
    for one in sorted(samples, key=lambda one: one.timestamp):
        if one.volume is not None:
            found[series_of(one)] = one
    return sorted(found.values(), key=lambda one: name_of(one.meter))


def text(samples: Sequence[Sample]) -> bytes:
    """The samples of `latest` in the text format."""
    return "".join(_lines(samples)).encode()


def series_of(one: Sample) -> str:
    """Name and labels; what is not known is None, as with the original."""
    labels = {"resource_id": one.resource, "user_id": one.user, "project_id": one.project}
    named = (f'{key}="{str(value).translate(ESCAPES)}"' for key, value in labels.items())
    return f"{name_of(one.meter)}{{{', '.join(named)}}}"


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    """With a line about the type before the first of each name."""
    named = ""
    for one in samples:
        name = name_of(one.meter)
        if name != named and one.type in KINDS:
            yield f"# TYPE {name} {KINDS[one.type]}\n"
        named = name
        yield f"{series_of(one)} {one.volume}\n"
