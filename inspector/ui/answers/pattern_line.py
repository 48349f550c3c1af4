"""A line for an identifier or a path: in the fixed-width font once something is in it. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.ui.theme import fixed_font


class PatternLine(QLineEdit):
    """What it holds is compared letter by letter, so each is to be told from the next; its hint is words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QFont(self.font())
        self.textChanged.connect(self._choose_font)

    @Slot(str)
    def _choose_font(self, text: str) -> None:
        self.setFont(fixed_font() if text else self._words)
