"""Polls one source: finds its targets, asks them, and hands the samples on."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from meters import pipelines
from meters.ids import derived_id
from meters.samples import Sample, encode_metadata
from pollsters import catalogue, ledger, plan
from pollsters.ledger import Run
from pollsters.pollster import Answer, PollError, Pollster, Reading, Target
from pollsters.sources import Source
from pollsters.targets import Targets
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.errors import TelemetryError

LONGEST_ERROR = 300
NOTHING = "It has no targets that answer."
CREDENTIALS = re.compile(r"//[^/\s@]*@")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """What all polled samples have in common: our machine's name, and the source they name."""

    host: str
    sample_source: str


@dataclass(frozen=True, slots=True)
class Poll:
    """What polling a source once brought."""

    samples: list[Sample]
    problems: list[PollError]

    @property
    def error(self) -> str:
        """What went wrong and may go well the next time; empty when nothing did."""
        return _short(" ".join(str(p) for p in self.problems if not p.permanent))

    @property
    def unavailable(self) -> str:
        """What asking again will not bring; empty when nothing is."""
        return _short(" ".join(str(p) for p in self.problems if p.permanent))


def poll(source: Source, slot: datetime, origin: Origin) -> Poll:
    """Ask all targets of the source; the samples carry the slot as their time.

    Equal slots give equal message ids, so a slot that is polled twice is stored once. One
    target or reading that fails is a problem in the result and stops no other.
    """
    result = Poll([], [])
    targets = Targets(source, origin.host)
    asked = catalogue.asked(source)
    for pollster, names in asked:
        for target in targets.of(pollster):
            answer = _answer(pollster, target, names)
            result.problems.extend(answer.problems)
            result.samples.extend(_sample(r, target, source, slot, origin) for r in answer.readings)
    result.problems.extend(targets.problems)
    if not asked:
        result.problems.append(PollError("There is no pollster for any of its meters."))
    return result


def run(job_id: int, generation: int, now: datetime, file: Path | None, origin: Origin) -> int:
    """Poll on behalf of a claimed row, and store samples and outcome together; samples stored.

    Does nothing when the row belongs to a later run by now. Raises StaleRun, with nothing
    stored, when it came to belong to one meanwhile.
    """
    claimed = ledger.begin(job_id, generation, now)
    if claimed is None:
        return 0
    try:
        return _store(claimed, poll(_source(claimed.source, file), claimed.slot, origin), now)
    except ledger.StaleRun:
        raise
    except TelemetryError as error:
        ledger.fail(claimed, _short(str(error)))
    except Exception as error:  # whatever a poll dies of is shown, and its source goes on
        logger.exception("Polling %s failed.", claimed.source)
        ledger.fail(claimed, f"It failed unexpectedly: {type(error).__name__}; the log has more.")
    return 0


def find(name: str, sources: Sequence[Source]) -> Source:
    """The source of that name. Raises PollError."""
    for source in sources:
        if source.name == name:
            return source
    known = ", ".join(source.name for source in sources) or "none"
    raise PollError(f"The polling plan has no source {name}; there are: {known}.")


def _source(name: str, file: Path | None) -> Source:
    return find(name, plan.read(file))


def _store(claimed: Run, polled: Poll, now: datetime) -> int:
    if not polled.samples:
        ledger.fail(claimed, polled.error or polled.unavailable or NOTHING)
        return 0

    def closing() -> None:
        ledger.succeed(claimed, now, error=polled.error, unavailable=polled.unavailable)

    return pipelines.publish(polled.samples, closing=closing)


def _answer(pollster: Pollster, target: Target, names: frozenset[str]) -> Answer:
    try:
        return pollster.read(target, names)
    except PollError as error:
        return Answer(problems=[error])
    except Exception as error:  # one bad target must not stop the others
        logger.exception("Polling %s failed.", target.resource)
        why = f"{target.resource} could not be read: {type(error).__name__}."
        return Answer(problems=[PollError(why)])


def _sample(
    reading: Reading, target: Target, source: Source, slot: datetime, origin: Origin
) -> Sample:
    resource = f"{target.resource}.{reading.part}" if reading.part else target.resource
    return Sample(
        meter=reading.meter.name,
        type=reading.meter.kind,
        unit=reading.meter.unit,
        volume=float(reading.volume),
        resource=resource,
        project=None,
        user=None,
        source=origin.sample_source,
        timestamp=slot,
        message_id=derived_id(source.name, reading.meter.name, resource, on_the_wire(slot)),
        metadata=encode_metadata(reading.metadata),
    )


def _short(text: str) -> str:
    """One line that fits into a table and shows no credentials of a URL."""
    line = CREDENTIALS.sub("//", " ".join(text.split()))
    return line if len(line) <= LONGEST_ERROR else f"{line[: LONGEST_ERROR - 1]}…"
