"""Says that the captured bytes are sent rather than the text, and lets one decide otherwise. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QVBoxLayout, QWidget

from inspector.ui.composer.body import Opened


class KeptNotice(QWidget):
    """Hidden unless a body was opened that its text can't stand for. `changed`: another decision was made."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_kept")
        frame = QFrame(self)
        frame.setProperty("role", "notice")
        self._text = QLabel(frame)
        self._text.setWordWrap(True)
        self.setting = QCheckBox("Send the ca&ptured bytes unchanged", frame)
        self.setting.setChecked(True)
        self.setting.toggled.connect(self.changed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 4, 12, 4)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(4)
        column.addWidget(self._text)
        column.addWidget(self.setting)
        self.setFocusProxy(self.setting)
        self.hide()

    @property
    def keeps(self) -> bool:
        """Whether the captured bytes are to be sent where the text was left as it is."""
        return self.setting.isChecked()

    @property
    def words(self) -> str:
        """What is said."""
        return self._text.text()

    def begin(self) -> None:
        """Another body was opened: its bytes are kept until somebody decides otherwise."""
        self.setting.setChecked(True)

    def show_state(self, opened: Opened | None, *, edited: bool) -> None:
        """Show what would be sent of `opened` (None: no such body) now."""
        self.setVisible(opened is not None)
        if opened is None:
            return
        self.setting.setEnabled(not edited)
        if edited:
            self._text.setText("You edited it, so the text is sent. Undo brings the captured bytes back.")
        else:
            self._text.setText(f"A text can't hold this body: {opened.reason}.")
