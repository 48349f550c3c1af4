"""The body as it comes out: every variable filled in, marked in its place and listed. Imports the contract, PySide6 and
the window's viewer of JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QShowEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QTextEdit, QVBoxLayout, QWidget

from inspector.contract.variables import Resolved, Values, VariableProblem, masked, resolve
from inspector.ui import icons
from inspector.ui.json_editor import JsonEditor
from inspector.ui.qt_text import tip, to_qt
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

_TALLEST_LIST = 148
_ICON = 14
_PLACE = Qt.ItemDataRole.UserRole
_MOST_MARKS = 500
_NOTHING = "No variables in this body: it is sent as it is written."


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str = field(repr=False)
    resolved: Resolved = field(repr=False)


class ResolvedView(QFrame):
    """Shows what the next push would be. `values` gives what its variables stand for, in the worker's thread; secrets
    of the environment are masked."""

    def __init__(
        self, values: Callable[[], Values], worker: Worker, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer_resolved")
        self.setAccessibleName("The body with its variables filled in")
        self.setProperty("role", "panel")
        self._values = values
        self._worker = worker
        self._theme = theme
        self._lane = f"composer resolved {id(self)}"
        self._body: bytes | None = None
        self._shown = _Shown("", Resolved(""))
        self.title = QLabel("As the next push would be sent", self)
        self.title.setProperty("role", "heading")
        self.title.setContentsMargins(12, 8, 12, 8)
        self.text = JsonEditor(theme, None, self, checking=False)
        self.text.setObjectName("composer_resolved_text")
        self.text.setAccessibleName("Resolved body")
        self.text.setReadOnly(True)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 4, 12, 8)
        self.list = QListWidget(self)
        self.list.setObjectName("composer_resolved_list")
        self.list.setAccessibleName("Variables and their values")
        self.list.setProperty("role", "padded")
        self.list.setMaximumHeight(_TALLEST_LIST)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self.note.hide()
        self.list.hide()
        line = QFrame(self)
        line.setProperty("role", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.text, 1)
        column.addWidget(line)
        column.addWidget(self.note)
        column.addWidget(self.list)
        theme.changed.connect(self._recolor)

    def show_body(self, body: bytes) -> None:
        """Show what becomes of a body as it is written; worked out in the worker, and only while the view is seen."""
        self._body = body
        if self.isVisible():
            self._build()

    def close_down(self) -> None:
        """Say nothing any more."""
        self._worker.outdated(self._lane)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._build()

    def _build(self) -> None:
        if self._body is not None:
            body, values = self._body, self._values
            self._worker.submit(self._lane, lambda: _resolve(body, values()), self._take)

    def _take(self, shown: _Shown) -> None:
        changed, self._shown = shown.text != self._shown.text, shown
        if changed:
            place = self.text.verticalScrollBar().value()
            self.text.setPlainText(shown.text)
            self.text.verticalScrollBar().setValue(place)
        found = bool(shown.resolved.replaced or shown.resolved.problems)
        self.note.setText(_NOTHING)
        self.note.setVisible(not found)
        self.list.setVisible(found)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors, resolved = self._theme.colors, self._shown.resolved
        self.list.clear()
        form = QTextCharFormat()
        form.setBackground(QColor(colors.selection))
        marks = []
        for one in resolved.replaced[:_MOST_MARKS]:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.text.document())
            mark.cursor.setPosition(to_qt(self._shown.text, one.new_start))
            mark.cursor.setPosition(to_qt(self._shown.text, one.new_end), QTextCursor.MoveMode.KeepAnchor)
            mark.format = form
            marks.append(mark)
            self._add(
                "arrow-right", colors.muted, f"{one.name}  →  {one.value}", (one.new_start, one.new_end)
            )
        for problem in resolved.problems[:_MOST_MARKS]:
            self._add("warning-circle", colors.amber, _words(problem), None)
        self.text.show_washes(marks)

    def _add(self, icon: str, color: str, words: str, place: tuple[int, int] | None) -> None:
        item = QListWidgetItem(icons.icon(icon, color), words, self.list)
        item.setToolTip(tip(words))
        item.setData(_PLACE, place)

    @Slot(QListWidgetItem)
    def _go(self, item: QListWidgetItem) -> None:
        place = item.data(_PLACE)
        if place is not None:
            start, end = place
            self.text.show_place(start, end - start)


def _words(problem: VariableProblem) -> str:
    return f"{problem.message} {problem.next_step}"


def _resolve(body: bytes, values: Values) -> _Shown:
    resolved = resolve(body.decode(errors="replace"), masked(values))
    return _Shown(resolved.text, resolved)
