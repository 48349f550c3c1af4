"""Names and addresses to pick as chips, and a field for others. Imports PySide6 and the certificates' names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.certificates.mint import is_server_name
from inspector.ui import icons
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.listener_settings.form import set_property
from inspector.ui.qt_text import menu_text, tip
from inspector.ui.theme import Theme

_LONGEST = 34


class _NameField(QLineEdit):
    """Enter adds the name, and does nothing else while there is one."""

    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (enter or event.text() in (",", " ")) and self.text().strip():
            self.taken.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class NameChips(QWidget):
    """`changed` tells that other names are picked. A chip is picked or not; what is typed becomes one."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, QPushButton] = {}
        self.setAccessibleName("Names and addresses")
        self._area = QWidget(self)
        self._flow = FlowLayout(self._area, 4)
        self.field = _NameField(self)
        self.field.setObjectName("certificate_new_san")
        self.field.setAccessibleName("Another name or address")
        self.field.setPlaceholderText("another, such as proxy.example.com or 192.0.2.7")
        self.field.taken.connect(self.take)
        self.field.textChanged.connect(self._typed)
        self.add_button = QPushButton("Add", self)
        self.add_button.setToolTip("Add this name (Enter)")
        self.add_button.setAutoDefault(False)
        self.add_button.setEnabled(False)
        self.add_button.clicked.connect(self.take)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._area)
        column.addLayout(line)
        self.setFocusProxy(self.field)
        theme.changed.connect(self._recolor)

    def offer(self, names: Sequence[str], picked: Sequence[str]) -> None:
        """Names to pick from; `picked` are so from the start."""
        for name in names:
            self._add(name, picked=name in picked)

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are picked, and what still stands in the field."""
        picked = [name for name, chip in self._chips.items() if chip.isChecked()]
        typed = self.field.text().strip()
        return tuple(dict.fromkeys((*picked, typed) if typed else picked))

    @property
    def wrong(self) -> str:
        """What stands in the field and is no name; empty where nothing does."""
        typed = self.field.text().strip()
        return typed if typed and not is_server_name(typed) else ""

    @Slot()
    def take(self) -> None:
        """Make a chip of what is typed, unless that is no name."""
        name = self.field.text().strip().strip("[]")
        if not name or self.wrong:
            return
        if name in self._chips:
            self._chips[name].setChecked(True)
        else:
            self._add(name, picked=True)
        self.field.clear()
        self.changed.emit()

    def _add(self, name: str, *, picked: bool) -> None:
        chip = QPushButton(menu_text(name, _LONGEST), self._area)
        chip.setProperty("kind", "pick")
        chip.setCheckable(True)
        chip.setChecked(picked)
        chip.setAutoDefault(False)
        chip.setToolTip(tip(name))
        chip.setAccessibleName(name)
        chip.toggled.connect(self._toggled)
        self._chips[name] = chip
        self._flow.addWidget(chip)
        chip.show()
        self._recolor()
        self._area.updateGeometry()

    @Slot()
    def _toggled(self) -> None:
        self._recolor()
        self.changed.emit()

    @Slot()
    def _typed(self) -> None:
        set_property(self.field, "state", "bad" if self.wrong else "")
        self.add_button.setEnabled(bool(self.field.text().strip()) and not self.wrong)
        self.changed.emit()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        for chip in self._chips.values():
            picked = chip.isChecked()
            chip.setIcon(icons.icon("check" if picked else "plus", colors.text if picked else colors.muted))
