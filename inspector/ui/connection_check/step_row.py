"""One step of a check: its line, and below it, unfolded, what was seen and what to do.

Imports PySide6, the icons, the theme and this room.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.sender.connection_check import Link, Step, StepState
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.certificates.facts_view import FactValue
from inspector.ui.composer.phase_bar import milliseconds
from inspector.ui.connection_check.chain_rows import ChainRows
from inspector.ui.connection_check.offers import Offer
from inspector.ui.connection_check.wording import spoken
from inspector.ui.detail.flow_layout import FlowLayout
from inspector.ui.listener_settings.form import wrapped
from inspector.ui.qt_text import tip
from inspector.ui.theme import GRID, ROW_HEIGHT, Theme

_ICON = 16
_TITLE_WIDTH = 164
_WIDE = 460
_NAME_WIDTH = 92
_FIXED = ("SHA-256", "Pinned", "Cipher", "Addresses", "Our address")
_ICONS = {
    StepState.OK: "check-circle",
    StepState.WARNING: "warning-circle",
    StepState.FAILED: "x-circle",
    StepState.SKIPPED: "minus-circle",
}


class StepRow(QWidget):
    """`taken` carries the Offer whose button was used. What needs a look is unfolded from the start."""

    taken = Signal(object)

    def __init__(
        self, step: Step, chain: tuple[Link, ...], offers: tuple[Offer, ...], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.step = step
        self._theme = theme
        self._wide: bool | None = None
        self._grid: QGridLayout | None = None
        self.caret = QToolButton(self)
        self.caret.setObjectName(f"composer_check_{step.key}")
        self.caret.setCheckable(True)
        self.caret.setProperty("kind", "disclose")
        self.caret.setFixedSize(ROW_HEIGHT - 4, ROW_HEIGHT - 4)
        self.caret.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.caret.setAccessibleName(spoken(step))
        self._icon = QLabel(self)
        self._icon.setFixedSize(_ICON, ROW_HEIGHT - 4)
        title = QLabel(step.title, self)
        title.setProperty("role", "muted" if step.state is StepState.SKIPPED else "heading")
        title.setMinimumHeight(ROW_HEIGHT - 4)
        title.setMinimumWidth(_TITLE_WIDTH)
        self._title = title
        self._headline = wrapped(step.headline, _role(step.state), self)
        self._headline.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        spent = QLabel("" if step.milliseconds is None else milliseconds(step.milliseconds), self)
        spent.setProperty("role", "muted")
        spent.setMinimumHeight(ROW_HEIGHT - 4)
        self._spent = spent
        self._below = self._details(chain, offers)
        self._lay_out()
        self.caret.toggled.connect(self._unfold)
        theme.changed.connect(self._recolor)
        self._has_more = bool(step.facts or step.advice or offers or (step.key == "chain" and chain))
        self.caret.setEnabled(self._has_more)
        needs_a_look = step.state is StepState.FAILED or bool(offers)
        if step.state is StepState.WARNING:
            needs_a_look |= bool(step.advice)
        self.caret.setChecked(self._has_more and needs_a_look)
        self._below.setVisible(self.caret.isChecked())
        self._recolor()

    def _lay_out(self) -> None:
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(0)
        self._words.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        self._words.addWidget(self._headline, 1)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(self.caret, 0, top)
        head.addWidget(self._icon, 0, top)
        head.addSpacing(GRID)
        head.addLayout(self._words, 1)
        head.addWidget(self._spent, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 12, 2)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._below)

    def _details(self, chain: tuple[Link, ...], offers: tuple[Offer, ...]) -> QWidget:
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(48, 2, 0, 4)
        column.setSpacing(GRID)
        if advice := in_window(self.step.advice):
            column.addWidget(wrapped(advice, "muted", below))
        if self.step.key == "chain" and chain:
            column.addWidget(ChainRows(chain, self._theme, below))
        elif self.step.facts:
            column.addLayout(self._facts(below))
        if offers:
            row = QWidget(below)
            buttons = FlowLayout(row)
            for offer in offers:
                button = QPushButton(offer.words, row)
                button.setObjectName(f"composer_check_{offer.deed}")
                button.setToolTip(tip(offer.tip))
                button.clicked.connect(partial(self.taken.emit, offer))
                buttons.addWidget(button)
            column.addWidget(row)
        return below

    def _facts(self, parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        for line, (name, value) in enumerate((name, value) for name, value in self.step.facts if value):
            label = QLabel(name, parent)
            label.setProperty("role", "muted")
            view = FactValue(f"{self.step.title}: {name}", fixed=name in _FIXED, parent=parent)
            view.say(value)
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(view, line, 1)
        return grid

    @property
    def unfolded(self) -> bool:
        """Whether what was seen shows."""
        return self.caret.isChecked()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._has_more and event.position().y() < self._below.y() + (
            0 if self.unfolded else self.height()
        ):
            self.caret.toggle()
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room, the title stands beside what came of the step."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        if wide != self._wide:
            self._wide = wide
            direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
            self._words.setDirection(direction)
            self._headline.setContentsMargins(0, 2 if wide else 0, 0, 0)
            self._headline.setAlignment(Qt.AlignmentFlag.AlignTop)
            if self._grid is not None:
                self._grid.setColumnMinimumWidth(0, (_TITLE_WIDTH if wide else _NAME_WIDTH) - 8)

    @Slot(bool)
    def _unfold(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._below.setVisible(shown)
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        color = {
            StepState.OK: colors.green,
            StepState.WARNING: colors.amber,
            StepState.FAILED: colors.red,
            StepState.SKIPPED: colors.muted,
        }[self.step.state]
        self._icon.setPixmap(icons.pixmap(_ICONS[self.step.state], color, _ICON, self.devicePixelRatioF()))
        name = "caret-down" if self.caret.isChecked() else "caret-right"
        self.caret.setIcon(icons.icon(name, colors.muted) if self._has_more else QIcon())


def _role(state: StepState) -> str:
    return {StepState.FAILED: "bad", StepState.WARNING: "warn", StepState.SKIPPED: "muted"}.get(
        state, "plain"
    )
