"""Every fact of one certificate as a list of name and value. Imports PySide6, the theme and the wording."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QTextEdit, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.certificates.wording import Tone, day_and_time, in_lines, purposes, validity
from inspector.ui.theme import Theme, fixed_font

if TYPE_CHECKING:
    from inspector.certificates.model import CertificateFacts

LABEL_WIDTH = 92
UNTIL, FINGERPRINT = "Valid until", "SHA-256"
_FIXED = ("Serial", FINGERPRINT)


def facts_of(facts: CertificateFacts, now: datetime) -> tuple[tuple[str, str], ...]:
    """Name and value of every fact, in the order they are shown."""
    issuer = "itself (self-signed)" if facts.self_signed else in_lines(facts.issuer)
    return (
        ("Subject", in_lines(facts.subject)),
        ("Issuer", issuer),
        ("Names", "\n".join(facts.names) or "none (no subjectAltName)"),
        ("Use", purposes(facts)),
        ("Valid from", day_and_time(facts.not_before)),
        (UNTIL, f"{day_and_time(facts.not_after)}\n{validity(facts, now).words}"),
        ("Key", facts.key),
        ("Signature", facts.signature),
        ("Serial", facts.serial),
        (FINGERPRINT, facts.fingerprint_sha256),
    )


class FactValue(QTextEdit):
    """A value that can be selected, breaks anywhere, and is as tall as its text."""

    def __init__(self, name: str, *, fixed: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        if fixed:
            self.setFont(fixed_font())

    def say(self, text: str) -> None:
        """Show another value."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self._fit()

    def color(self, color: str) -> None:
        """Draw the text in another colour; an empty one is the usual."""
        self.setStyleSheet(f"color: {color};" if color else "")

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(max(self.fontMetrics().height(), ceil(self.document().size().height())))


class FactsView(QWidget):
    """The facts of one certificate. `message` is called with what was copied."""

    def __init__(
        self,
        theme: Theme,
        message: Callable[[str], None],
        parent: QWidget | None = None,
        *,
        label_width: int = LABEL_WIDTH,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._message = message
        self._facts: CertificateFacts | None = None
        self._tone = Tone.PLAIN
        self._values: dict[str, FactValue] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self.copy_button = QToolButton(self)
        self.copy_button.setAccessibleName("Copy the SHA-256 fingerprint")
        self.copy_button.setToolTip("Copy the SHA-256 fingerprint")
        self.copy_button.clicked.connect(self.copy_fingerprint)
        theme.changed.connect(self._repaint)
        self._repaint()

    def show_facts(self, facts: CertificateFacts, now: datetime) -> None:
        """Show another certificate."""
        self._facts = facts
        self._tone = validity(facts, now).tone
        for row, (name, value) in enumerate(facts_of(facts, now)):
            if name not in self._values:
                self._add(row, name)
            self._values[name].say(value)
        self._repaint()

    def text(self, name: str) -> str:
        """The value that is shown under a name."""
        return self._values[name].toPlainText()

    def _add(self, row: int, name: str) -> None:
        label = QLabel(name, self)
        label.setProperty("role", "muted")
        value = FactValue(name, fixed=name in _FIXED, parent=self)
        label.setBuddy(value)
        self._values[name] = value
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        if name == FINGERPRINT:
            self._grid.addWidget(self.copy_button, row, 2, top)

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        self.copy_button.setIcon(icons.icon("copy", colors.muted))
        if UNTIL in self._values:
            self._values[UNTIL].color({Tone.WARN: colors.amber, Tone.BAD: colors.red}.get(self._tone, ""))

    @Slot()
    def copy_fingerprint(self) -> None:
        """Put the fingerprint on the clipboard."""
        if self._facts is not None:
            QGuiApplication.clipboard().setText(self._facts.fingerprint_sha256)
            self._message("Copied the SHA-256 fingerprint.")
