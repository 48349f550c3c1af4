"""What is wrong with a filter and what to do, in a small box below it. Imports the theme, icons and PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from inspector.ui import icons
from inspector.ui.filter_box.over import hang_below
from inspector.ui.theme import Theme

_WIDTH = 420
_ICON = 16


class FilterNote(QFrame):
    """A message and the next step; red for a mistake, amber for what is not finished."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filter_note")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme
        self._mistake = True
        self._icon = QLabel(self)
        self.message = self._label("")
        self.next_step = self._label("muted")
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.message, 0, 1)
        grid.addWidget(self.next_step, 1, 1)
        theme.changed.connect(self._recolor)
        self.hide()

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        return label

    def say(self, message: str, next_step: str, edit: QWidget, x: int, *, mistake: bool) -> None:
        """Say it below the box, from `x` on."""
        self._mistake = mistake
        self.message.setText(message)
        self.next_step.setText(next_step)
        self.next_step.setVisible(bool(next_step))
        self.setProperty("role", "mistake" if mistake else "hint")
        self.style().unpolish(self)
        self.style().polish(self)
        self._recolor()
        wanted = max(
            label.fontMetrics().horizontalAdvance(label.text()) for label in (self.message, self.next_step)
        )
        width = min(_WIDTH, wanted + _ICON + 8 + 10 + 12 + 4)
        self._grid.activate()
        height = self._grid.heightForWidth(width)
        hang_below(self, edit, x, width, height)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color = ("warning-circle", colors.red) if self._mistake else ("info", colors.amber)
        self._icon.setPixmap(icons.pixmap(name, color, _ICON, self.devicePixelRatioF()))
