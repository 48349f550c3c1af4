"""What hangs below the filter box, over the page: a part of the window, so that it takes no focus, no click elsewhere
and no place of its own among the desktop's windows. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

GAP = 4
MARGIN = 8


def hang_below(child: QWidget, edit: QWidget, x: int, width: int, height: int) -> None:
    """Show a widget below another one, its left edge at `x` of that one where there is room, else further left."""
    window = edit.window()
    if child.parentWidget() is not window:
        child.setParent(window)
    place = edit.mapTo(window, QPoint(x, edit.height() + GAP))
    width = min(width, window.width() - 2 * MARGIN)
    left = max(MARGIN, min(place.x(), window.width() - width - MARGIN))
    child.setGeometry(left, place.y(), width, min(height, window.height() - place.y() - MARGIN))
    child.show()
    child.raise_()
