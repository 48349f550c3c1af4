"""The preview of what is to be imported: a few facts in two columns, and what is to be said against it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from inspector.ui.certificates.import_preview import Preview
from inspector.ui.certificates.note import ElidedLabel, Note
from inspector.ui.certificates.wording import day, in_a_line, purposes, validity
from inspector.ui.theme import Theme

LABEL_WIDTH = 92
_ROLES = {"plain": "plain", "warn": "warn", "bad": "bad"}


class PreviewView(QFrame):
    """Hidden until there is something to preview."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: dict[str, ElidedLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._grid)
        layout.addLayout(self._notes)
        self.hide()

    def show_preview(self, preview: Preview | None) -> None:
        """Show what was read; None hides the preview."""
        self.setVisible(preview is not None)
        if preview is None:
            return
        lasts = validity(preview.leaf, preview.now)
        rows = {
            "Subject": in_a_line(preview.leaf.subject),
            "Issuer": "itself (self-signed)" if preview.leaf.self_signed else in_a_line(preview.leaf.issuer),
            "Use": purposes(preview.leaf),
            "Valid until": f"{day(preview.leaf.not_after)} · {lasts.words}",
            "Private key": f"yes, {preview.leaf.key}" if preview.has_key else "no, the certificate only",
            "Chain": _chain_words(preview),
        }
        for place, (name, text) in enumerate(rows.items()):
            if name not in self._values:
                self._add(place, name)
            self._values[name].setText(text)
        value = self._values["Valid until"]
        value.setProperty("role", _ROLES[lasts.tone])
        value.style().unpolish(value)
        value.style().polish(value)
        self._show_findings(preview)

    def text(self, name: str) -> str:
        """The value that is shown under a name."""
        return self._values[name].text()

    def _add(self, place: int, name: str) -> None:
        label = QLabel(name, self)
        label.setProperty("role", "muted")
        value = ElidedLabel(self)
        value.setAccessibleName(name)
        self._values[name] = value
        self._grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, place, 1)

    def _show_findings(self, preview: Preview) -> None:
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in preview.findings:
            note = Note(self._theme, self)
            self._notes.addWidget(note)
            note.say(finding.message, "", finding.severity)


def _chain_words(preview: Preview) -> str:
    issuers = len(preview.facts) - 1
    if not issuers:
        words = "root of its own" if preview.leaf.self_signed else "without its issuers"
    else:
        words = f"with {issuers} issuer{'s' if issuers > 1 else ''}"
        words += ", up to the root" if preview.facts[-1].self_signed else ""
    if preview.others:
        words += f"; {preview.others} more certificate{'s' if preview.others > 1 else ''} beside it"
    return words
