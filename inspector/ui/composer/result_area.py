"""Gives the result the height it needs, and scrolls where the window has less. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_SMALLEST = 40


class ResultArea(QScrollArea):
    """A scroll area whose wanted height follows its content's."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Result")
        self._content = content
        self._wanted: QWidget | None = None
        # Else a scroll area takes the height that the wrapped texts would need at their narrowest, and stays as wide as
        # it was where what stands side by side would go below one another.
        content.setMinimumSize(1, 1)
        self.setWidget(content)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        # As if the scroll bar were there: where it is only just not needed, QScrollArea shows it and keeps it.
        height = self._content.heightForWidth(self.width() - self.verticalScrollBar().sizeHint().width())
        return QSize(240, height if height >= 0 else self._content.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(_SMALLEST, self.sizeHint().height()))

    def show_beginning(self, wanted: QWidget | None) -> None:
        """Look at the beginning of what is new, and as far down as `wanted` needs."""
        self.verticalScrollBar().setValue(0)
        self._wanted = wanted
        if wanted is not None:
            QTimer.singleShot(0, self, self._look)

    @Slot()
    def _look(self) -> None:
        # Once everything has its place. It may be gone by then: another check was quicker.
        if self._wanted is not None and self._content.isAncestorOf(self._wanted):
            self.ensureWidgetVisible(self._wanted, 0, 0)
        self._wanted = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
