"""Where the panes of the composer stand: form and text side by side where there is room, one above the other where
there is not; what they are looked at with beside them, or below. Imports PySide6 and its own room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from inspector.ui.composer.looks import Look

SIDE_BY_SIDE = 560
"""Pixels from which on form and text stand beside each other."""
LOOK_BESIDE = 980
"""Pixels from which on what is looked with stands beside both."""

_WRITE, _WHOLE = (8, 7), (3, 2)  # how the room is shared at first
_MUCH = 1000  # only what sizes are to each other counts


class Panes(QWidget):
    """Two splitters, one in the other. `looks` make the widgets to look with, each when it is first shown."""

    def __init__(
        self,
        form: QWidget,
        text: QWidget,
        looks: Mapping[str, Callable[[QWidget], Look]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._looks = looks
        self._made: dict[str, Look] = {}
        self._shown = ""
        self._form, self._text = form, text
        self._write = _splitter(self)
        self._write.addWidget(form)
        self._write.addWidget(text)
        self._write.setStretchFactor(0, 1)
        self._write.setStretchFactor(1, 1)
        self._look = QStackedWidget(self)
        self._look.setMinimumSize(240, 120)
        self._look.hide()
        self._whole = _splitter(self)
        self._whole.addWidget(self._write)
        self._whole.addWidget(self._look)
        self._whole.setStretchFactor(0, 3)
        self._whole.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._whole)
        self._write.setSizes([_MUCH * share for share in _WRITE])
        self._turn(self.width())

    def show_panes(self, *, form: bool, text: bool, look: str) -> None:
        """Show these panes; `look` is the key of one to look with, or empty."""
        self._form.setVisible(form)
        self._text.setVisible(text)
        self._shown = look
        if look:
            self._look.setCurrentWidget(self.look(look).widget)
        if look and self._look.isHidden():
            self._look.show()
            self._share()
        self._look.setVisible(bool(look))

    def look(self, key: str) -> Look:
        """What is looked with, by its key."""
        if key not in self._made:
            self._made[key] = self._looks[key](self._look)
            self._look.addWidget(self._made[key].widget)
        return self._made[key]

    @property
    def looked_with(self) -> Look | None:
        """What is looked with now, if anything is."""
        return self._made.get(self._shown)

    def close_down(self) -> None:
        """Nothing is looked at any more."""
        for look in self._made.values():
            look.close_down()

    def save_state(self) -> str:
        """The splitters' state as a text."""
        states = (self._write.saveState(), self._whole.saveState())
        return " ".join(bytes(state.toBase64().data()).decode() for state in states)

    def restore_state(self, state: str) -> None:
        """Bring back what `save_state` gave; the directions follow the width."""
        parts = state.split(" ")
        if len(parts) == 2:
            for splitter, part in zip((self._write, self._whole), parts, strict=True):
                splitter.restoreState(QByteArray.fromBase64(part.encode()))
            self._turn(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn(event.size().width())

    def _turn(self, width: int) -> None:
        """Set the splitters' directions for a width."""
        _direct(self._whole, beside=width >= LOOK_BESIDE, shares=_WHOLE)
        beside = self._whole.orientation() is Qt.Orientation.Horizontal and not self._look.isHidden()
        room = width * _WHOLE[0] // sum(_WHOLE) if beside else width
        _direct(self._write, beside=room >= SIDE_BY_SIDE, shares=_WRITE)

    def _share(self) -> None:
        self._whole.setSizes([_MUCH * share for share in _WHOLE])
        self._turn(self.width())


def _splitter(parent: QWidget) -> QSplitter:
    splitter = QSplitter(Qt.Orientation.Vertical, parent)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    return splitter


def _direct(splitter: QSplitter, *, beside: bool, shares: tuple[int, int]) -> None:
    wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
    if splitter.orientation() is not wanted:
        splitter.setOrientation(wanted)
        # The heights of before mean nothing as widths, nor the other way round.
        splitter.setSizes([_MUCH * share for share in shares])
