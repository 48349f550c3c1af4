"""Small pieces of text the pages of this room share: a note with its next step, and a label that never cuts blindly.

Imports PySide6, the icons and the theme.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from inspector.ui import icons
from inspector.ui.certificates.wording import cut
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

ICON = 16
LONGEST_WORD = 32
_WORD = re.compile(r"\S+")


def shortened(text: str, longest: int = LONGEST_WORD) -> str:
    """A text whose words (paths, names, fingerprints) are cut in the middle where they have more than `longest`
    characters: a label can't break its lines within a word."""
    return _WORD.sub(lambda found: cut(found[0], longest), text)


class ElidedLabel(QLabel):
    """One line of text that is cut where there is no room; the tooltip has all of it."""

    def __init__(
        self, parent: QWidget | None = None, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(tip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class Note(QWidget):
    """An icon, what is the matter, and under it what to do. `severity` is error, warning, info, ok or verified; hidden
    while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._severity = "error"
        self._icon = QLabel(self)
        self._icon.setFixedSize(ICON, self.fontMetrics().height())
        self.message = self._label("")
        self.advice = self._label("muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.message, 0, 1)
        grid.addWidget(self.advice, 1, 1)
        theme.changed.connect(self._repaint)
        self.hide()

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if role:
            label.setProperty("role", role)
        return label

    def say(self, message: str, advice: str = "", severity: str = "error") -> None:
        """Say something; an empty message hides the note."""
        self._severity = severity
        self.message.setText(shortened(message))
        self.message.setToolTip(tip(message) if shortened(message) != message else "")
        self.advice.setText(shortened(advice))
        self.advice.setVisible(bool(advice))
        word = {"error": "Error", "warning": "Warning"}.get(severity, "")
        self.message.setAccessibleName(f"{word}: {message}" if word else message)
        self._repaint()
        self.setVisible(bool(message))

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        name, color, role = {
            "error": ("x-circle", colors.red, "bad"),
            "warning": ("warning-circle", colors.amber, "warn"),
            "ok": ("check-circle", colors.green, "good"),
            "verified": ("check-circle", colors.green, "plain"),
        }.get(self._severity, ("info", colors.muted, "plain"))
        self._icon.setPixmap(icons.pixmap(name, color, ICON, self.devicePixelRatioF()))
        self.message.setProperty("role", role)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
