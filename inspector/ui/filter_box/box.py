"""The filter box in the toolbar: judges what is typed, says what is wrong with it, filters a moment after. Imports the
query language, the parts of the filter box and PySide6.

While it is used it is as wide as a filter needs: the line then lies over what stands left of it, and nothing moves.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QMoveEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QWidget

from inspector.history.completion import complete_at, field_of
from inspector.history.query import Query, local_now
from inspector.history.query_fields import find_field
from inspector.history.query_verdict import State, Verdict, judge
from inspector.history.query_writing import added
from inspector.ui import icons
from inspector.ui.filter_box.completing import Completing, FindValues
from inspector.ui.filter_box.edit import FilterEdit
from inspector.ui.filter_box.kept import KeptFilters
from inspector.ui.filter_box.kept_menu import KeptMenu
from inspector.ui.filter_box.note import FilterNote
from inspector.ui.qt_text import tip
from inspector.ui.settings import Settings
from inspector.ui.theme import CONTROL_HEIGHT, GRID, Theme

FILTER_MILLISECONDS = 150
HINT_MILLISECONDS = 700
LEAST_FILTER, WIDTH_IN_USE = 132, 440
KEPT_KEY = "Ctrl+Shift+F"
_TIP = "Filter by words and fields (Ctrl+F). Ctrl+Space offers what there is."
_LOOKS = {State.EMPTY: "", State.GOOD: "good", State.UNFINISHED: "open", State.BAD: "bad"}


class FilterBox(QWidget):
    """`edit` is the line itself. `changed` brings the Query to filter by (None for all), `said` a line for the status
    bar, `undo_offered` one with a button's word and what it does."""

    changed = Signal(object)
    said = Signal(str)
    undo_offered = Signal(str, str, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bar = parent
        self._entered = False  # Enter was pressed: what is unfinished is a mistake now
        self._verdict = Verdict(State.EMPTY)
        self._said = ""
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setMinimumWidth(LEAST_FILTER)
        self.edit = FilterEdit(parent)
        self.edit.setObjectName("filter_edit")
        self.edit.setAccessibleName("Filter")
        self.edit.setPlaceholderText("Filter: words, service:apns, status:>=400, brand:…, is:handshake")
        self.edit.setToolTip(_TIP)
        self.edit.setClearButtonEnabled(True)
        self.setFocusProxy(self.edit)
        self._search = self.edit.addAction(
            icons.icon("magnifying-glass", "#808080"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._bookmark = self.edit.addAction(
            icons.icon("bookmark-simple", "#808080"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._bookmark.setObjectName("kept_filters_action")
        self._bookmark.setText("Saved filters")
        self._bookmark.setToolTip(f"Saved and recent filters ({KEPT_KEY})")
        self.kept = KeptFilters(self)
        self.note = FilterNote(theme, self.edit)
        self.completing = Completing(self.edit, self.kept, theme, self)
        self.kept_menu = KeptMenu(self.kept, self)
        self._typing = QTimer(self, singleShot=True, interval=FILTER_MILLISECONDS)
        self._hinting = QTimer(self, singleShot=True, interval=HINT_MILLISECONDS)
        self._connect()
        parent.installEventFilter(self)
        self._recolor()

    def _connect(self) -> None:
        self._typing.timeout.connect(self._filter)
        self._hinting.timeout.connect(self._show_note)
        self.edit.textChanged.connect(self._changed)
        self.edit.cursorPositionChanged.connect(self._look)
        self.edit.returnPressed.connect(self._return_pressed)
        self.edit.entered.connect(self._focus_changed)
        self.edit.left.connect(self._left)
        self.completing.shown_or_hidden.connect(self._show_note_later)
        self._bookmark.triggered.connect(self.show_kept)
        self.kept.changed.connect(self._recolor)
        self.kept_menu.wanted.connect(self.set_text)
        self.kept_menu.said.connect(self.said)
        self.kept_menu.undo_offered.connect(self.undo_offered)
        self._theme.changed.connect(self._recolor)
        shortcut = QShortcut(QKeySequence(KEPT_KEY), self, context=Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self.show_kept)

    # what the window asks

    def keep_in(self, settings: Settings) -> None:
        """Keep named and recent filters in the settings."""
        self.kept.keep_in(settings)

    def ask_with(self, find: FindValues) -> None:
        """Where the values that are offered come from."""
        self.completing.ask_with(find)

    @Slot(str)
    def set_text(self, text: str) -> None:
        """Filter by a query now."""
        self.edit.setText(text)
        self._show_beginning()
        self._filter()
        self._remember()

    @Slot(str)
    def add(self, term: str) -> None:
        """Ask for one more term, now."""
        self.set_text(added(self.edit.text(), term, local_now()))

    @Slot()
    def show_kept(self) -> None:
        """Open the menu of saved and recent filters below the box's right end."""
        self.completing.close()
        menu = self.make_menu()
        size = menu.sizeHint()
        corner = self.edit.mapToGlobal(QPoint(self.edit.width() - size.width(), self.edit.height() + 4))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(corner)

    def make_menu(self) -> QMenu:
        """The menu of saved and recent filters, for what the box holds."""
        return self.kept_menu.menu(self.edit.text(), savable=self._verdict.state is State.GOOD)

    # judging

    @Slot()
    def _changed(self) -> None:
        self._entered = False
        self._look()
        if self._verdict.state in (State.EMPTY, State.GOOD):
            self._typing.start()
        else:
            self._typing.stop()
        self._recolor()

    @Slot()
    def _look(self) -> None:
        """Judge the text for where the cursor is, and show what comes of it."""
        typing = self.edit.hasFocus() and not self._entered
        self._verdict = judge(self.edit.text(), local_now(), self.edit.cursor_place if typing else None)
        self._show()

    @Slot()
    def _filter(self) -> None:
        self._typing.stop()
        if self._verdict.state in (State.EMPTY, State.GOOD):
            # Judged anew: what `-2h` means moves on.
            query: Query | None = judge(self.edit.text(), local_now()).query
            self.changed.emit(query)

    @Slot()
    def _return_pressed(self) -> None:
        self.completing.close()
        self._entered = True
        self._look()
        self._show_note()
        self._filter()
        self._remember()

    def _remember(self) -> None:
        if self._verdict.state is State.GOOD:
            self.kept.used(self.edit.text(), local_now())

    @Slot()
    def _left(self) -> None:
        self._focus_changed()
        self._show_beginning()
        self._remember()

    def _show_beginning(self) -> None:
        """A long filter is told by how it begins. Who goes to another window comes back to where they were."""
        if not self.edit.hasFocus() and self.window().isActiveWindow():
            self.edit.home(False)

    @Slot()
    def _focus_changed(self) -> None:
        self._place()
        self._look()

    # showing

    def _show(self) -> None:
        state, error = self._verdict.state, self._verdict.error
        colors = self._theme.colors
        if error is None:
            self.edit.unmark()
        else:
            self.edit.mark(error.start, error.end, colors.red if state is State.BAD else colors.amber)
        bad = error if state is State.BAD else None
        hidden = f"{self.edit.text()}\n{_TIP}" if self.edit.text() and not self.edit.hasFocus() else _TIP
        self.edit.setToolTip(tip(str(bad) if bad is not None else hidden))
        self.edit.setAccessibleDescription(str(error) if error is not None else "")
        said = f"{bad.message} {bad.next_step}".strip() if bad is not None else ""
        if said != self._said:
            self._said = said
            self.said.emit(said)
        if self.edit.property("state") != _LOOKS[state]:
            self.edit.setProperty("state", _LOOKS[state])
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)
        self._show_note_later()

    @Slot()
    def _show_note_later(self) -> None:
        """A mistake is said at once; what is unfinished when nothing more comes."""
        self._hinting.stop()
        if self._verdict.state is State.BAD:
            self._show_note()
            return
        self.note.hide()
        if self._verdict.state is State.UNFINISHED and not self.completing.open:
            self._hinting.start()

    @Slot()
    def _show_note(self) -> None:
        error, state = self._verdict.error, self._verdict.state
        if error is None or not self.edit.hasFocus() or self.completing.open:
            self.note.hide()
            return
        mistake = state is State.BAD
        message, next_step = error.message, error.next_step
        field = find_field(field_of(complete_at(self.edit.text(), self.edit.cursor_place)))
        if not mistake and field is not None:
            message, next_step = f"{field.name}: {field.hint}", ""
        x = self.edit.place_of(error.start)
        self.note.say(message, next_step, self.edit, x - 10, mistake=mistake)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        named = self.kept.name_of(self.edit.text()) if self.edit.text().strip() else ""
        self._search.setIcon(icons.icon("magnifying-glass", colors.muted))
        self._bookmark.setIcon(
            icons.icon("bookmark-simple-fill", colors.accent)
            if named
            else icons.icon("bookmark-simple", colors.muted)
        )
        if self._verdict.error is not None:
            self._show()

    # its place

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.completing.close()
            self.note.hide()
        return False

    def _place(self) -> None:
        room = self.geometry()
        if self.edit.hasFocus() and room.width() < WIDTH_IN_USE:
            room = self._wider(room)
        self.edit.setGeometry(room)
        self.edit.raise_()

    def _wider(self, room: QRect) -> QRect:
        """Over what stands left of it, from one of the upright lines on, so that no group is cut in two."""
        lines = self._bar.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly)
        edges = [
            line.geometry().right() + 1 + GRID * 2
            for line in lines
            if line.isVisible() and line.property("role") == "upright"
        ]
        wide = [edge for edge in edges if room.right() - edge + 1 >= WIDTH_IN_USE]
        left = max(wide) if wide else min([room.left(), *edges])
        return QRect(QPoint(left, room.top()), room.bottomRight())
