"""What a query means, as a frozen tree. Pure; imports nothing of the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches any event."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Words:
    """This text, anywhere in an event."""

    text: str


@dataclass(frozen=True, slots=True)
class Contains:
    """This text, anywhere in a field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A field's whole text: these parts in this order with anything between them. One part is the text itself."""

    field: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`, both included, None for no bound. Times are microseconds (`at`)."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Is:
    """A field of a few words has this one; also the states of `is:` and a problem's severity."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class Has:
    """The event has this field, and it is not empty."""

    field: str


Node = Everything | AllOf | AnyOf | Not | Words | Contains | Pattern | Between | Is | Has


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood: its text and its tree."""

    text: str
    root: Node

    @property
    def matches_everything(self) -> bool:
        return isinstance(self.root, Everything)
