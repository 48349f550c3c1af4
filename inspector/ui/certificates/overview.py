"""What matters most of an entry: what is wrong and what to do, who uses it, whom it lets in, the facts.

Imports PySide6 and the pieces of this room.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.ui.certificates.advice import advice
from inspector.ui.certificates.contents import Listed
from inspector.ui.certificates.facts_view import LABEL_WIDTH, FactsView, FactValue
from inspector.ui.certificates.note import Note
from inspector.ui.certificates.wording import let_in
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.theme import Theme
from inspector.usage import Use

SAVE_CA, SAVE_CERTIFICATE = "Save CA for the other side…", "Save certificate for the other side…"
_MARGIN = 12


def use_lines(uses: tuple[Use, ...], trouble: str) -> str:
    """What uses an entry, a line each."""
    if trouble:
        return f"can’t be told: {trouble}"
    return "\n".join(use.words for use in uses) or "nothing"


class Overview(QScrollArea):
    """The first tab. Its buttons are the page’s to connect."""

    def __init__(self, theme: Theme, message: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self.export = QPushButton("Export for LivePerson…", body)
        self.export.setToolTip("Write the two files for LivePerson, and what the push proxy needs")
        self.save_ca = QPushButton(SAVE_CA, body)
        self.save_ca.setToolTip("Save the certificate that the other side needs to trust this one")
        self.trust = QCheckBox("Trust for clients", body)
        self.trust.setObjectName("certificate_trust")
        self.trust.setToolTip("Whether the listener accepts client certificates by this entry")
        self.trust_words = QLabel(body)
        self.trust_words.setProperty("role", "muted")
        self.trust_words.setWordWrap(True)
        self.trust_words.setTextFormat(Qt.TextFormat.PlainText)
        self.used_by = FactValue("Used by", fixed=False, parent=body)
        self.facts = FactsView(theme, message, body)
        self._notes = QVBoxLayout()
        self._notes.setContentsMargins(0, 0, 0, 0)
        self._notes.setSpacing(8)
        self._lay_out(body)
        self.setWidget(body)

    def _lay_out(self, body: QWidget) -> None:
        sharing = QWidget(body)
        flow = FlowLayout(sharing)
        flow.addWidget(self.export)
        flow.addWidget(self.save_ca)
        trust = QHBoxLayout()
        trust.setSpacing(_MARGIN)
        trust.addWidget(self.trust, alignment=Qt.AlignmentFlag.AlignTop)
        trust.addWidget(self.trust_words, 1, alignment=Qt.AlignmentFlag.AlignTop)
        used = QGridLayout()
        used.setHorizontalSpacing(_MARGIN)
        used.setColumnMinimumWidth(0, LABEL_WIDTH)
        used.setColumnStretch(1, 1)
        label = QLabel("Used by", body)
        label.setProperty("role", "muted")
        used.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        used.addWidget(self.used_by, 0, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(body)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(8)
        column.addLayout(self._notes)
        column.addWidget(sharing)
        column.addLayout(trust)
        column.addSpacing(4)
        column.addLayout(used)
        column.addWidget(self.facts)
        column.addStretch()

    @staticmethod
    def exports(listed: Listed) -> bool:
        """Whether it is what LivePerson is handed: a client with its key."""
        return "client" in listed.leaf.purposes and not listed.leaf.is_ca and listed.entry.has_key

    def show_entry(self, listed: Listed, now: datetime, trouble: str) -> None:
        """Show another entry."""
        self.export.setVisible(self.exports(listed))
        self.save_ca.setVisible(listed.ca_to_share is not None)
        self.save_ca.setText(SAVE_CERTIFICATE if listed.shares_itself and not listed.leaf.is_ca else SAVE_CA)
        self.trust.setVisible(bool(listed.anchors))
        self.trust_words.setVisible(bool(listed.anchors))
        self.trust_words.setText(f"lets in {let_in(listed.anchors)}")
        self.trust.setAccessibleDescription(self.trust_words.text())
        self.trust.setChecked(listed.entry.trust_clients)
        self.used_by.say(use_lines(listed.uses, trouble))
        self.facts.show_facts(listed.facts[0], now)
        while (item := self._notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in listed.findings:
            note = Note(self._theme, self)
            self._notes.addWidget(note)
            note.say(finding.message, advice(finding.code, dev=listed.is_dev), finding.severity)
