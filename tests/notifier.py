"""The notifier that services use: oslo.messaging's own, set up like one of them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it brings eventlet, which warns of itself
    import oslo_messaging
    from oslo_config import cfg

from tests.bus import Corner

RABBIT = "oslo_messaging_rabbit"


@contextmanager
def notifier(corner: Corner, driver: str, **rabbit_options: bool | int) -> Iterator[Any]:
    """One that sends to the corner's topic; options as in [oslo_messaging_rabbit]."""
    conf = cfg.ConfigOpts()
    conf([])
    url = corner.rabbit.url().replace("amqp://", "rabbit://")
    oslo_messaging.set_transport_defaults(corner.exchange)
    transport = oslo_messaging.get_notification_transport(conf, url=url)
    for name, value in rabbit_options.items():
        conf.set_override(name, value, group=RABBIT)
    try:
        yield oslo_messaging.Notifier(
            transport, "compute.host-1", driver=driver, topics=[corner.topic], retry=3
        )
    finally:
        transport.cleanup()
