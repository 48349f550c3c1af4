"""The values of one environment as a table with an empty row for the next one. Imports the sender's environments and
PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from inspector.sender.kept.environment_file import KEPT, Variable
from inspector.ui.theme import ROW_HEIGHT

_NAME, _VALUE, _SECRET = range(3)
_SHOWN_FOR_KEPT = "•••• (in the vault)"
_WIDTHS = (168, 0, 64)


class ValueTable(QTableWidget):
    """`edited` carries all Variables after each change that leaves no row half written. Del takes a row away."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setObjectName("environment_values")
        self.setAccessibleName("Values of the environment")
        self.setHorizontalHeaderLabels(["Name", "Value", "Secret"])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT + 4)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked
            | triggers.SelectedClicked
            | triggers.EditKeyPressed
            | triggers.AnyKeyPressed
        )
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Stretch)
        for column in (_NAME, _SECRET):
            self.setColumnWidth(column, _WIDTHS[column])
        self._filling = False
        self._shown: tuple[Variable, ...] | None = None
        self.itemChanged.connect(self._changed)

    def show_values(self, variables: tuple[Variable, ...] | None) -> None:
        """Show these; None where no environment is looked at. What is shown already stays as it is."""
        if variables is not None and variables == self._shown:
            return
        place = self.currentRow(), self.currentColumn()
        self._shown = variables
        self._filling = True
        self.setRowCount(0)
        self.setEnabled(variables is not None)
        for variable in (*(variables or ()), *([Variable("", "")] if variables is not None else [])):
            self._add(variable)
        self._filling = False
        self.setCurrentCell(min(place[0], self.rowCount() - 1), max(place[1], 0))

    def variables(self) -> tuple[Variable, ...] | None:
        """What the table says; None while a row has a value and no name."""
        found = []
        for row in range(self.rowCount()):
            name, value = self._text(row, _NAME).strip(), self._text(row, _VALUE)
            box = self.item(row, _SECRET)
            secret = box is not None and box.checkState() is Qt.CheckState.Checked
            if not name and value:
                return None
            if name:
                kept = secret and value in ("", _SHOWN_FOR_KEPT) and self._was_kept(row)
                found.append(Variable(name, KEPT if kept else value, secret))
        return tuple(found)

    def _add(self, variable: Variable) -> None:
        row = self.rowCount()
        self.insertRow(row)
        kept = variable.secret and variable.value == KEPT
        value = QTableWidgetItem(_SHOWN_FOR_KEPT if kept else variable.value)
        value.setData(Qt.ItemDataRole.UserRole, kept)
        secret = QTableWidgetItem()
        secret.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        )
        secret.setCheckState(Qt.CheckState.Checked if variable.secret else Qt.CheckState.Unchecked)
        secret.setToolTip("Keep the value in the vault, and never show it")
        name = QTableWidgetItem(variable.name)
        for column, item in enumerate((name, value, secret)):
            self.setItem(row, column, item)

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item is not None else ""

    def _was_kept(self, row: int) -> bool:
        item = self.item(row, _VALUE)
        return item is not None and bool(item.data(Qt.ItemDataRole.UserRole))

    @Slot(QTableWidgetItem)
    def _changed(self, _item: QTableWidgetItem) -> None:
        if not self._filling:
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        row = self.currentRow()
        if 0 <= row < self.rowCount() - 1:
            self._filling = True
            self.removeRow(row)
            self._filling = False
            self._tell()

    def _tell(self) -> None:
        variables = self.variables()
        if variables is not None and variables != self._shown:
            self.edited.emit(variables)
