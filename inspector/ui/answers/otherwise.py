"""The last line of the rules, which stays last: what all other pushes are answered. Imports PySide6 and the table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from inspector.ui import icons
from inspector.ui.answers.delegate import ICON, PADDING
from inspector.ui.answers.rule_model import COLUMNS
from inspector.ui.answers.table import RulesTable
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.theme import Theme

_HEIGHT = 32
_EDGE = 12


class OtherwiseLine(QFrame):
    """The toolbar's answer, its texts below the table's columns. `change_wanted` asks to change it."""

    change_wanted = Signal()

    def __init__(self, table: RulesTable, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self.setObjectName("rules_otherwise")
        self.setFixedHeight(_HEIGHT)
        self._table = table
        self._theme = theme
        self._fires = False
        self._label = QLabel("Otherwise", self)
        self._pushes = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self._pushes.setText("every other push")
        self._pushes.setProperty("role", "muted")
        self.words = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.words.setAccessibleName("What all other pushes are answered")
        self.change = QPushButton("Change", self)
        self.change.setObjectName("rules_otherwise_change")
        self.change.setProperty("kind", "link")
        self.change.setAccessibleName("Change the answer of all other pushes")
        self.change.setCursor(Qt.CursorShape.PointingHandCursor)
        self.change.setToolTip("The toolbar's answer (Alt+A)")
        self.change.clicked.connect(self.change_wanted)
        self._mark = QLabel(self)
        self._outcome = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        table.columns_moved.connect(self._arrange)
        theme.changed.connect(self._recolor)
        self._recolor()

    def show_answer(self, words: str) -> None:
        """Say what it is."""
        self.words.setText(words)

    def show_fires(self, *, fires: bool) -> None:
        """Mark it as what the tried push gets, or not."""
        self._fires = fires
        self._recolor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """Each text below its column."""
        header = self._table.horizontalHeader()
        link = self.change.sizeHint().width()
        for key, label in (("name", self._label), ("when", self._pushes), ("answer", self.words)):
            place = COLUMNS.index(key)
            left, width = header.sectionPosition(place), header.sectionSize(place)
            room = width - 2 * PADDING - (link + 2 * PADDING if key == "answer" else 0)
            label.setGeometry(left + PADDING, 1, max(0, room), _HEIGHT - 1)
            if key == "answer":
                self.change.setGeometry(left + width - _EDGE - link, 3, link, 26)
        place = COLUMNS.index("trial")
        left, width = header.sectionPosition(place) + PADDING, header.sectionSize(place)
        self._mark.setGeometry(left, 1, ICON, _HEIGHT - 1)
        self._outcome.setGeometry(left + ICON + 6, 1, max(0, width - 2 * PADDING - ICON - 6), _HEIGHT - 1)

    @Slot()
    def _recolor(self) -> None:
        self._outcome.setText("No rule fires for certain." if self._fires else "")
        self._mark.clear()
        if self._fires:
            ratio = self.devicePixelRatioF()
            self._mark.setPixmap(icons.pixmap("check-circle", self._theme.colors.green, ICON, ratio))
