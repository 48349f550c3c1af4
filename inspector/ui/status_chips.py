"""Small marks in the status line for what the listener does out of the ordinary, in words. Imports PySide6."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from inspector.ui import icons
from inspector.ui.qt_text import menu_text, tip
from inspector.ui.theme import Theme

GAP = 4
HEIGHT = 20
# What is most dangerous to forget stands first and is shortened last.
ORDER = ("reading", "key_log", "addresses", "auth", "lenient", "forward", "rules", "expiry")


@dataclass(frozen=True, slots=True)
class Chip:
    """One mark: its words, the fewer words where there is no room, what a pointer on it tells. `warn` is for what
    lowers the guard; `closes` puts a cross on it, as a click ends what it stands for."""

    text: str
    short: str
    tip: str
    tone: Literal["plain", "warn"] = "plain"
    closes: bool = False


class StatusChips(QWidget):
    """`chosen` carries the key of the chip that was clicked, `changed` tells that there are others now."""

    chosen = Signal(str)
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, Chip] = {}
        self._buttons: dict[str, QPushButton] = {}
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        theme.changed.connect(self._recolor)
        self.hide()

    @property
    def shown(self) -> dict[str, Chip]:
        """The chips there are, by key."""
        return dict(self._chips)

    def put(self, key: str, chip: Chip | None) -> None:
        """Show a chip, another one in its place, or none any more."""
        if self._chips.get(key) == chip:
            return
        if chip is None:
            del self._chips[key]
            button = self._buttons.pop(key)
            button.hide()
            button.deleteLater()
        else:
            self._chips[key] = chip
            if key not in self._buttons:
                self._buttons[key] = self._button(key)
        self._chips = {known: self._chips[known] for known in sorted(self._chips, key=_place)}
        previous: QWidget | None = None
        for known in self._chips:
            if previous is not None:
                QWidget.setTabOrder(previous, self._buttons[known])
            previous = self._buttons[known]
        self.setVisible(bool(self._chips))
        self._recolor()
        self.updateGeometry()
        self._arrange()
        self.changed.emit()

    def button(self, key: str) -> QPushButton:
        """The button of a chip that is shown."""
        return self._buttons[key]

    def sizeHint(self) -> QSize:
        return QSize(self._total([self._width(key, chip.text) for key, chip in self._chips.items()]), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._total([self._width(key, chip.short) for key, chip in self._chips.items()]), HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def _button(self, key: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(f"chip_{key}")
        button.setProperty("kind", "chip")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.chosen.emit(key))
        button.show()
        return button

    def _width(self, key: str, text: str) -> int:
        button = self._buttons[key]
        picture = button.iconSize().width() + 4 if not button.icon().isNull() else 0
        return button.fontMetrics().horizontalAdvance(text) + picture + 14

    @staticmethod
    def _total(widths: list[int]) -> int:
        return sum(widths) + GAP * max(0, len(widths) - 1)

    def _arrange(self) -> None:
        """All with their full words, or as many of the last ones shortened as there is too little room for."""
        texts = {key: chip.text for key, chip in self._chips.items()}
        for key in reversed(list(self._chips)):
            if self._total([self._width(known, text) for known, text in texts.items()]) <= self.width():
                break
            texts[key] = self._chips[key].short
        left = 0
        for key, text in texts.items():
            button = self._buttons[key]
            button.setText(menu_text(text))
            width = self._width(key, text)
            button.setGeometry(left, 0, width, HEIGHT)
            left += width + GAP

    def _recolor(self) -> None:
        colors = self._theme.colors
        for key, chip in self._chips.items():
            button = self._buttons[key]
            color = colors.amber if chip.tone == "warn" else colors.muted
            button.setIconSize(QSize(12, 12))
            button.setIcon(
                icons.icon("x", color)
                if chip.closes
                else icons.icon("warning-circle", color)
                if chip.tone == "warn"
                else icons.icon("info", color)
            )
            button.setAccessibleName(chip.text)
            button.setAccessibleDescription(chip.tip)
            button.setToolTip(tip(chip.tip))
            if button.property("tone") != chip.tone:
                button.setProperty("tone", chip.tone)
                button.style().unpolish(button)
                button.style().polish(button)


def _place(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), key)
