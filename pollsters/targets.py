"""Which targets a pollster is to ask on behalf of a source."""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from pollsters.catalogue import DISCOVERIES, POLLSTERS
from pollsters.pollster import PollError, Pollster, Target
from pollsters.sources import Source

logger = logging.getLogger(__name__)


class Targets:
    """The targets of one source in one poll; what goes wrong is gathered in `problems`.

    What the source names is given to the pollsters that understand it; where it names nothing,
    each pollster's own discovery finds them. Each discovery is asked once.
    """

    def __init__(self, source: Source, host: str) -> None:
        self.problems: list[PollError] = []
        self._host = host
        self._found: dict[str, Sequence[Target]] = {}
        self._finds_itself = not source.resources and not source.discovery
        self._given = [_static(url) for url in source.resources]
        self._note_strangers()
        for name in source.discovery:
            self._given += self._discovered(name)

    def of(self, pollster: Pollster) -> list[Target]:
        """What the pollster is to ask, each once."""
        given = self._discovered(pollster.discovery) if self._finds_itself else self._given
        return list(dict.fromkeys(t for t in given if t.kind == pollster.kind))

    def _discovered(self, name: str) -> Sequence[Target]:
        if name not in self._found:
            self._found[name] = self._discover(name)
        return self._found[name]

    def _discover(self, name: str) -> Sequence[Target]:
        if name not in DISCOVERIES:
            known = ", ".join(sorted(DISCOVERIES))
            self.problems.append(PollError(f"There is no discovery {name!r}; there are: {known}."))
            return ()
        try:
            return DISCOVERIES[name](self._host)
        except PollError as error:
            self.problems.append(error)
        except Exception as error:  # one bad discovery must not stop the others
            logger.exception("The discovery %s failed.", name)
            why = f"The discovery {name!r} failed: {type(error).__name__}."
            self.problems.append(PollError(why))
        return ()

    def _note_strangers(self) -> None:
        strange = {target.kind for target in self._given} - {p.kind for p in POLLSTERS}
        self.problems += [
            PollError(f"No pollster reads resources of the kind {kind!r}.")
            for kind in sorted(strange)
        ]


def _static(url: str) -> Target:
    parts = urlsplit(url)
    return Target(parts.scheme, parts.hostname or url, url)
