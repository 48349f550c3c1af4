"""What the page shows while there is no rule: what rules are for, and the usual ones to begin with. Imports PySide6."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.listener.rule import Rule
from inspector.listener.rule_presets import PRESETS
from inspector.ui import icons
from inspector.ui.answers.wording import answer_words
from inspector.ui.qt_text import menu_text
from inspector.ui.theme import Theme

_TITLE = "Every push gets the toolbar's answer"
_TEXT = (
    "A rule gives some of them another one: an error for one brand, a slow answer, a connection that breaks, "
    "two failures before it works. Begin with one of these and narrow it down."
)
_WIDTH, _COLUMNS = 480, 2


class NoRules(QFrame):
    """`add_wanted` brings the preset to begin with, None for an empty rule."""

    add_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title, text = QLabel(_TITLE, self), QLabel(_TEXT, self)
        title.setProperty("role", "heading")
        text.setProperty("role", "muted")
        text.setWordWrap(True)
        text.setFixedWidth(_WIDTH)
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons = [self._button(preset) for preset in PRESETS]
        self.begin_empty = QPushButton("Begin with an empty rule", self)
        self.begin_empty.setProperty("kind", "link")
        self.begin_empty.setCursor(Qt.CursorShape.PointingHandCursor)
        self.begin_empty.clicked.connect(self._begin_empty)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addStretch(2)
        middle.addWidget(self._picture)
        middle.addSpacing(4)
        middle.addWidget(title)
        middle.addWidget(text)
        middle.addSpacing(8)
        middle.addLayout(grid)
        middle.addSpacing(8)
        middle.addWidget(self.begin_empty, alignment=Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.addStretch()
        row.addLayout(middle)
        row.addStretch()
        theme.changed.connect(self._recolor)
        self._recolor()

    def _button(self, preset: Rule) -> QPushButton:
        button = QPushButton(menu_text(preset.name), self)
        button.setAccessibleName(f"Add the rule {preset.name}")
        button.setToolTip(f"{answer_words(preset.answer)[:1].upper()}{answer_words(preset.answer)[1:]}")
        button.setFixedWidth((_WIDTH - 8) // _COLUMNS)
        button.clicked.connect(self._begin)
        return button

    @Slot()
    def _begin(self) -> None:
        self.add_wanted.emit(PRESETS[self.buttons.index(self.sender())])  # type: ignore[arg-type] # one of them

    @Slot()
    def _begin_empty(self) -> None:
        self.add_wanted.emit(None)

    @Slot()
    def _recolor(self) -> None:
        self._picture.setPixmap(icons.pixmap("arrow-bend-up-left", self._theme.colors.muted, 40))
