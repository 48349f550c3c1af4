"""The table of rules: keys, dragging, which columns there is room for. Imports PySide6 and the model."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from inspector.listener.rule import Rule
from inspector.ui.answers.delegate import RuleDelegate
from inspector.ui.answers.rule_model import COLUMNS, RuleModel
from inspector.ui.row_table import set_up_rows
from inspector.ui.theme import ROW_HEIGHT, Theme

_SWITCH, _TRIED_SHARE = 56, 0.4
_LEAST = {"name": 128, "when": 96, "answer": 128}
_WANTED = {"name": 220, "when": 240, "answer": 340}
_TRIAL = COLUMNS.index("trial")


class RulesTable(QTableView):
    """`chosen` brings the place of the rule looked at (-1 for none), `opened` asks for its editor, `menu_wanted` is
    the place of a right click; `columns_moved` says that columns stand elsewhere; the
    others are the keys of what is done to the chosen rules."""

    chosen = Signal(int)
    opened = Signal()
    add_wanted = Signal()
    copy_wanted = Signal()
    paste_wanted = Signal()
    duplicate_wanted = Signal()
    delete_wanted = Signal()
    undo_wanted = Signal()
    columns_moved = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, model: RuleModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rules_table")
        self.setAccessibleName("Rules")
        self.setAccessibleDescription(
            "The first rule that fires chooses the answer. Space switches one on or off, Alt with the arrows moves it"
        )
        self._rules = model
        self._trying = False
        self._drop_at = -1
        self._theme = theme
        self.setModel(model)
        self.setItemDelegate(RuleDelegate(theme, self))
        self._set_up()
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.doubleClicked.connect(self.opened)
        self.customContextMenuRequested.connect(self.menu_wanted)
        theme.changed.connect(self.viewport().update)

    def _set_up(self) -> None:
        set_up_rows(self, QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(False)  # Qt's is as wide as one cell only
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setColumnHidden(_TRIAL, True)

    # what the page asks

    @property
    def current_row(self) -> int:
        """The place of the rule looked at, -1 for none."""
        return self.currentIndex().row()

    @property
    def chosen_rows(self) -> list[int]:
        """The places of the rules that are selected, in their order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    @property
    def chosen_rules(self) -> tuple[Rule, ...]:
        return tuple(self._rules.rule(row) for row in self.chosen_rows)

    def choose(self, row: int) -> None:
        """Look at the rule in a place, or the one nearest to it."""
        last = self._rules.rowCount() - 1
        if last >= 0:
            index = self._rules.index(min(max(row, 0), last), 0)
            # Not by the view: it would heed the keys that are held down just now.
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)

    def choose_all(self, first: int, count: int) -> None:
        """Select several that stand together."""
        self.choose(first)
        for row in range(first + 1, first + count):
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().select(self._rules.index(row, 0), flags.Select | flags.Rows)

    @Slot()
    def move_up(self) -> None:
        """Take the rule looked at before the one above it."""
        self._move_current(-1)

    @Slot()
    def move_down(self) -> None:
        """Take the rule looked at after the one below it."""
        self._move_current(1)

    def _move_current(self, by: int) -> None:
        row = self.current_row
        if row >= 0 and self._rules.move(row, row + by):
            self.choose(row + by)

    def show_trial(self, *, shown: bool) -> None:
        """Show the column of what each rule would do with one push."""
        self._trying = shown
        self.setColumnHidden(_TRIAL, not shown)
        self._share_out()

    # keys, dragging, sizes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = event.key(), event.modifiers() == Qt.KeyboardModifier.AltModifier
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move_current(-1 if key == Qt.Key.Key_Up else 1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif control and key == Qt.Key.Key_D:
            self.duplicate_wanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif key == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        elif key == Qt.Key.Key_Space:
            self.switch_chosen()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._rules.rowCount():
            self.choose(0 if key == Qt.Key.Key_Home else self._rules.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    @Slot()
    def switch_chosen(self) -> None:
        """All of the selected ones on, or where all are on, off."""
        rows = self.chosen_rows
        enabled = not all(self._rules.rule(row).enabled for row in rows)
        for row in rows:
            self._rules.set_enabled(row, enabled=enabled)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        self._show_drop(self._place_of(event.position().toPoint()) if event.isAccepted() else -1)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_drop(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop_at >= 0:
            top = self.rowViewportPosition(self._drop_at)
            if self._drop_at == self._rules.rowCount():
                top = self.rowViewportPosition(self._drop_at - 1) + ROW_HEIGHT
            painter = QPainter(self.viewport())
            width = self.viewport().width()
            painter.fillRect(0, max(0, top - 1), width, 2, QColor(self._theme.colors.accent))
            painter.end()

    def _show_drop(self, place: int) -> None:
        """Draw a line before the rule at `place`; none for -1."""
        if place != self._drop_at:
            self._drop_at = place
            self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        row = self.current_row
        if event.source() is self and row >= 0:
            target = self._place_of(event.position().toPoint())
            target -= target > row
            if self._rules.move(row, target):
                self.choose(target)
        # The view would take the row out that was moved already, were this still a move.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._show_drop(-1)

    def _place_of(self, point: QPoint) -> int:
        """Before which rule something is dropped."""
        index = self.indexAt(point)
        if not index.isValid():
            return self._rules.rowCount()
        below_middle = point.y() > self.visualRect(index).center().y()
        return index.row() + below_middle

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Each column what it wants; what lacks is taken from all in proportion, what is spare goes to the pushes."""
        tried = round(_TRIED_SHARE * self.viewport().width()) if self._trying else 0
        room = self.viewport().width() - _SWITCH - tried
        spare = room - sum(_WANTED.values())
        wanted, least = sum(_WANTED.values()), sum(_LEAST.values())
        part = min(1.0, max(0.0, (room - least) / (wanted - least)))
        widths = {key: round(_LEAST[key] + part * (_WANTED[key] - _LEAST[key])) for key in _WANTED}
        widths["when"] += max(0, spare)
        widths |= {"on": _SWITCH, "trial": tried}
        for place, key in enumerate(COLUMNS):
            self.setColumnWidth(place, widths[key])
        self.columns_moved.emit()

    def _current_changed(self) -> None:
        self.chosen.emit(self.current_row)
