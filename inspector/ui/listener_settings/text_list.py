"""A short list of texts: each with a way to take it out, and a field to add one. Imports PySide6."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.errors import UsageError
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

ROW = 24


class ListRows(QWidget):
    """The texts, one below the other. `removed` carries the one that was taken out."""

    removed = Signal(str)

    def __init__(
        self, theme: Theme, what: str, font: QFont | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._what = what
        self._font = font
        self._values: tuple[str, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.setAccessibleName(what)
        theme.changed.connect(self._list)
        self.hide()

    @property
    def values(self) -> tuple[str, ...]:
        return self._values

    def set_values(self, values: Sequence[str], remarks: Sequence[str] = ()) -> None:
        """Show these; the remarks, if any, stand in their tooltips."""
        self._values = tuple(values)
        self._remarks = tuple(remarks) or self._values
        self._list()

    _remarks: tuple[str, ...] = ()

    @Slot()
    def _list(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for value, remark in zip(self._values, self._remarks, strict=True):
            self._rows.addWidget(self._row(value, remark))
        self.setVisible(bool(self._values))

    def _row(self, value: str, remark: str) -> QWidget:
        row = QWidget(self)
        row.setFixedHeight(ROW)
        text = ElidedLabel(row)
        text.setText(value)
        text.setToolTip(tip(remark))
        if self._font is not None:
            text.setFont(self._font)
        remove = QToolButton(row)
        remove.setFixedSize(ROW, ROW)
        remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        remove.setIcon(icons.icon("x", self._theme.colors.muted))
        remove.setToolTip("Take out")
        remove.setAccessibleName(f"Take out {value}")
        remove.clicked.connect(partial(self._remove, value))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(text, 1)
        line.addWidget(remove)
        return row

    def _remove(self, value: str) -> None:
        self.removed.emit(value)


class TextList(QWidget):
    """A list with a field to type into: Enter, the button, or leaving the field adds what is right. `changed` tells
    that the texts are others, or that something was typed; `values` raises UsageError where that is not right."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        what: str,
        check: Callable[[str], str],
        placeholder: str,
        font: QFont | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self.rows = ListRows(theme, what, font, self)
        self.rows.removed.connect(self._remove)
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(f"{what}: add")
        self.edit.editingFinished.connect(self._finish)
        self.add = QPushButton("Add", self)
        self.add.setAccessibleName(f"{what}: add what is typed")
        self.add.clicked.connect(self._finish)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.rows)
        column.addLayout(line)

    def set_values(self, values: Sequence[str]) -> None:
        """Show these texts; what is typed stays."""
        if tuple(values) != self.rows.values:
            self.rows.set_values(values)

    def values(self) -> tuple[str, ...]:
        """The texts, with the one that is typed. Raises UsageError where that one is not right."""
        typed = self.edit.text().strip()
        if not typed:
            return self.rows.values
        return tuple(dict.fromkeys((*self.rows.values, self._check(typed))))

    @Slot()
    def _finish(self) -> None:
        if self.edit.text().strip():
            try:
                values = self.values()
            except UsageError:
                pass  # said by who asks for the values
            else:
                self.edit.clear()
                self.rows.set_values(values)
        self.changed.emit()

    @Slot(str)
    def _remove(self, value: str) -> None:
        self.rows.set_values([known for known in self.rows.values if known != value])
        self.edit.setFocus()
        self.changed.emit()
