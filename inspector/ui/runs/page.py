"""The page of runs: what is sent, where and how fast above; the run that is looked at in the middle; the runs of this
session below. Imports PySide6 and its own room."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QGuiApplication, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import CertificateError, InspectorError, UsageError, VaultError
from inspector.ui import icons
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.empty_state import EmptyState
from inspector.ui.runs.driver import RunDriver, Seen
from inspector.ui.runs.earlier import EarlierRuns, EarlierTable
from inspector.ui.runs.order import RunOrder
from inspector.ui.runs.pace_form import PaceForm
from inspector.ui.runs.run_view import RunView
from inspector.ui.runs.surroundings import Surroundings
from inspector.ui.runs.target_choice import TargetChoice
from inspector.ui.runs.what_choice import WhatChoice
from inspector.ui.runs.wording import as_text, headline
from inspector.ui.theme import GRID, Theme
from inspector.ui.worker import Worker
from inspector.workbench import Workbench

START_KEY = "Ctrl+Return"
_TALL = 720


class RunsPage(QFrame):
    """`message` says what was done, `save_wanted` carries the Seen to save and the ending of its file, `edit_wanted` a
    ScriptText to edit, `open_wanted` asks for a script's file."""

    message = Signal(str)
    save_wanted = Signal(object, str)
    edit_wanted = Signal(object)
    open_wanted = Signal()

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        driver: RunDriver,
        theme: Theme,
        around: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("runs_view")
        self.setAccessibleName("Runs")
        self._driver = driver
        self._theme = theme
        self._going: Seen | None = None  # the run under way, as it was seen last
        self.start = QPushButton(self)
        self.start.setObjectName("runs_start")
        self.start.setMinimumWidth(92)
        self.state = ElidedLabel(self, Qt.TextElideMode.ElideRight)
        self.state.setProperty("role", "muted")
        self.going = QPushButton("Show the run under way", self)
        self.going.setObjectName("runs_show_going")
        self.going.setProperty("kind", "link")
        self.going.setCursor(Qt.CursorShape.PointingHandCursor)
        self.going.setToolTip("Look again at the run that goes on")
        self.going.hide()
        self.what = WhatChoice(worker, theme, around, self)
        self.target = TargetChoice("runs", workbench, worker, theme, around.composer_request, self)
        self.pace = PaceForm("runs", self)
        self.empty = EmptyState(theme, "speedometer", buttons=1, parent=self)
        self.view = RunView(theme, self)
        self.earlier = EarlierRuns(self)
        self.table = EarlierTable(self.earlier, self)
        self._lay_out()
        self._connect()
        self._say_empty()
        self._show_running(running=False)
        self._recolor()

    def _lay_out(self) -> None:
        title = QLabel("Runs", self)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        head.addWidget(title)
        head.addSpacing(4)
        head.addWidget(self.state, 1)
        head.addWidget(self.going)
        head.addSpacing(4)
        head.addWidget(self.start)
        self._form = QWidget(self)
        self._form.setMinimumHeight(
            100
        )  # its own would be the one for the least width, where everything wraps
        form = QVBoxLayout(self._form)
        form.setContentsMargins(12, 0, 12, 12)
        form.setSpacing(GRID)
        form.addWidget(self.what)
        form.addWidget(self.target)
        form.addSpacing(GRID)
        form.addWidget(self.pace)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        self._stack.setMinimumHeight(120)
        line, self._above_table = _line(self), _line(self)
        self._above_table.hide()
        self.table.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._form)
        column.addWidget(line)
        column.addWidget(self._stack, 1)
        column.addWidget(self._above_table)
        column.addWidget(self.table)
        for before, after in pairwise(
            (self.what.which, self.what.edit, self.target.which, self.target.url, self.target.identity,
             self.target.checks, self.pace.count, self.pace.most, self.pace.pace, self.pace.rate, self.pace.speed,
             self.pace.concurrency, self.pace.keep, self.going, self.start, self.empty.actions_row[0], self.view.save,
             self.view.copy, self.view.again, self.view.latency, self.view.histogram, self.view.rate, self.table)
        ):  # fmt: skip
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        driver = self._driver
        driver.looked.connect(self._looked)
        driver.ended.connect(self._ended)
        driver.failed.connect(self._failed)
        self.start.clicked.connect(self.start_or_stop)
        self.going.clicked.connect(self._show_going)
        self.empty.actions_row[0].clicked.connect(self.begin)
        self.what.kind_changed.connect(self._kind_changed)
        self.what.edit_wanted.connect(self.edit_wanted)
        self.what.open_wanted.connect(self.open_wanted)
        self.view.again_wanted.connect(self.run_again)
        self.view.copy_wanted.connect(self._copy)
        self.view.save_wanted.connect(self._save)
        self.table.chosen.connect(self._show_earlier)
        self._theme.changed.connect(self._recolor)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    # what the window asks

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._driver.running

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is within the page."""
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def take_focus(self) -> None:
        """Put the keyboard where it is wanted next."""
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def start_or_stop(self) -> None:
        """The button, and its key."""
        if self.running:
            self.stop()
        else:
            self.begin()

    @Slot()
    def begin(self) -> None:
        """Begin what the fields say; what is wrong is said where it is."""
        if self.running:
            return
        wanted = self.pace.wanted
        self.what.show_error(None)
        try:
            source = self.what.source(wanted)
        except UsageError as error:
            self.what.show_error(error)
            self.what.which.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            request = self.target.request()
        except UsageError as error:
            self.target.show_error(error)
            self.target.take_focus()
            return
        self.carry_out(RunOrder(source, request, self.target.words, wanted.concurrency, wanted.keep))

    def carry_out(self, order: RunOrder) -> bool:
        """Begin a run; False where one is under way already."""
        if not self._driver.start(order):
            self.message.emit("A run is under way: wait for it, or stop it.")
            return False
        self._going = None
        self.what.show_error(None)
        self.target.show_error(None)
        self.state.setText("Making ready…")
        self._show_running(running=True)
        if QApplication.focusWidget() is None or self.has_focus:
            self.take_focus()
        return True

    @Slot()
    def stop(self) -> None:
        """End the run."""
        self._driver.stop()

    @Slot()
    def run_again(self) -> None:
        """The run that is looked at, once more."""
        seen = self.view.seen
        if seen is not None:
            self.carry_out(seen.order)

    # the run

    @Slot(object)
    def _looked(self, seen: Seen) -> None:
        first = self._going is None
        self._going = seen
        self.state.setText("")
        if first:
            self.table.clearSelection()
        if first or (self.view.seen is not None and self.view.seen.number == seen.number):
            self._show(seen)

    @Slot(object)
    def _ended(self, seen: Seen) -> None:
        self._going = None
        self._show_running(running=False)
        self.earlier.add(seen)
        self.table.show()
        self._above_table.show()
        self._show(seen)
        self.table.choose(0)
        self.state.setText("")
        self.message.emit(headline(seen.progress))

    @Slot(object)
    def _failed(self, error: InspectorError) -> None:
        self._going = None
        self._show_running(running=False)
        self.state.setText("")
        if isinstance(error, (CertificateError, VaultError)) or error.code == "target":
            self.target.show_error(error)
            self.target.take_focus()
        else:
            self.what.show_error(error)
        self.message.emit(f"Nothing was sent. {error.message}")

    def _show(self, seen: Seen) -> None:
        self._stack.setCurrentWidget(self.view)
        self.view.show_seen(seen)

    @Slot(object)
    def _show_earlier(self, seen: Seen) -> None:
        self._show(seen)
        self.going.setVisible(self._going is not None)

    @Slot()
    def _show_going(self) -> None:
        self.going.hide()
        if self._going is not None:
            self.table.clearSelection()
            self._show(self._going)

    @Slot()
    def _copy(self) -> None:
        seen = self.view.seen
        if seen is not None:
            words = as_text(seen.progress, seen.order.source.title, seen.order.where)
            QGuiApplication.clipboard().setText(words)
            self.message.emit("The summary was copied")

    @Slot(str)
    def _save(self, ending: str) -> None:
        if self.view.seen is not None:
            self.save_wanted.emit(self.view.seen, ending)

    # around

    def _show_running(self, *, running: bool) -> None:
        self.start.setText("Stop" if running else "Start")
        self.start.setAccessibleName("Stop the run" if running else "Start a run")
        keys = QKeySequence("Esc" if running else START_KEY).toString(QKeySequence.SequenceFormat.NativeText)
        self.start.setToolTip(
            f"End the run; what is under way is given up ({keys})" if running else f"Begin ({keys})"
        )
        self.start.setProperty("kind", "" if running else "primary")
        self.start.style().unpolish(self.start)
        self.start.style().polish(self.start)
        self._form.setEnabled(not running)
        if not running:
            self.going.hide()
        self.empty.actions_row[0].setEnabled(not running)
        self._recolor()

    @Slot()
    def _kind_changed(self) -> None:
        self.pace.show_kind(self.what.kind)

    def _say_empty(self) -> None:
        self.empty.say(
            "No run yet",
            "A run sends many pushes and shows how fast they are answered. Say above what to send where, then start.",
        )
        self.empty.actions_row[0].setText("Start the run")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.what.refresh()
        self.target.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.show_rows(4 if event.size().height() >= _TALL else 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._look_around()

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new):
            self._look_around()

    def _look_around(self) -> None:
        """The composer and the table may say something else by now."""
        if not self.running:
            self.what.refresh()
            self.target.look_again()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color = ("stop", colors.text) if self.running else ("play", colors.on_accent)
        icons.set_on(self.start, name, color)


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line
