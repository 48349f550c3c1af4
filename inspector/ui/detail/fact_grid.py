"""Sections of facts side by side: names and values that can be selected, long lists folded, each section copied with
one button. Imports PySide6, the theme and the value's view of the certificates page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates.facts_view import FactValue
from inspector.ui.detail.sections import Fact, Section
from inspector.ui.theme import Theme

NAME_WIDTH = 128
HEADING_HEIGHT = 28


class FactGrid(QWidget):
    """Some sections, one below the other. `copied` tells what went to the clipboard."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections: tuple[Section, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show other facts; the same ones stay as they are, with what was unfolded."""
        if tuple(sections) == self._sections:
            return
        self._sections = tuple(sections)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for section in self._sections:
            self._column.addWidget(SectionView(self._theme, section, self.copied.emit, self))

    def text(self) -> str:
        """What is shown, long lists whole."""
        return "\n\n".join(section.text for section in self._sections)


class SectionView(QWidget):
    """One section."""

    def __init__(
        self, theme: Theme, section: Section, copied: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._section = section
        self._copied = copied
        self._toned: list[tuple[FactValue, str]] = []
        heading = QLabel(section.title, self)
        heading.setProperty("role", "heading")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self._copy = QToolButton(self)
        self._copy.setFixedSize(HEADING_HEIGHT - 4, HEADING_HEIGHT - 4)
        words = f"Copy “{section.title}” as text"
        self._copy.setAccessibleName(words)
        self._copy.setToolTip(words)
        self._copy.clicked.connect(self._copy_all)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(heading)
        head.addWidget(self._copy)
        head.addStretch()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        for row, fact in enumerate(section.facts):
            self._add(row, fact)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._grid)
        theme.changed.connect(self._repaint)
        self._repaint()

    def _add(self, row: int, fact: Fact) -> None:
        top = Qt.AlignmentFlag.AlignTop
        name = QLabel(fact.name, self)
        name.setProperty("role", "muted")
        value = FactValue(fact.name, fixed=fact.mono, parent=self)
        value.say(fact.value)
        name.setBuddy(value)
        self._grid.addWidget(name, row, 0, top)
        if fact.tone:
            self._toned.append((value, fact.tone))
        if not fact.whole:
            self._grid.addWidget(value, row, 1, top)
            return
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(value, 1, top)
        beside.addWidget(FoldButton(fact, value, self), 0, top)
        self._grid.addLayout(beside, row, 1)

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._section.text)
        self._copied(f"Copied “{self._section.title}”.")

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        self._copy.setIcon(icons.icon("copy", colors.muted))
        tones = {"good": colors.green, "warn": colors.amber, "bad": colors.red}
        for value, tone in self._toned:
            value.color(tones[tone])


class FoldButton(QPushButton):
    """Shows all of a long list, one a line, or its beginning again."""

    def __init__(self, fact: Fact, value: FactValue, parent: QWidget) -> None:
        super().__init__(parent)
        self._fact = fact
        self._value = value
        self.setProperty("kind", "link")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        height = value.fontMetrics().height() + 2
        self.setStyleSheet(f"min-height: {height}px; max-height: {height}px;")
        self.toggled.connect(self._unfold)
        self._unfold(False)

    @Slot(bool)
    def _unfold(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._value.say(self._fact.whole if shown else self._fact.value)
        self.setText("Show fewer" if shown else "Show all")
        self.setAccessibleName(f"{self.text()}: {self._fact.name}")
