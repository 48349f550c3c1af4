"""The line above the table of rules: what there is, try, add. Imports PySide6, the theme and the presets."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from inspector.listener.rule_presets import PRESETS
from inspector.ui import icons
from inspector.ui.answers.wording import answer_words
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme

ADD_TIP = "Add a rule, empty or one of the usual ones (Insert)"
TRY_TIP = "Tell which rule would fire for the push that is selected on the page of pushes"


class Head(QFrame):
    """`add_wanted` brings the preset to begin with, None for an empty rule."""

    add_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setFixedHeight(44)
        self._theme = theme
        title = QLabel("Answers", self)
        title.setProperty("role", "title")
        self.summary = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.summary.setProperty("role", "muted")
        self.try_push = QPushButton("Tr&y the selected push", self)
        self.try_push.setObjectName("rules_try")
        self.try_push.setAccessibleName("Try the selected push")
        self.add = QPushButton("Add r&ule", self)
        self.add.setObjectName("rules_add")
        self.add.setAccessibleName("Add a rule")
        self.add.setToolTip(ADD_TIP)
        self.add.setMenu(self._presets_menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(title)
        row.addSpacing(4)
        row.addWidget(self.summary, 1)
        row.addWidget(self.try_push)
        row.addWidget(self.add)
        theme.changed.connect(self._recolor)
        self._recolor()

    def _presets_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction("Empty rule").setData(None)
        menu.addSeparator()
        for place, preset in enumerate(PRESETS):
            action = menu.addAction(menu_text(preset.name))
            action.setData(place)
            action.setToolTip(answer_words(preset.answer))
        menu.triggered.connect(self._preset_chosen)
        return menu

    @Slot(object)
    def _preset_chosen(self, action: object) -> None:
        place = action.data()  # type: ignore[attr-defined] # a QAction
        self.add_wanted.emit(None if place is None else PRESETS[place])

    def show_summary(self, count: int, active: int, unsound: int) -> None:
        """Say how many rules there are, and how many of them count."""
        parts = [f"{count:,} rule{'' if count == 1 else 's'}", f"{active:,} active"] if count else []
        if unsound:
            parts.append(f"{unsound:,} can't be followed yet")
        self.summary.setText("  ·  ".join(parts))

    def set_push_at_hand(self, *, there: bool) -> None:
        """Whether a push is selected that can be tried."""
        self.try_push.setEnabled(there)
        self.try_push.setToolTip(TRY_TIP if there else f"{TRY_TIP}: select one there first")

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        icons.set_on(self.add, "plus", colors.text, colors.muted)
        icons.set_on(self.try_push, "flask", colors.text, colors.muted)
