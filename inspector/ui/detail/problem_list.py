"""The problems of a push, and apart from them what its provider would refuse further on; each leads to its place.

Imports PySide6, the contract's words and the theme.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from inspector.contract.push import Problem, Severity
from inspector.ui import icons
from inspector.ui.theme import Theme

_ICON = 16
_HEADING_HEIGHT = 32
_PROBLEM = Qt.ItemDataRole.UserRole
_REFUSALS = "What the provider would refuse, passed on as it is"


class ProblemList(QListWidget):
    """`chosen` brings the Problem whose place is to be shown."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problems: tuple[Problem, ...] = ()
        self._refusals: tuple[Problem, ...] = ()
        self.setAccessibleName("Problems of the payload")
        self.setWordWrap(True)
        self.setProperty("role", "padded")
        self.setSpacing(3)
        self.setIconSize(QSize(_ICON, _ICON))
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)
        theme.changed.connect(self._fill)

    def show_problems(self, problems: tuple[Problem, ...], refusals: tuple[Problem, ...]) -> None:
        """Show what departs from the contract, and what a provider would refuse."""
        self._problems, self._refusals = problems, refusals
        self._fill()

    @Slot()
    def _fill(self) -> None:
        self.clear()
        for problem in self._problems:
            self._add(problem)
        if not self._problems:
            fits = icons.icon("check-circle", self._theme.colors.green)
            self._add_words(QListWidgetItem(fits, "Fits the documented contract."))
        if self._refusals:
            heading = QListWidgetItem(_REFUSALS)
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            heading.setFont(font)
            heading.setSizeHint(QSize(0, _HEADING_HEIGHT))
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            self._add_words(heading)
        for problem in self._refusals:
            self._add(problem)

    def _add(self, problem: Problem) -> None:
        colors = self._theme.colors
        name, color = {
            Severity.ERROR: ("warning-circle", colors.red),
            Severity.WARNING: ("warning-circle", colors.amber),
        }.get(problem.severity, ("info", colors.muted))
        where = f"{problem.path}\n" if problem.path else ""
        item = QListWidgetItem(icons.icon(name, color), f"{where}{problem.message}")
        item.setData(_PROBLEM, problem)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{problem.severity.value}: {problem.message}")
        item.setToolTip(f"{problem.severity.value}: {problem.code}. Enter goes to its place")
        self.addItem(item)

    def _add_words(self, item: QListWidgetItem) -> None:
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addItem(item)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        problem = item.data(_PROBLEM)
        if problem is not None:
            self.chosen.emit(problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.matches(QKeySequence.StandardKey.Copy) and item is not None:
            QGuiApplication.clipboard().setText(item.text())
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._choose(item)
            return
        super().keyPressEvent(event)


def marks_of(problems: tuple[Problem, ...]) -> dict[str, str]:
    """The messages by path, for the tree."""
    marked: dict[str, str] = {}
    for problem in problems:
        before = marked.get(problem.path)
        marked[problem.path] = f"{before}\n{problem.message}" if before else problem.message
    return marked
