"""The menu of the filters that are kept: use, save, rename, delete with a way back. Imports the parts of the filter box
and PySide6."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from inspector.errors import UsageError
from inspector.history.query import local_now
from inspector.ui.filter_box import asking
from inspector.ui.filter_box.kept import LONGEST_NAME, KeptFilters, NamedFilter
from inspector.ui.qt_text import menu_text, tip

_LONGEST = 48


class KeptMenu(QObject):
    """Makes the menu when it is wanted. `wanted` brings the text to filter by, `said` a line for the status bar,
    `undo_offered` one with a word for the button that takes back what it tells, and what takes it back."""

    wanted = Signal(str)
    said = Signal(str)
    undo_offered = Signal(str, str, object)

    def __init__(self, kept: KeptFilters, widget: QWidget) -> None:
        super().__init__(widget)
        self._kept = kept
        self._widget = widget

    def menu(self, text: str, *, savable: bool) -> QMenu:
        """The menu, for a box that holds this text; `savable` where that is a filter."""
        menu = QMenu(self._widget)
        menu.setObjectName("kept_filters")
        menu.setToolTipsVisible(True)
        for one in self._kept.saved:
            self._use(menu, one.text, menu_text(one.name, _LONGEST), chosen=one.text == text.strip())
        if not self._kept.saved:
            menu.addAction("No saved filters yet").setEnabled(False)
        menu.addSeparator()
        save = menu.addAction("Save this filter as…")
        save.setEnabled(savable)
        save.triggered.connect(lambda: self.save(text))
        if self._kept.saved:
            self._submenu(menu, "Rename", self.rename)
            self._submenu(menu, "Delete", self.delete)
        if self._kept.recent:
            menu.addSection("Recent")
            for recent in self._kept.recent:
                self._use(menu, recent, menu_text(recent, _LONGEST), chosen=False)
        return menu

    def save(self, text: str) -> None:
        """Ask for a name and keep the filter."""
        name = asking.ask_name(
            self._widget, "Save the filter", text.strip(), self._kept.name_of(text), LONGEST_NAME
        )
        if name is None:
            return
        before = self._kept.named(name)
        if self._try(lambda: self._kept.save(name, text, local_now())):
            self.said.emit(f"Saved the filter “{name}”" + (" anew" if before is not None else ""))

    def rename(self, one: NamedFilter) -> None:
        """Ask for another name."""
        name = asking.ask_name(self._widget, "Rename the filter", one.text, one.name, LONGEST_NAME)
        if name is not None and self._try(lambda: self._kept.rename(one.name, name)):
            self.said.emit(f"The filter is called “{name}” now")

    def delete(self, one: NamedFilter) -> None:
        """Forget a filter, and offer to bring it back."""
        deleted = self._kept.delete(one.name)
        if deleted is not None:
            self.undo_offered.emit(
                f"Deleted the filter “{one.name}”", "Undo", lambda: self._kept.put_back(deleted)
            )

    def _try(self, do: Callable[[], None]) -> bool:
        try:
            do()
        except UsageError as error:
            self.said.emit(f"{error.message} {error.next_step}")
            return False
        return True

    def _use(self, menu: QMenu, text: str, label: str, *, chosen: bool) -> None:
        action = QAction(label, menu)
        action.setToolTip(tip(text))
        if chosen:
            action.setCheckable(True)
            action.setChecked(True)
        action.triggered.connect(lambda: self.wanted.emit(text))
        menu.addAction(action)

    def _submenu(self, menu: QMenu, title: str, do: Callable[[NamedFilter], None]) -> None:
        inner = menu.addMenu(title)
        for one in self._kept.saved:
            action = inner.addAction(menu_text(one.name, _LONGEST))
            action.triggered.connect(lambda _checked=False, one=one: do(one))
