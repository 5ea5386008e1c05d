"""The machine we run on, as a pollster and as its only target."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pollsters.host.meters import METERS, HostMeter
from pollsters.host.readings import READINGS, Part
from pollsters.pollster import Answer, PollError, Reading, Target

KIND = "this machine"  # not the scheme of any URL, so that no plan can give it another name
LACKING = (NotImplementedError, FileNotFoundError, AttributeError)

logger = logging.getLogger(__name__)


def this_machine(host: str) -> Sequence[Target]:
    """The discovery of the machine we run on, under the name it has in samples."""
    return (Target(KIND, host),)


class HostPollster:
    """Reads processors, memory, disks and network of the machine we run on."""

    meters = METERS
    kind = KIND
    discovery = "this_machine"

    def __init__(self, readings: Mapping[str, Callable[[], Iterator[Part]]] = READINGS) -> None:
        self._readings = readings

    def read(self, target: Target, wanted: Collection[str]) -> Answer:
        """One reading for each meter and part; a group that fails leaves the others alone."""
        answer = Answer()
        for group, take in self._readings.items():
            rows = [row for row in METERS if row.group == group and row.name in wanted]
            if rows:
                self._read_group(group, take, rows, target.resource, answer)
        return answer

    def _read_group(
        self,
        group: str,
        take: Callable[[], Iterator[Part]],
        rows: Sequence[HostMeter],
        host: str,
        answer: Answer,
    ) -> None:
        try:
            for part in take():
                answer.readings += _readings(rows, part, host)
        except LACKING as error:
            logger.info("This machine has no reading of %s: %s", group, error)
            problem = PollError(f"This machine has no reading of {group}.", permanent=True)
            answer.problems.append(problem)
        except Exception as error:  # one bad reading must not stop the others
            logger.warning("Reading %s failed.", group, exc_info=True)
            answer.problems.append(PollError(f"Reading {group} failed: {_why(error)}."))


def _readings(rows: Sequence[HostMeter], part: Part, host: str) -> list[Reading]:
    metadata = {"host": host, **part.metadata}
    return [
        Reading(row, part.values[row.key], part.name, metadata)
        for row in rows
        if row.key in part.values
    ]


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
