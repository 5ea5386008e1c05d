"""All that makes samples of notifications: definitions of files, and those that are code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from meters.notified import metered, network, polled, requests, sensors
from meters.notified.definition import Definition
from meters.notified.drafts import Draft, Finishing, Made, Terms, Unusable
from telemetry_site.core.messaging.notification import Notification

# What makes drafts of a notification.
Maker = Callable[[Notification], Iterable[Draft]]
# Event types come from outside: so many of them are remembered.
MOST_TYPES = 10_000
BY_CODE: Mapping[str, Maker] = {
    **dict.fromkeys(polled.EVENT_TYPES, polled.drafts),
    **dict.fromkeys(requests.EVENT_TYPES, requests.drafts),
}


class Definitions:
    """Which of them a notification is for, remembered for each event type."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        terms: Terms,
        *,
        existence: bool = False,
        secret: str = "",
    ) -> None:
        """With `existence`, network objects are counted too; signatures are made with `secret`."""
        self._definitions = definitions
        self._terms = terms
        self._existence = existence
        self._secret = secret
        self._known: dict[str, tuple[Maker, ...]] = {}

    def made_of(self, said: Notification) -> Made:
        """The samples of a notification. Raises Unusable: none of them is to be stored then."""
        makers = self._known.get(said.event_type)
        if makers is None:
            makers = self._remember(said.event_type)
        if not makers:
            return Made([], [], [])
        return Finishing(said, self._terms).all(_drafts(makers, said))

    def _remember(self, event_type: str) -> tuple[Maker, ...]:
        if len(self._known) >= MOST_TYPES:
            self._known.clear()
        found = self._known[event_type] = tuple(self._makers(event_type))
        return found

    def _makers(self, event_type: str) -> Iterator[Maker]:
        for definition in self._definitions:
            if definition.matches(event_type):
                yield definition.drafts
        if event_type in BY_CODE:
            yield BY_CODE[event_type]
        if metered.is_about(event_type):
            yield partial(metered.drafts, secret=self._secret)
        if event_type.startswith(sensors.PREFIX):
            yield sensors.drafts
        if self._existence and network.is_about(event_type):
            yield network.drafts


def _drafts(makers: Iterable[Maker], said: Notification) -> Iterator[Draft]:
    for make in makers:
        try:
            yield from make(said)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            owner = getattr(make, "__self__", None)
            place = getattr(owner, "place", getattr(make, "__module__", metered.EVENT_TYPE))
            raise Unusable(f"{place}: {error}") from error
