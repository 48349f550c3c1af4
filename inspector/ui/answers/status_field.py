"""A status to answer, chosen among the documented ones or typed, with what it means to the pusher. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from inspector.contract.answers import DOCUMENTED, meaning
from inspector.ui.answers.inputs import Choice
from inspector.ui.certificates.note import ElidedLabel

_OTHERS = (400, 404, 410, 413, 429, 502, 503, 504)


class StatusField(QWidget):
    """`edited` says that the status is another."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = Choice(self)
        self.combo.setObjectName("rule_status")
        self.combo.setAccessibleName("Status")
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setCompleter(None)  # type: ignore[arg-type] # Qt takes a null pointer for none
        self.combo.setFixedWidth(88)
        documented = [status for status, _ in DOCUMENTED]
        for status in (*documented, *_OTHERS):
            self.combo.addItem(f"{status}  {meaning(status)}", status)
        view = self.combo.view()
        view.setMinimumWidth(320)
        line = self.combo.lineEdit()
        assert line is not None
        line.setAccessibleName("Status")
        line.setTextMargins(-2, 0, 0, 0)  # so that the text stands where other combo boxes have it
        self.combo.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,3}"), self))
        self.meaning = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.meaning.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.combo)
        row.addWidget(self.meaning, 1)
        self.combo.currentIndexChanged.connect(self._chosen)
        self.combo.editTextChanged.connect(self._typed)
        self._shown = -1

    @property
    def status(self) -> int:
        """What is in the field; 0 where it is empty."""
        digits = self.combo.currentText().partition(" ")[0]
        return int(digits) if digits.isascii() and digits.isdigit() else 0

    def show_status(self, status: int) -> None:
        """Put a status there; nothing is emitted."""
        if status != self.status or self._shown < 0:
            self.combo.blockSignals(True)
            self.combo.setCurrentIndex(self.combo.findData(status))
            self.combo.setEditText(str(status) if status else "")
            self.combo.blockSignals(False)
        self._shown = status
        self._say_meaning()

    @Slot(int)
    def _chosen(self, place: int) -> None:
        if place >= 0:
            self.combo.setEditText(str(self.combo.itemData(place)))

    @Slot()
    def _typed(self) -> None:
        self._say_meaning()
        if self.status != self._shown:
            self._shown = self.status
            self.edited.emit()

    def _say_meaning(self) -> None:
        self.meaning.setText(meaning(self.status) if self.status else "")
