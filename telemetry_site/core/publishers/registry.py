"""The publishers that both samples and events have, by the scheme of their addresses."""

from typing import Final

SHARED: Final = {
    "http": "telemetry_site.core.publishers.http:HttpPublisher",
    "https": "telemetry_site.core.publishers.http:HttpPublisher",
    "file": "telemetry_site.core.publishers.file:FilePublisher",
    "notifier": "telemetry_site.core.publishers.notifier:NotifierPublisher",
    "test": "telemetry_site.core.publishers.memory:MemoryPublisher",
}
