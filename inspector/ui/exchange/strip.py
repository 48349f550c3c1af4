"""A strip above the page that shows how far something is that takes long, with a way to stop it. Imports PySide6 and
the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

_BAR_WIDTH = 240
_STEPS = 1000


class ProgressStrip(QWidget):
    """Hidden while nothing goes on. `cancelled` is the button."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame(self)
        self._frame.setProperty("role", "notice")
        self.label = QLabel(self._frame)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setObjectName("exchange_text")
        self.bar = QProgressBar(self._frame)
        self.bar.setObjectName("exchange_progress")
        self.bar.setAccessibleName("Progress")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.cancel = QPushButton("Cancel", self._frame)
        self.cancel.setObjectName("exchange_cancel")
        self.cancel.setToolTip("Stop it; nothing of it is kept")
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 8)
        outer.addWidget(self._frame)
        self.hide()

    def begin(self, text: str, *, can_stop: bool = True) -> None:
        """Something begins."""
        self.cancel.setVisible(can_stop)
        self.cancel.setEnabled(True)
        self.show_progress(text, 0, 0)
        self.show()

    def show_progress(self, text: str, done: int, total: int) -> None:
        """So far it is; a total of 0 is one that is not known yet."""
        self.bar.setRange(0, _STEPS if total else 0)
        self.bar.setValue(done * _STEPS // total if total else 0)
        counted = f" {done:,} of {total:,}" if total else f" {done:,}" if done else ""
        self.label.setText(f"{text}{counted}")

    @Slot()
    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancelled.emit()
