"""A field for a secret: dots, and a button that shows them. Imports PySide6, the icons and the theme."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from inspector.ui import icons
from inspector.ui.theme import Theme


class SecretField(QWidget):
    """`changed` tells that something else is typed. Whoever uses it clears it."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self.changed)
        self.eye = QToolButton(self)
        self.eye.setCheckable(True)
        self.eye.setAccessibleName(f"Show: {name}")
        self.eye.setToolTip("Show what is typed")
        self.eye.toggled.connect(self._toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.eye)
        self.setAccessibleName(name)
        self.setFocusProxy(self.field)
        theme.changed.connect(self._recolor)
        self._recolor()

    def text(self) -> str:
        """What is typed."""
        return self.field.text()

    def clear(self) -> None:
        """Forget it, and hide what will be typed next."""
        self.field.clear()
        self.eye.setChecked(False)

    @Slot(bool)
    def _toggled(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        name = "eye-slash" if self.eye.isChecked() else "eye"
        self.eye.setIcon(icons.icon(name, self._theme.colors.muted))
