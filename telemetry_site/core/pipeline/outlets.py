"""Where a sink sends what comes out of it: our own store, other publishers, or both."""

import logging
from collections.abc import Callable, Iterable
from typing import NamedTuple

from telemetry_site.core.errors import BadDefinition, UnknownName
from telemetry_site.core.pipeline.plan import Plan, Sink
from telemetry_site.core.publishers.address import BadAddress
from telemetry_site.core.publishers.channels import Channel, by_key
from telemetry_site.core.publishers.registry import NOT_HERE, is_store

logger = logging.getLogger(__name__)


class Outlets(NamedTuple):
    """Whether our store is one, and the others; `faults` are URLs that had to be left out."""

    stores: bool
    channels: tuple[Channel, ...]
    faults: tuple[str, ...] = ()


def tell(found: Iterable[Outlets]) -> None:
    """Say in the log what had to be left out."""
    for one in found:
        for fault in one.faults:
            logger.error("%s. It is left out.", fault)


def outlets(plan: Plan, sink: Sink, channel_of: Callable[[str], Channel]) -> Outlets:
    """Those of a sink; as in the original, one that cannot be made is left out.

    Raises BadDefinition for one that the original has and this service has not.
    """
    stores, channels, faults = False, [], []
    for url in sink.publishers:
        try:
            if is_store(url):
                stores = True
            else:
                channels.append(channel_of(url))
        except (BadAddress, UnknownName) as error:
            why = f"publisher of sink {sink.name}: {error}"
            if url.partition(":")[0] in NOT_HERE:
                raise BadDefinition(plan.file, sink.line, why) from error
            faults.append(f"{plan.file}, line {sink.line}: {why}")
    return Outlets(stores, tuple(by_key(channels).values()), tuple(faults))
