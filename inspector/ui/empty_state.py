"""What a list shows while it is empty: a picture, a sentence, and the one thing to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.theme import Theme

TEXT_WIDTH = 340


class EmptyState(QFrame):
    """A centred message with up to two buttons. `actions` are the buttons, the first is the one to take."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        *,
        buttons: int = 0,
        text_width: int = TEXT_WIDTH,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._icon = icon
        self._picture = QLabel(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "heading")
        self._text = QLabel(self)
        self._text.setProperty("role", "muted")
        self._text.setWordWrap(True)
        self._text.setFixedWidth(text_width)
        for label in (self._picture, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.actions_row = [QPushButton(self) for _ in range(buttons)]
        if self.actions_row:
            self.actions_row[0].setProperty("kind", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in self.actions_row:
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addSpacing(4)
        layout.addWidget(self._title)
        # An alignment would keep the label at one line's height; room on both sides lets it wrap.
        around = QHBoxLayout()
        around.addStretch()
        around.addWidget(self._text)
        around.addStretch()
        layout.addLayout(around)
        layout.addSpacing(8)
        layout.addLayout(row)
        layout.addStretch(3)
        theme.changed.connect(self._repaint)
        self._repaint()

    def say(self, title: str, text: str, icon: str = "") -> None:
        """Change the words."""
        self._title.setText(title)
        self._text.setText(text)
        if icon:
            self._icon = icon
            self._repaint()

    def _repaint(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, self._theme.colors.muted, 40))
