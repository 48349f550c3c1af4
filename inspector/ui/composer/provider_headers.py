"""The headers of the request to a provider, names and values in two columns. Imports PySide6, the contract's words and
the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import tip
from inspector.ui.theme import fixed_font

if TYPE_CHECKING:
    from inspector.contract.sent_on.model import Header

_NAME_WIDTH = 128
_ROW_HEIGHT = 18


class HeaderGrid(QWidget):
    """Rows are kept and filled again. What only the proxy knows is muted, in angle brackets, and says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_provider_headers")
        self.setAccessibleName("Headers")
        self._rows: list[tuple[ElidedLabel, ElidedLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)

    def show_headers(self, headers: tuple[Header, ...]) -> None:
        """Show other headers."""
        while len(self._rows) < len(headers):
            self._rows.append(self._new_row())
        for place, (name, value) in enumerate(self._rows):
            shown = place < len(headers)
            name.setVisible(shown)
            value.setVisible(shown)
            if not shown:
                continue
            header = headers[place]
            name.setText(header.name)
            value.setText(header.value)
            words = f"{header.name}: {header.value}\n{_sentence(header.words)}"
            name.setToolTip(tip(words))
            value.setToolTip(tip(words))
            value.setAccessibleName(header.name)
            value.setAccessibleDescription(_sentence(header.words))
            _set_role(value, "muted" if header.placeholder else "")

    def _new_row(self) -> tuple[ElidedLabel, ElidedLabel]:
        row = len(self._rows)
        name, value = ElidedLabel(self), ElidedLabel(self)
        name.setProperty("role", "muted")
        name.setFixedWidth(_NAME_WIDTH)
        for column, label in enumerate((name, value)):
            label.setFont(fixed_font())
            label.setFixedHeight(_ROW_HEIGHT)
            self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignVCenter)
        return name, value


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _set_role(label: QLabel, role: str) -> None:
    if label.property("role") != role:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)
