"""Combination rules: the states of other alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, cast

from alarms.attributes import Attribute, listed, one_of, read, text
from alarms.rules import combining
from alarms.rules.rule import Answer, Question, Rule, States
from alarms.states import Decision, Standing, State
from telemetry_site.core.errors import BadRequest

ATTRIBUTES = (
    Attribute("operator", one_of("and", "or"), "and"),
    Attribute("alarm_ids", listed(text), mandatory=True),
)
TOO_FEW = "Alarm combination rule should contain at least two different alarm ids."


@dataclass(frozen=True, slots=True)
class CombinationRule(Rule):
    """Other alarms, all or one of which must be in alarm."""

    type: ClassVar[str] = "combination"

    operator: Literal["and", "or"]
    alarm_ids: tuple[str, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """See Rule."""
        found = read(given, ATTRIBUTES, "data.combination_rule")
        ids = tuple(dict.fromkeys(found["alarm_ids"]))
        if len(ids) < 2:
            raise BadRequest(TOO_FEW)
        return cls(found["operator"], ids)

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls(known["operator"], tuple(known["alarm_ids"]))

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return {"operator": self.operator, "alarm_ids": list(self.alarm_ids)}

    def questions(self, now: datetime) -> Sequence[Question]:
        """See Rule."""
        return (States(self.alarm_ids),)

    def decide(
        self, answers: Sequence[Answer], standing: Standing, now: datetime
    ) -> Decision | None:
        """See Rule."""
        states = cast(Mapping[str, State], answers[0])
        return combining.decide(self.operator, self.alarm_ids, states, standing)

    def description(self) -> str:
        """See Rule."""
        return f"Combined state of alarms {f' {self.operator} '.join(self.alarm_ids)}"

    def sentence(self) -> str:
        """See Rule."""
        which = "All of these alarms are" if self.operator == "and" else "One of these alarms is"
        return f"{which} in alarm: {', '.join(self.alarm_ids)}."
