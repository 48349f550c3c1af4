"""Sections of facts side by side: names and values that can be selected, long lists folded, each section copied with
one button. Imports PySide6, the theme and the value's view of the certificates page.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates.facts_view import FactValue
from inspector.ui.detail.sections import Fact, Section
from inspector.ui.theme import Theme, fixed_font

NAME_WIDTH = 128
HEADING_HEIGHT = 28


class FactGrid(QWidget):
    """Some sections, one below the other. `copied` tells what went to the clipboard. Views are kept and filled again:
    making one takes longer than all the rest."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sections: tuple[Section, ...] = ()
        self._views: list[SectionView] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show other facts; the same ones stay as they are, with what was unfolded."""
        if tuple(sections) == self._sections:
            return
        self._sections = tuple(sections)
        while len(self._views) < len(self._sections):
            view = SectionView(self._theme, self)
            view.copied.connect(self.copied)
            self._views.append(view)
            self._column.addWidget(view)
        for section, view in zip(self._sections, self._views, strict=False):
            view.show_section(section)
        for place, view in enumerate(self._views):
            view.setVisible(place < len(self._sections))

    def text(self) -> str:
        """What is shown, long lists whole."""
        return "\n\n".join(section.text for section in self._sections)


class SectionView(QWidget):
    """One section. `copied` tells what went to the clipboard."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._section = Section("", ())
        self._rows: list[_Row] = []
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._copy = QToolButton(self)
        self._copy.setFixedSize(HEADING_HEIGHT - 4, HEADING_HEIGHT - 4)
        self._copy.clicked.connect(self._copy_all)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._heading)
        head.addWidget(self._copy)
        head.addStretch()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._grid)
        theme.changed.connect(self._repaint)

    def show_section(self, section: Section) -> None:
        """Show another section."""
        if section == self._section:
            return
        self._section = section
        self._heading.setText(section.title)
        words = f"Copy “{section.title}” as text"
        self._copy.setAccessibleName(words)
        self._copy.setToolTip(words)
        while len(self._rows) < len(section.facts):
            self._rows.append(_Row(self, self._grid, len(self._rows)))
        for place, row in enumerate(self._rows):
            row.show_fact(section.facts[place] if place < len(section.facts) else None)
        self._repaint()

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._section.text)
        self.copied.emit(f"Copied “{self._section.title}”.")

    @Slot()
    def _repaint(self) -> None:
        colors = self._theme.colors
        self._copy.setIcon(icons.icon("copy", colors.muted))
        tones = {"good": colors.green, "warn": colors.amber, "bad": colors.red}
        for fact, row in zip(self._section.facts, self._rows, strict=False):
            row.color(tones.get(fact.tone, ""))


class _Row:
    """One fact's views in a section's grid."""

    def __init__(self, parent: QWidget, grid: QGridLayout, place: int) -> None:
        self._plain, self._fixed = parent.font(), fixed_font()
        self._color = ""
        self._name = QLabel(parent)
        self._name.setProperty("role", "muted")
        self._value = FactValue("", fixed=False, parent=parent)
        self._name.setBuddy(self._value)
        self._fold = FoldButton(self._value, parent)
        top = Qt.AlignmentFlag.AlignTop
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self._value, 1, top)
        beside.addWidget(self._fold, 0, top)
        grid.addWidget(self._name, place, 0, top)
        grid.addLayout(beside, place, 1)

    def show_fact(self, fact: Fact | None) -> None:
        """Show another fact, or nothing."""
        for widget in (self._name, self._value):
            widget.setVisible(fact is not None)
        self._fold.show_fact(fact)
        if fact is not None:
            self._name.setText(fact.name)
            self._value.setAccessibleName(fact.name)
            font = self._fixed if fact.mono else self._plain
            if self._value.font() != font:
                self._value.setFont(font)
            self._value.say(fact.value)

    def color(self, color: str) -> None:
        if color != self._color:
            self._color = color
            self._value.color(color)


class FoldButton(QPushButton):
    """Shows all of a long list, one a line, or its beginning again. Hidden for what is no long list."""

    def __init__(self, value: FactValue, parent: QWidget) -> None:
        super().__init__(parent)
        self._fact = Fact("", "")
        self._value = value
        self.setProperty("kind", "link")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        height = value.fontMetrics().height() + 2
        self.setStyleSheet(f"min-height: {height}px; max-height: {height}px;")
        self.toggled.connect(self._unfold)

    def show_fact(self, fact: Fact | None) -> None:
        """Belong to another fact, folded."""
        self._fact = fact or Fact("", "")
        self.setVisible(bool(self._fact.whole))
        self.setChecked(False)
        self._name()

    @Slot(bool)
    def _unfold(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._value.say(self._fact.whole if shown else self._fact.value)
        self._name()

    def _name(self) -> None:
        self.setText("Show fewer" if self.isChecked() else "Show all")
        self.setAccessibleName(f"{self.text()}: {self._fact.name}")
