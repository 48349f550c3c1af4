"""The line under the editor: the service, how large the body is, and what is odd about it.

Imports the contract's words, PySide6 and the theme.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.push import Problem, Service, Severity
from inspector.ui import icons
from inspector.ui.composer.body_check import BodyCheck
from inspector.ui.composer.size_words import size_tip, size_words
from inspector.ui.theme import Colors, Theme

_TALLEST_LIST = 116
_ICON = 14
_LEAST_WIDTH = 320
_LEAST_PART = 40
_SIZE_ROLES = {"": "muted", "near": "warn", "over": "bad"}
_PROBLEM_ROLE = Qt.ItemDataRole.UserRole


class CheckLine(QWidget):
    """`format_wanted`: lay the JSON out. `problem_chosen` carries the Problem to go to, `service_changed` the Service
    whenever the body was looked at."""

    format_wanted = Signal()
    problem_chosen = Signal(object)
    service_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._check: BodyCheck | None = None
        self.chip = QLabel(self)
        self.chip.setProperty("role", "chip")
        self.chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.chip.setAccessibleName("Service")
        self.counter = QLabel(self)
        self.counter.setObjectName("composer_size")
        self.counter.setMinimumWidth(_LEAST_PART)
        self.counter.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.counter.setAccessibleName("Size")
        self.problems = QToolButton(self)
        self.problems.setObjectName("composer_problems")
        self.problems.setMinimumWidth(_LEAST_PART)
        self.problems.setCheckable(True)
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.toggled.connect(self._show_list)
        self.format = QPushButton("&Format", self)
        self.format.setObjectName("composer_format")
        self.format.setProperty("kind", "quiet")
        self.format.setToolTip("Lay the JSON out with two spaces; undo takes it back")
        self.format.clicked.connect(self.format_wanted)
        self.list = ProblemList(self)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self._row = row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.chip)
        row.addWidget(self.counter)
        row.addWidget(self.problems)
        row.addStretch()
        row.addWidget(self.format)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.list)
        theme.changed.connect(self._recolor)

    def show_check(self, check: BodyCheck) -> None:
        """Show what was found."""
        self._check = check
        self.chip.setText(check.service.label)
        self.chip.setToolTip(
            "" if check.service is not Service.UNKNOWN else "The body does not say which provider it is for"
        )
        self._set_property(self.chip, "service", check.service.value)
        self.counter.setToolTip(size_tip(check))
        self._set_property(self.counter, "role", _SIZE_ROLES[check.fullness])
        words = _count_words(len(check.problems), len(check.refusals))
        self.problems.setEnabled(bool(check.problems or check.refusals))
        self.problems.setAccessibleName(words)
        self.problems.setToolTip(_tip(check))
        if not self.problems.isEnabled():
            self.problems.setChecked(False)
        self._fit()
        self._recolor()
        self.service_changed.emit(check.service)

    def add_button(self, button: QToolButton) -> None:
        """Put one more deed on the body before Format."""
        self._row.insertWidget(self._row.indexOf(self.format), button)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # a deed beside it has gained or lost its words
        return done

    def _fit(self) -> None:
        """Say as much as there is room for; the tooltips say all of it."""
        if self._check is None:
            return
        long_size, short_size = size_words(self._check)
        counts = len(self._check.problems), len(self._check.refusals)
        for size, words in (
            (long_size, _count_words(*counts)),
            (long_size, _few_count_words(*counts)),
            (short_size, _few_count_words(*counts)),
            (short_size, _least_count_words(*counts)),
        ):
            self.counter.setText(size)
            self.problems.setText(words)
            self._row.invalidate()  # Qt would do so only when it lays out
            if self._row.sizeHint().width() <= self.width():
                return

    @Slot()
    def _recolor(self) -> None:
        if self._check is None:
            return
        colors = self._theme.colors
        worst = self._check.worst or (Severity.WARNING if self._check.refusals else None)
        name, color = severity_icon(worst, colors)
        icons.set_on(self.problems, name, color, color)
        self.list.show_problems((*self._check.problems, *self._check.refusals), colors)

    @Slot(bool)
    def _show_list(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self.list.setVisible(shown)

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        self.problem_chosen.emit(item.data(_PROBLEM_ROLE))

    def _set_property(self, label: QLabel, name: str, value: str) -> None:
        if label.property(name) != value:
            label.setProperty(name, value)
            label.style().unpolish(label)
            label.style().polish(label)


class ProblemList(QListWidget):
    """One line or two for each problem, as tall as they need, up to a few."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_problem_list")
        self.setAccessibleName("Problems of the body")
        self.setIconSize(QSize(_ICON, _ICON))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_problems(self, problems: tuple[Problem, ...], colors: Colors) -> None:
        """Fill the list."""
        self.clear()
        for problem in problems:
            name, color = severity_icon(problem.severity, colors)
            item = QListWidgetItem(icons.icon(name, color), problem.message)
            item.setData(_PROBLEM_ROLE, problem)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{problem.severity.value}: {problem.message}")
            self.addItem(item)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        needed = sum(self.sizeHintForRow(row) for row in range(self.count())) + 2 * self.frameWidth() + 8
        return QSize(240, min(_TALLEST_LIST, needed))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(48, self.sizeHint().height()))


def severity_icon(severity: Severity | None, colors: Colors) -> tuple[str, str]:
    """Icon and colour of a severity; None is for no problem at all."""
    return {
        Severity.ERROR: ("x-circle", colors.red),
        Severity.WARNING: ("warning-circle", colors.amber),
        Severity.INFO: ("info", colors.muted),
        None: ("check-circle", colors.green),
    }[severity]


def _count_words(problems: int, refusals: int) -> str:
    said = "1 problem" if problems == 1 else f"{problems or 'No'} problems"
    return f"{said} · {refusals} refused further on" if refusals else said


def _few_count_words(problems: int, refusals: int) -> str:
    said = "1 problem" if problems == 1 else f"{problems or 'No'} problems"
    return f"{said} · {refusals} refused" if refusals else said


def _least_count_words(problems: int, refusals: int) -> str:
    if not refusals:
        return str(problems) if problems else "Fine"
    return f"{problems} + {refusals} refused" if problems else f"{refusals} refused"


def _tip(check: BodyCheck) -> str:
    departures = "Departures from the documented contract" if check.problems else "As documented"
    return (
        f"{departures}\nAnd what {check.service.label} would refuse further on"
        if check.refusals
        else departures
    )
