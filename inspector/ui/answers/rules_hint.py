"""The mark beside the toolbar's answer that says that rules come before it. Imports PySide6 and the theme; the words
for rules when there are some."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from inspector.listener.rule import Rule
from inspector.ui import icons
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

_MOST_NAMED = 8


class RulesHint(QPushButton):
    """Hidden while no rule is active; amber where one of them lets pushes fail."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fails = False
        self.setObjectName("rules_hint")
        self.setProperty("kind", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(12, 12))
        theme.changed.connect(self._recolor)
        self.hide()

    def show_rules(self, active: Sequence[Rule]) -> None:
        """Say how many rules are active, and which."""
        from inspector.ui.answers.wording import answer_words, fails, name_of, when_words

        self._fails = any(fails(rule) for rule in active)
        count = f"{len(active):,} rule{'' if len(active) == 1 else 's'}"
        self.setText(count)
        lines = [
            f"{name_of(rule)}:  {when_words(rule)}  →  {answer_words(rule.answer)}"
            for rule in active[:_MOST_NAMED]
        ]
        if len(active) > _MOST_NAMED:
            lines.append(f"and {len(active) - _MOST_NAMED:,} more")
        comes = "comes" if len(active) == 1 else "come"
        lines = [f"{count} {comes} before this answer. Click to see (Ctrl+5)", "", *lines]
        self.setToolTip(tip("\n".join(lines)))
        self.setAccessibleName(f"Rules: {len(active):,} active")
        self.setAccessibleDescription("\n".join(lines))
        self.setProperty("tone", "warn" if self._fails else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self._recolor()
        self.setVisible(bool(active))

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        self.setIcon(icons.icon("arrow-bend-up-left", colors.amber if self._fails else colors.muted))
