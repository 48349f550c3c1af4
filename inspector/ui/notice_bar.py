"""A line below the toolbar for what went wrong (or is worth knowing), with the next step as a button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.theme import Theme


class NoticeBar(QWidget):
    """Hidden until there is something to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fault = False
        self._do: Callable[[], None] | None = None
        self._frame = QFrame(self)
        self._picture = QLabel(self._frame)
        self._text = QLabel(self._frame)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setObjectName("notice_text")
        self._button = QPushButton(self._frame)
        self._button.setObjectName("notice_action")
        self._button.clicked.connect(self._act)
        self._close = QToolButton(self._frame)
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(8, 8, 8, 8)
        outer.addWidget(self._frame)
        theme.changed.connect(self._recolor)
        self.hide()

    def show_error(
        self, error: InspectorError, action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        """One line that names the cause and the next step, with a button where the program can take it."""
        self._show(f"{error.message} {in_window(error.next_step)}".strip(), action, do, fault=True)

    def show_hint(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Something worth knowing that is no fault."""
        self._show(text, action, do, fault=False)

    @property
    def text(self) -> str:
        return self._text.text()

    def _show(self, text: str, action: str, do: Callable[[], None] | None, *, fault: bool) -> None:
        self._fault = fault
        self._do = do
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._frame.setProperty("role", "fault" if fault else "notice")
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)
        self._recolor()
        self.show()

    @Slot()
    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color = ("warning-circle", colors.red) if self._fault else ("info", colors.accent)
        self._picture.setPixmap(icons.pixmap(name, color, 16))
        self._close.setIcon(icons.icon("x", colors.muted))
