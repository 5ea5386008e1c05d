"""A measured row, and the two places that rows are written to."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `ratio` is to what `against` names, measured in the same run.

    `aim` and `floor` bound the ratio, or the value where there is no ratio; `ok` is whether the
    floor holds, None where there is none.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    aim: float | None = None
    floor: float | None = None

    @property
    def ok(self) -> bool | None:
        """Whether the floor is reached."""
        if self.floor is None:
            return None
        return self.ratio >= self.floor if self.ratio is not None else self.value <= self.floor


def machine() -> str:
    """The machine in one sentence."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; server, database and load generator share it."
    )


def write_json(rows: list[Row]) -> Path:
    """All rows into var/bench.json."""
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([{**asdict(row), "ok": row.ok} for row in rows], indent=2) + "\n")
    return path


def _share(number: float | None) -> str:
    return "" if number is None else f"{number:.0%}"


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | share | of | aim | floor |", "|---|---|---|---|---|---|"]
    for row in rows:
        bounds = [row.aim, row.floor]
        shown = [_share(b) if row.ratio is not None else f"{b:g}" if b else "" for b in bounds]
        value = f"{row.value:,.0f}" if row.value >= 100 else f"{row.value:.3g}"
        cells = [row.name, f"{value} {row.unit}", _share(row.ratio), row.against, *shown]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write_page(rows: list[Row]) -> None:
    """The table into its place in docs/performance.md."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{machine()}\n\n{table(rows)}\n{END}{after}")
