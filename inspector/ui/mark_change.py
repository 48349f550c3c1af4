"""A change to what a person noted on an event: some of its parts, the others stay. Pure; imports history's records."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.history.model import Mark, Row


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What is to become different; None leaves as it is."""

    note: str | None = field(default=None, repr=False)
    color: str | None = None
    pinned: bool | None = None

    def applied_to(self, mark: Mark | None) -> Mark:
        """The mark after the change."""
        before = mark or Mark()
        return Mark(
            before.note if self.note is None else self.note,
            before.color if self.color is None else self.color,
            before.pinned if self.pinned is None else self.pinned,
        )

    def then(self, later: MarkChange) -> MarkChange:
        """This change and a later one as one."""
        return MarkChange(
            self.note if later.note is None else later.note,
            self.color if later.color is None else later.color,
            self.pinned if later.pinned is None else later.pinned,
        )


def mark_words(row: Row) -> str:
    """A row's mark in words; empty where it has none."""
    words = ("pinned" if row.pinned else "", f"marked {row.mark_color}" if row.mark_color else "")
    said = ", ".join(word for word in (*words, "has a note" if row.has_note else "") if word)
    return said[:1].upper() + said[1:]
