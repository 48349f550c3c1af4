"""The hex tab: the bytes, and a line that says so where some of them are masked. Imports PySide6 and the view."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.ui.detail.hex_view import HexView
from inspector.ui.theme import Theme

_MASKED = "The device token is masked: these are not the bytes as they came. The eye above shows them."


class HexTab(QWidget):
    """`view` has the bytes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = HexView(theme, self)
        self.remark = QLabel(_MASKED, self)
        self.remark.setProperty("role", "muted")
        self.remark.setWordWrap(True)
        self.remark.setContentsMargins(12, 6, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.remark)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)

    def show_bytes(self, data: bytes, *, masked: bool) -> None:
        """Show other bytes; `masked`: they are not all as they came."""
        self.remark.setVisible(masked)
        self.view.show_bytes(data)
