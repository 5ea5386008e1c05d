"""What polling is made of: meters, targets, the answers of a pollster, and what may go wrong."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from meters.samples import Kind
from telemetry_site.core.errors import TelemetryError


class PollError(TelemetryError):
    """Something could not be read; the text is one short sentence and holds no secret.

    `permanent` says that asking again will not help, such as a reading this machine lacks.
    """

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class PolledMeter:
    """A row of a pollster's table; `of` says whose number it is, `what` explains it."""

    name: str
    kind: Kind
    unit: str
    of: str
    what: str


@dataclass(frozen=True, slots=True)
class Target:
    """Something to ask; `kind` decides which pollsters understand it.

    A target out of a polling plan has the scheme of its URL as its kind.
    """

    kind: str
    resource: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One number; `part` is what follows the resource's name and a dot, if anything does."""

    meter: PolledMeter
    volume: float
    part: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """All that one target said, and what it could not say."""

    readings: list[Reading] = field(default_factory=list)
    problems: list[PollError] = field(default_factory=list)


class Pollster(Protocol):
    """Reads a family of meters; `discovery` finds its targets where a source names none."""

    @property
    def meters(self) -> Sequence[PolledMeter]:
        """Every meter it can read."""

    @property
    def kind(self) -> str:
        """The kind of target it understands."""

    @property
    def discovery(self) -> str:
        """The name of its own discovery."""

    def read(self, target: Target, wanted: Collection[str]) -> Answer:
        """The meters with the wanted names, read now.

        What fails is a problem in the answer and stops nothing else; PollError where the whole
        target cannot be asked.
        """


Discovery: TypeAlias = Callable[[str], Sequence[Target]]
"""Finds targets, given the name of the machine we run on."""
