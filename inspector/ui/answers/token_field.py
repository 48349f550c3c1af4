"""A field for a device token, which is a secret: it shows dots until it is asked to show more. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.theme import Theme, fixed_font


class TokenField(QWidget):
    """A line and the button that shows what is in it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName("Device token")
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.reveal = QToolButton(self)
        self.reveal.setCheckable(True)
        self.reveal.setAccessibleName("Show the device token")
        self.reveal.setFixedSize(28, 28)
        self.reveal.toggled.connect(self._show_or_hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.reveal)
        theme.changed.connect(self._recolor)
        self._show_or_hide(shown=False)

    def hide_token(self) -> None:
        """Show dots again."""
        self.reveal.setChecked(False)

    @Slot(bool)
    def _show_or_hide(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        echo = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.line.setEchoMode(echo)
        self.line.setFont(fixed_font() if shown else self.font())
        self.reveal.setToolTip("Hide the device token" if shown else "Show the device token")
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        name = "eye-slash" if self.reveal.isChecked() else "eye"
        self.reveal.setIcon(icons.icon(name, self._theme.colors.muted))
