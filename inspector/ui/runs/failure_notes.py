"""Why pushes of a run got no answer: for each reason what the first one said, and what to do. Imports PySide6, the note
and the words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.sender.model import SendFailure
from inspector.ui.advice import in_window
from inspector.ui.certificates.note import Note
from inspector.ui.theme import Theme


class FailureNotes(QWidget):
    """One note a reason; those that were cancelled need no explanation."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_failures")
        self._theme = theme
        self._notes: list[Note] = []
        self._shown: dict[str, SendFailure] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 4)
        self._column.setSpacing(8)
        self.hide()

    def show_failures(self, first: Mapping[str, SendFailure]) -> None:
        """Show the first failure of each reason."""
        wanted = {reason: one for reason, one in first.items() if reason != "cancelled"}
        if wanted == self._shown:
            return
        self._shown = wanted
        while len(self._notes) < len(wanted):
            self._notes.append(Note(self._theme, self))
            self._column.addWidget(self._notes[-1])
        for place, note in enumerate(self._notes):
            failure = list(wanted.values())[place] if place < len(wanted) else None
            note.say(failure.message if failure else "", in_window(failure.next_step) if failure else "")
        self.setVisible(bool(wanted))

    def text(self) -> str:
        """What is shown."""
        return "\n".join(
            f"{one.message.text()} {one.advice.text()}" for one in self._notes if not one.isHidden()
        )
