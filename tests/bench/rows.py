"""What a row of the bench is: what is measured, how good it should be, and how good it was."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What is measured, and its bounds.

    `aim` and `floor` bound the ratio or the value, as `of` says; `less` means that less is
    better, and `form` how a ratio is written: as a share (70 %) or as times (250x).
    """

    name: str
    unit: str
    aim: float | None = None
    floor: float | None = None
    of: Literal["ratio", "value"] = "ratio"
    less: bool = False
    form: Literal["share", "times"] = "share"

    def bound(self, number: float | None) -> str:
        """A bound as it is written; empty where there is none."""
        if number is None:
            return ""
        return self.written(number) if self.of == "ratio" else f"{number:g} {self.unit}"

    def written(self, ratio: float | None) -> str:
        """A ratio as it is written; empty where there is none."""
        if ratio is None:
            return ""
        if self.form == "share":
            return f"{ratio:.0%}"
        return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.1f}x"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `ratio` is to what `against` names, measured in the same run."""

    goal: Goal
    value: float
    ratio: float | None = None
    against: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the floor holds; None where there is none."""
        floor = self.goal.floor
        found = self.ratio if self.goal.of == "ratio" else self.value
        if floor is None or found is None:
            return None
        return found <= floor if self.goal.less else found >= floor

    def plain(self) -> dict[str, Any]:
        """For JSON, goal and figures side by side."""
        figures = {"value": self.value, "ratio": self.ratio, "against": self.against}
        return {**asdict(self.goal), **figures, "ok": self.ok}


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | ratio | of | aim | floor |", "|---|---|---|---|---|---|"]
    for row in rows:
        goal = row.goal
        value = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.3g}"
        bounds = [goal.bound(goal.aim), goal.bound(goal.floor)]
        figures = [f"{value} {goal.unit}", goal.written(row.ratio), row.against]
        missed = " (missed)" if row.ok is False else ""
        lines.append(f"| {' | '.join([goal.name, *figures, *bounds])}{missed} |")
    return "\n".join(lines)
