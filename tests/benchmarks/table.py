"""The table of a benchmark: figures of several runs become medians, rows of text, and rows of Markdown.

Standard library only.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field


@dataclass(slots=True)
class Figures:
    """What one thing was measured as, in each round."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, show: Callable[[float], str]) -> str:
        """The median, and the least and the most where there are several."""
        if not self.values:
            return "–"
        if len(self.values) == 1:
            return show(self.values[0])
        return f"{show(self.median)} ({show(min(self.values))} to {show(max(self.values))})"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, for whom, the figure, what should be reached, and whether it was (None: nothing
    is asked of it)."""

    what: str
    who: str
    figure: str
    note: str = ""
    reach: str = ""
    reached: bool | None = None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def as_text(rows: Iterable[Row]) -> str:
    """For a terminal: a heading for each thing measured."""
    lines = []
    what = ""
    for row in rows:
        if row.what != what:
            what = row.what
            lines += ["", what]
        mark = {None: "", True: "reached", False: "MISSED"}[row.reached]
        end = "  ".join(part for part in (row.note, f"[{row.reach}: {mark}]" if row.reach else "") if part)
        lines.append(f"  {row.who:<34} {row.figure:<32} {end}".rstrip())
    return "\n".join(lines[1:])


def as_markdown(rows: Sequence[Row]) -> str:
    """For a document: the same, one line each."""
    lines = ["| what | who | figure | |", "| --- | --- | --- | --- |"]
    what = ""
    for row in rows:
        first, what = ("" if row.what == what else row.what), row.what
        lines.append(f"| {first} | {row.who} | {row.figure} | {row.note} |")
    return "\n".join(lines)


def whole(value: float) -> str:
    """`8,312`."""
    return f"{value:,.0f}"


def rate(value: float) -> str:
    """`8,312/s`."""
    return f"{value:,.0f}/s"


def milliseconds(value: float) -> str:
    """`4.2 ms`, `33 ms`."""
    return f"{value:.1f} ms" if abs(value) < 10 else f"{value:.0f} ms"
