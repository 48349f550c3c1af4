"""Facts under headings, as the pane shows them. Pure; imports history's records."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.history.model import Timings


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts. `mono`: an identifier, shown in the fixed-width font; `tone`: good, warn or bad.
    `whole` is all of a long list, one a line, where `value` is only its beginning."""

    name: str
    value: str
    mono: bool = False
    tone: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under one heading, and above them the bars of `timings` where there are; `failed` in their last phase."""

    title: str
    facts: tuple[Fact, ...]
    timings: Timings | None = None
    failed: bool = False

    @property
    def text(self) -> str:
        """All of it as text, one fact a line, long lists whole."""
        lines = [
            f"{fact.name}: {', '.join(fact.whole.splitlines()) if fact.whole else fact.value}"
            for fact in self.facts
        ]
        return "\n".join((self.title, *lines))


def listed(name: str, values: tuple[str, ...], *, shown: int, what: str) -> Fact:
    """A fact of several identifiers: the first ones, and all of them on request. `what` they are, in the plural."""
    if len(values) <= shown:
        return Fact(name, ", ".join(values), mono=True)
    first = ", ".join(values[:shown])
    return Fact(name, f"{len(values)} {what}: {first}, …", mono=True, whole="\n".join(values))
