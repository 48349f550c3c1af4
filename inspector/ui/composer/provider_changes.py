"""What became of the push on its way to the provider, a line each. Imports PySide6, the contract's words and the
theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from inspector.ui import icons
from inspector.ui.composer.provider_text import Place
from inspector.ui.theme import Colors

_TALLEST = 124
_ICON = 14
_PLACE_ROLE = Qt.ItemDataRole.UserRole


class ChangeList(QListWidget):
    """`chosen` carries the Place to go to: by a click, or by Enter."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_provider_changes")
        self.setAccessibleName("What is other than in the push")
        self.setProperty("role", "padded")
        self.setIconSize(QSize(_ICON, _ICON))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_places(self, places: tuple[Place, ...], colors: Colors) -> None:
        """Fill the list; the row that was current stays so, where it is still there."""
        row = self.currentRow()
        self.clear()
        for place in places:
            name, color = change_icon(place, colors)
            words = place.change.words
            if place.line:
                words += f" (line\u00a0{place.line})"
            item = QListWidgetItem(icons.icon(name, color), words)
            item.setData(_PLACE_ROLE, place)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{place.change.kind.value}: {words}")
            self.addItem(item)
        if row < self.count():
            self.setCurrentRow(row)
        self.updateGeometry()

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_PLACE_ROLE))

    def sizeHint(self) -> QSize:
        needed = sum(self.sizeHintForRow(row) for row in range(self.count())) + 2 * self.frameWidth() + 8
        return QSize(240, min(_TALLEST, needed))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(48, self.sizeHint().height()))


def change_icon(place: Place, colors: Colors) -> tuple[str, str]:
    """Icon and colour of a change, by its kind."""
    return {
        "copied": ("arrow-up-right", colors.amber),
        "turned into text": ("text-aa", colors.amber),
        "left out": ("prohibit", colors.muted),
        "added": ("plus", colors.green),
        "kept": ("check", colors.muted),
    }[place.change.kind.value]
