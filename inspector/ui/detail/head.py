"""The line above the tabs: what one looks at, what is noted on it, whether secrets show, and sending it again.

Imports PySide6, the icons, the theme and the marks.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from inspector.history.model import Mark
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.mark_change import MarkChange
from inspector.ui.mark_menu import fill_mark_menu, swatch
from inspector.ui.theme import Theme

HEAD_HEIGHT = 36
_SECRETS = "device tokens and credentials"


class DetailHead(QWidget):
    """`mark_wanted` brings a MarkChange, `note_wanted` that a note is to be written."""

    mark_wanted = Signal(object)
    note_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = Mark()
        self.setFixedHeight(HEAD_HEIGHT)
        self.overview = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.overview.setProperty("role", "muted")
        self.note = self._tool("note_button", "Write a note", "Write a note on this row (Ctrl+M)")
        self.note.clicked.connect(self.note_wanted)
        self.color = self._tool("mark_button", "Mark with a colour", "Mark this row with a colour")
        self.color.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._colors = QMenu(self.color)
        self._colors.aboutToShow.connect(self._fill_colors)
        self.color.setMenu(self._colors)
        self.pin = self._tool("pin_button", "Pin", "")
        self.pin.setCheckable(True)
        self.pin.clicked.connect(self._pin)
        self.reveal = self._tool("reveal_button", f"Show {_SECRETS}", "")
        self.reveal.setCheckable(True)
        self.reveal.toggled.connect(self._recolor)
        self.resend = QPushButton("Resend", self)
        self.resend.setObjectName("resend_button")
        self.resend.setProperty("kind", "quiet")
        self.resend.setToolTip("Send these bytes again to the composer's target (Ctrl+R)")
        self.edit = QPushButton("Edit and resend", self)
        self.edit.setObjectName("edit_resend_button")
        self.edit.setProperty("kind", "quiet")
        self.edit.setToolTip("Put the payload into the composer (Ctrl+E)")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 0)
        row.setSpacing(4)
        row.addWidget(self.overview, 1)
        for part in (self.note, self.color, self.pin, self.reveal, self.resend, self.edit):
            row.addWidget(part)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _tool(self, name: str, words: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        button.setIconSize(QSize(16, 16))
        return button

    def show_event(self, overview: str, mark: Mark | None, *, push: bool) -> None:
        """Show what one looks at. Only a push has secrets and can be sent again."""
        self.overview.setText(overview)
        self._mark = mark or Mark()
        for button in (self.reveal, self.resend, self.edit):
            button.setVisible(push)
        self.pin.setChecked(self._mark.pinned)
        self._recolor()

    @Slot(bool)
    def _pin(self, pinned: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.mark_wanted.emit(MarkChange(pinned=pinned))
        self._recolor()

    @Slot()
    def _fill_colors(self) -> None:
        fill_mark_menu(self._colors, self._mark.color, self._choose, dark=self._theme.dark)

    def _choose(self, color: str) -> None:
        self.mark_wanted.emit(MarkChange(color=color))

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self.note.setIcon(icons.icon("note", colors.muted))
        color = self._mark.color
        self.color.setIcon(
            swatch(color, dark=self._theme.dark) if color else icons.icon("tag-simple", colors.muted)
        )
        pinned = self.pin.isChecked()
        self.pin.setIcon(
            icons.icon("push-pin-fill" if pinned else "push-pin", colors.accent if pinned else colors.muted)
        )
        self.pin.setToolTip(
            "Pinned; let go of it (Space in the table)" if pinned else "Pin (Space in the table)"
        )
        shown = self.reveal.isChecked()
        self.reveal.setIcon(icons.icon("eye" if shown else "eye-slash", colors.muted))
        self.reveal.setToolTip(
            f"{_SECRETS.capitalize()} are shown, everywhere in the window" if shown else f"Show {_SECRETS}"
        )
        icons.set_on(self.resend, "arrow-clockwise", colors.text)
        icons.set_on(self.edit, "pencil-simple-line", colors.text)
