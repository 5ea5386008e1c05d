"""What each type of rule offers, and what rules ask."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias

from alarms.states import Decision, Standing, State
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.query.tree import Node


class Summaries(NamedTuple):
    """Asks for the buckets of the samples that `where` picks."""

    where: Node
    stretch: Stretch
    by_resource: bool = False


class Points(NamedTuple):
    """Asks for the samples themselves, from `start` on and before `end`."""

    where: Node
    start: datetime
    end: datetime


class States(NamedTuple):
    """Asks for the states of other alarms."""

    alarm_ids: tuple[str, ...]


class Instant(NamedTuple):
    """Asks Prometheus for what a query says at this moment."""

    query: str


class Failure(NamedTuple):
    """Why a question could not be answered."""

    reason: str


Question: TypeAlias = Summaries | Points | States | Instant
Answer: TypeAlias = (
    Sequence[Summary] | Sequence[Point] | Mapping[str, State] | Sequence[float] | Failure
)


class Rule(ABC):
    """A rule of an alarm; each type of alarm has a class of its own in RULES."""

    type: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """The rule that a client sends. Raises BadRequest and its kin, in the contract's words."""

    @classmethod
    @abstractmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """The rule that the table keeps; `known` is what `shown` made."""

    @abstractmethod
    def shown(self) -> dict[str, Any]:
        """The rule as the API shows it and the table keeps it."""

    @abstractmethod
    def questions(self, now: datetime) -> Sequence[Question]:
        """What has to be known at this moment to decide."""

    @abstractmethod
    def decide(
        self, answers: Sequence[Answer], standing: Standing, now: datetime
    ) -> Decision | None:
        """What the answers, in the order of the questions, mean; None: nothing is to be done."""

    @abstractmethod
    def sentence(self) -> str:
        """The rule in words, for people."""

    def scoped(self, project: str) -> Self:
        """The rule for someone who may only ask about this project.

        Raises NotAuthorized where it names another one, Forbidden where it cannot be narrowed.
        """
        return self

    def description(self) -> str:
        """What an alarm says of itself when nobody describes it."""
        return f"{self.type} alarm rule"

    @property
    def meter(self) -> str | None:
        """The meter that can be asked for in a list of alarms."""
        return None
