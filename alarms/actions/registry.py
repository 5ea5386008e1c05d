"""The actions by the scheme of their address."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from alarms.actions.action import Action
from telemetry_site.core.registry import Registry

ACTIONS: Final = Registry[Callable[[Mapping[str, Any]], Action]](
    "action",
    {
        "http": "alarms.actions.webhook:Webhook",
        "https": "alarms.actions.webhook:Webhook",
        "log": "alarms.actions.log:Log",
        "test": "alarms.actions.memory:Memory",
    },
)
ADMINS_ONLY: Final = ("log", "test")
OF_KEYSTONE: Final = ("trust+http", "trust+https", "trust+zaqar", "trust+heat", "zaqar")
