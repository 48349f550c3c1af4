"""The line that says which push is tried, and what comes of it. Imports PySide6, the theme and the icons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QToolButton, QWidget

from inspector.listener.rule_trial import Trial, Verdict
from inspector.ui import icons
from inspector.ui.answers.tried import Tried
from inspector.ui.answers.wording import answer_words, name_of
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.theme import Theme


class TrialBar(QFrame):
    """Hidden until a push is tried. `ended` asks to end the trial, `shown_wanted` to show the push."""

    ended = Signal()
    show_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName("rules_trial")
        self._theme = theme
        self._picture = QLabel(self)
        self._picture.setFixedSize(16, 16)
        self._mark = ("info", "muted")
        self.outcome = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.outcome.setProperty("role", "heading")
        self.push = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.push.setProperty("role", "muted")
        self.show_push = QPushButton("Show the push", self)
        self.show_push.setToolTip("Go to its row on the page of pushes")
        self.show_push.clicked.connect(self.show_wanted)
        self.close_trial = QToolButton(self)
        self.close_trial.setAccessibleName("End the trial")
        self.close_trial.setToolTip("End the trial")
        self.close_trial.clicked.connect(self.ended)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 6, 6)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._picture, 0, 0)
        grid.addWidget(self.outcome, 0, 1)
        grid.addWidget(self.push, 1, 1)
        grid.addWidget(self.show_push, 0, 2, 2, 1)
        grid.addWidget(self.close_trial, 0, 3, 2, 1)
        theme.changed.connect(self._recolor)
        self.hide()

    def say(self, tried: Tried, trials: Sequence[Trial], otherwise: str) -> None:
        """Say what the rules would do; `otherwise` is the answer where none fires."""
        sure = next((trial for trial in trials if trial.fires), None)
        maybe = [trial for trial in trials if trial.verdict is Verdict.MAY_FIRE]
        last = f"“{name_of(sure.rule)}” fires: {answer_words(sure.rule.answer)}" if sure else ""
        if maybe:
            names = " or ".join(f"“{name_of(trial.rule)}”" for trial in maybe[:2])
            words = f"{names} may fire; else {last or f'no rule does: {otherwise}'}"
            self._mark = ("question", "amber")
        else:
            words = last or f"No rule fires: {otherwise}"
            self._mark = ("check-circle", "green") if sure else ("info", "muted")
        self.outcome.setText(words)
        self.push.setText(f"{tried.title}  ·  {tried.words}")
        self._recolor()
        self.show()

    @Slot()
    def _recolor(self) -> None:
        name, color = self._mark
        self._picture.setPixmap(
            icons.pixmap(name, getattr(self._theme.colors, color), 16, self.devicePixelRatioF())
        )
        self.close_trial.setIcon(icons.icon("x", self._theme.colors.muted))
