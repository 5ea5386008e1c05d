"""Ceilometer's own conversion of notifications, run by the Python that has it.

`python reference_conversion.py FILE` reads notifications, a line of JSON each as they lie on the
bus. Each line on standard input is a number: it converts all of them so many times and answers with
the seconds, and how many samples and events each of them made. They are made as its notification
agent does it: by every endpoint whose filter lets the notification through, with the definitions it
ships.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import ceilometer
from ceilometer import service
from ceilometer.event import converter
from ceilometer.pipeline.sample import SampleEndpoint
from stevedore import ExtensionManager

CONTEXT = "_context_"
SHIPPED = Path(ceilometer.__file__).parent


def dispatched(said: dict[str, Any]) -> dict[str, Any]:
    """As oslo.messaging hands it to an endpoint."""
    return {
        "ctxt": {k[len(CONTEXT) :]: v for k, v in said.items() if k.startswith(CONTEXT)},
        "publisher_id": said.get("publisher_id"),
        "event_type": said["event_type"],
        "payload": said["payload"],
        "metadata": {"message_id": said["message_id"], "timestamp": said.get("timestamp")},
        "priority": said.get("priority", "INFO").lower(),
    }


def settings() -> Any:
    """Its defaults and what it ships, whatever this machine's settings of Ceilometer say."""
    nowhere = ["--config-file", os.devnull, "--config-dir", str(SHIPPED / "pipeline" / "data")]
    conf = service.prepare_service(["ceilometer", *nowhere])
    conf.set_override("meter_definitions_dirs", [str(SHIPPED / "data" / "meters.d")], "meter")
    return conf


class Conversion:
    """What its agent loads."""

    def __init__(self) -> None:
        conf = settings()
        logging.disable(logging.CRITICAL)
        loaded: Any = ExtensionManager(
            "ceilometer.sample.endpoint", invoke_on_load=True, invoke_args=(conf, None)
        )
        self._endpoints: list[SampleEndpoint] = [extension.obj for extension in loaded]
        plugins: Any = ExtensionManager("ceilometer.event.trait_plugin")
        self._events = converter.setup_events(conf, plugins)

    def samples(self, message: dict[str, Any]) -> int:
        """How many were made that have a volume."""
        if message["priority"] not in ("info", "sample"):
            return 0
        made = 0
        for endpoint in self._endpoints:
            if self._is_for(endpoint, message):
                made += sum(sample.volume is not None for sample in endpoint.build_sample(message))
        return made

    @staticmethod
    def _is_for(endpoint: SampleEndpoint, message: dict[str, Any]) -> bool:
        rule = getattr(endpoint, "filter_rule", None)
        return rule is None or rule.match(
            message["ctxt"],
            message["publisher_id"],
            message["event_type"],
            message["metadata"],
            message["payload"],
        )

    def events(self, message: dict[str, Any]) -> int:
        """Whether one was made; what cannot be made one is passed over, as its agent does."""
        if message["priority"] not in ("info", "error"):
            return 0
        try:
            return int(self._events.to_event(message["priority"], message) is not None)
        except Exception:
            return 0


def main(path: str) -> None:
    """Until standard input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what it loads prints this and that
    with Path(path).open(encoding="utf-8") as lines:
        messages = [dispatched(json.loads(line)) for line in lines]
    conversion = Conversion()
    for passes in sys.stdin:
        started = time.perf_counter()
        for _ in range(int(passes)):
            made = [(conversion.samples(one), conversion.events(one)) for one in messages]
        seconds = time.perf_counter() - started
        answers.write(json.dumps([seconds, made]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
