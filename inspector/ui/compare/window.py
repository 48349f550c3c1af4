"""The window that compares two pushes. Imports the parts of this package, the worker and PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.compare.comparison import Comparison, Side, comparison
from inspector.ui.compare.lines_view import LinesView
from inspector.ui.compare.tree_view import PairsView
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

SIZE = (1000, 640)


class CompareWindow(QWidget):
    """Shows how two sides differ, computed in the worker's thread. Esc closes it."""

    def __init__(
        self, left: Side, right: Side, worker: Worker, theme: Theme, *, reveal: bool, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("compare_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sides = (left, right)
        self._worker = worker
        self._theme = theme
        self._reveal = reveal
        self._comparison: Comparison | None = None
        self._place = -1
        self._lane = f"compare {id(self)}"
        self._counts = QLabel("Comparing…", self)
        self._counts.setObjectName("compare_counts")
        self._note = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self._note.setProperty("role", "muted")
        self.only = QCheckBox("Only &differences", self)
        self.ignore_order = QCheckBox("Ignore the &order of lists", self)
        self.swap = QPushButton("&Swap", self)
        self.previous = QPushButton("&Previous", self)
        self.next = QPushButton("&Next", self)
        for button in (self.swap, self.previous, self.next):
            button.setProperty("kind", "quiet")
        self.only.setToolTip("Leave out what is the same")
        self.ignore_order.setToolTip("Lists that hold the same in another order are the same")
        self.swap.setToolTip("Put the left on the right")
        self.previous.setToolTip("The difference before (Shift+F8)")
        self.next.setToolTip("The next difference (F8)")
        self.tree = PairsView(theme, "Differences as a tree", self)
        self.tree.setObjectName("compare_tree")
        self.lines = LinesView(theme, self)
        self.facts = PairsView(theme, "Facts", self)
        self.facts.setObjectName("compare_facts")
        self.facts.setRootIsDecorated(False)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Comparison")
        self._lay_out()
        self._connect()
        self._recolor()
        self.resize(*SIZE)
        self.tabs.setFocus()
        self._compare()

    def _lay_out(self) -> None:
        for view, title in ((self.tree, "Tree"), (self.lines, "Side by side"), (self.facts, "Facts")):
            self.tabs.addTab(view, title)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 8, 4)
        head.setSpacing(12)
        head.addWidget(self._counts)
        head.addWidget(self._note, 1)
        head.addWidget(self.only)
        head.addWidget(self.ignore_order)
        head.addWidget(self.swap)
        head.addWidget(self.previous)
        head.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        self.only.toggled.connect(self._show)
        self.ignore_order.toggled.connect(self._compare)
        self.swap.clicked.connect(self._swap)
        self.next.clicked.connect(self._go_on)
        self.previous.clicked.connect(self._go_back)
        self._theme.changed.connect(self._recolor)
        for keys, do in (("F8", self._go_on), ("Shift+F8", self._go_back), ("Esc", self.close)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    @property
    def comparison(self) -> Comparison | None:
        """What is shown; None while it is made."""
        return self._comparison

    @Slot(bool)
    def set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - a slot
        """Show what is secret, or mask it."""
        self._reveal = revealed
        self._compare()

    @Slot()
    def _compare(self) -> None:
        left, right = self._sides
        self.setWindowTitle(f"{left.title} and {right.title}")
        ignore_order, reveal = self.ignore_order.isChecked(), self._reveal

        def job() -> Comparison:
            return comparison(left, right, ignore_order=ignore_order, reveal=reveal)

        self._worker.submit(self._lane, job, self._take, self._failed)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Want no comparison any more: it would be brought to a window that is gone."""
        self._worker.outdated(self._lane)
        super().closeEvent(event)

    def _take(self, made: Comparison) -> None:
        self._comparison = made
        self._place = -1
        self._counts.setText(made.counts.words)
        self._note.setText(made.note)
        is_json = made.difference is not None
        self.tabs.setTabVisible(0, is_json)
        self.ignore_order.setEnabled(is_json)
        found = made.counts.added + made.counts.removed + made.counts.changed
        self.next.setEnabled(found > 0)
        self.previous.setEnabled(found > 0)
        self._show()

    def _failed(self, error: BaseException) -> None:
        self._counts.setText("Could not be compared")
        self._note.setText(str(error))

    @Slot()
    def _show(self) -> None:
        made = self._comparison
        if made is None:
            return
        titles = (made.left.title, made.right.title)
        only = self.only.isChecked()
        if made.difference is not None:
            self.tree.show_difference(made.difference, titles, only=only, reveal=self._reveal)
        lines = made.lines
        if only:
            lines = tuple(line for line in lines if line.place is not None or line.around)
        self.lines.lines_model.show(lines, *titles)
        self.facts.show_facts(made.facts, titles, only=only)
        different = sum(not fact.same for fact in made.facts)
        self.tabs.setTabText(2, f"Facts  {different}" if different else "Facts")

    @Slot()
    def _swap(self) -> None:
        self._sides = self._sides[::-1]
        self._compare()

    @Slot()
    def _go_on(self) -> None:
        self._go(1)

    @Slot()
    def _go_back(self) -> None:
        self._go(-1)

    def _go(self, step: int) -> None:
        made = self._comparison
        places = (
            0
            if made is None
            else max((line.place for line in made.lines if line.place is not None), default=-1) + 1
        )
        if not places:
            return
        self._place = (self._place + step) % places if self._place >= 0 or step > 0 else places - 1
        self.tree.go_to(self._place)
        self.lines.go_to(self._place)

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.next, "arrow-down", colors.text)
        icons.set_on(self.previous, "arrow-up", colors.text)
        self._show()
