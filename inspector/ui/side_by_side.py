"""A list and what is looked at of it: side by side where there is room, else one above the other. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget


class SideBySide(QSplitter):
    """`first` takes what room there is, `second` is `width` pixels wide, from `wide_from` pixels in all; below that
    they share the height as `stacked` says."""

    def __init__(
        self,
        first: QWidget,
        second: QWidget,
        *,
        width: int,
        wide_from: int,
        stacked: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._second_width = width
        self._wide_from = wide_from
        self._stacked = stacked
        self._seen = False
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.addWidget(first)
        self.addWidget(second)
        self._arrange(wide=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._seen:  # before, there were no sizes to share out
            self._seen = True
            QTimer.singleShot(0, self, self._share_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_wide != (self.orientation() is Qt.Orientation.Horizontal):
            self._share_out()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= self._wide_from

    @Slot()
    def _share_out(self) -> None:
        self._arrange(wide=self._is_wide)

    def _arrange(self, *, wide: bool) -> None:
        """The sizes are shares: there may be no room yet."""
        self.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        for place, share in enumerate((1, 0) if wide else (2, 3)):
            self.setStretchFactor(place, share)
        room = max(self.width(), self._wide_from)
        self.setSizes([room - self._second_width, self._second_width] if wide else list(self._stacked))
