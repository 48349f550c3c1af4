"""The page of answers: the rules in their order, the one looked at in its editor, and what they would do with one push.

Imports PySide6, the words for rules and this room. It reads and writes no file: whoever owns the model does.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QMenu, QStackedWidget, QVBoxLayout, QWidget

from inspector.listener.rule import Rule
from inspector.listener.rule_trial import Trial, explain
from inspector.ui.answers.deeds import RuleDeeds
from inspector.ui.answers.editor import RuleEditor
from inspector.ui.answers.no_rules import NoRules
from inspector.ui.answers.otherwise import OtherwiseLine
from inspector.ui.answers.page_head import Head
from inspector.ui.answers.rule_model import RuleModel
from inspector.ui.answers.table import RulesTable
from inspector.ui.answers.trial_bar import TrialBar
from inspector.ui.answers.tried import Tried
from inspector.ui.notice_bar import NoticeBar
from inspector.ui.side_by_side import SideBySide
from inspector.ui.theme import Theme

SIDE_BY_SIDE_FROM = 1120
EDITOR_WIDTH, EDITOR_LEAST = 428, 360
_NOT_FOLLOWED = "It can't be followed yet: see what is wrong with it."


class AnswersPage(QFrame):
    """`try_wanted` asks for the push that is selected elsewhere, `show_push_wanted` for the page with a push (its id),
    `otherwise_wanted` for the toolbar's answer; `file_dropped` brings the path of a file that may hold rules;
    `message` says what was done."""

    try_wanted = Signal()
    show_push_wanted = Signal(object)
    otherwise_wanted = Signal()
    file_dropped = Signal(object)
    message = Signal(str)

    def __init__(self, model: RuleModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("answers_view")
        self.setAccessibleName("Answers")
        self.setAcceptDrops(True)
        self._model = model
        self._tried: Tried | None = None
        self._otherwise = ""
        self.head = Head(theme, self)
        self.notice = NoticeBar(theme, self)
        self.trial = TrialBar(theme, self)
        self.table = RulesTable(model, theme, self)
        self.otherwise = OtherwiseLine(self.table, theme, self)
        self.editor = RuleEditor(theme, self)
        self.empty = NoRules(theme, self)
        self.deeds = RuleDeeds(model, self.table, self.notice, self)
        self._lay_out()
        self._connect()
        self._choose_first()
        self._rules_changed()

    def _lay_out(self) -> None:
        holder = QWidget(self)
        above = QVBoxLayout(holder)
        above.setContentsMargins(8, 0, 8, 8)
        above.addWidget(self.trial)
        self._trial_holder = holder
        holder.hide()
        list_pane = QWidget(self)
        column = QVBoxLayout(list_pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.otherwise)
        list_pane.setMinimumSize(360, 120)
        self.editor.setMinimumSize(EDITOR_LEAST, 120)
        self._splitter = SideBySide(
            list_pane,
            self.editor,
            width=EDITOR_WIDTH,
            wide_from=SIDE_BY_SIDE_FROM,
            stacked=(360, 640),
            parent=self,
        )
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.notice)
        layout.addWidget(self._trial_holder)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        model, table = self._model, self.table
        model.rules_changed.connect(self._rules_changed)
        model.modelReset.connect(self._choose_first)
        self.head.add_wanted.connect(self.deeds.add)
        self.head.try_push.clicked.connect(self.try_wanted)
        self.empty.add_wanted.connect(self.deeds.add)
        self.deeds.added.connect(self.editor.take_focus)
        self.deeds.message.connect(self.message)
        table.chosen.connect(self._show_chosen)
        table.opened.connect(self.editor.take_focus)
        table.add_wanted.connect(self.head.add.showMenu)
        table.menu_wanted.connect(self._show_menu)
        self.editor.edited.connect(self._take_edited)
        self.editor.left.connect(table.setFocus)
        self.otherwise.change_wanted.connect(self.otherwise_wanted)
        self.trial.ended.connect(self.end_trial)
        self.trial.show_wanted.connect(self._show_push)

    # what the window asks

    def show_otherwise(self, words: str) -> None:
        """What is answered where no rule fires."""
        self._otherwise = words
        self.otherwise.show_answer(words)
        self._try_again()

    def try_push(self, tried: Tried) -> None:
        """Say for a push which rule would fire, and go on doing so while the rules change."""
        self._tried = tried
        self.table.show_trial(shown=True)
        self._trial_holder.show()
        self._try_again()
        fires = next((row for row, trial in enumerate(self._explained()) if trial.fires), None)
        if fires is not None:
            self.table.choose(fires)

    @Slot()
    def end_trial(self) -> None:
        """Back to the rules alone."""
        self._tried = None
        self._trial_holder.hide()
        self.trial.hide()
        self.table.show_trial(shown=False)
        self.otherwise.show_fires(fires=False)
        self._model.show_trials(())
        self.table.setFocus()

    def add_narrowed(self, rule: Rule) -> None:
        """Put a rule before all others, which would keep it from being asked, with the cursor at its answer."""
        self.deeds.insert(0, (rule,))
        self.editor.take_focus_in_answer()

    @Slot(object)
    def _take_edited(self, rule: Rule) -> None:
        row = self.table.current_row
        if row >= 0:
            self._model.change(row, rule)

    # showing

    @Slot()
    def _rules_changed(self) -> None:
        model, there = self._model, self._model.rowCount() > 0
        self.head.show_summary(model.rowCount(), len(model.active), model.unsound)
        self.head.add.setVisible(there)
        self.head.try_push.setVisible(there)
        self._stack.setCurrentWidget(self._splitter if there else self.empty)
        if not there and self._tried is not None:
            self.end_trial()
        self._show_in_editor()
        self._try_again()

    @Slot()
    def _choose_first(self) -> None:
        self.table.choose(0)

    @Slot(int)
    def _show_chosen(self, _row: int) -> None:
        self._show_in_editor()
        self.editor.show_from_start()

    def _show_in_editor(self) -> None:
        row = self.table.current_row
        self.editor.setVisible(row >= 0)
        if 0 <= row < self._model.rowCount():
            self.editor.show_rule(self._model.rule(row), self._model.judgement(row))

    def _explained(self) -> tuple[Trial, ...]:
        if self._tried is None:
            return ()
        trials = explain(self._model.as_followed, self._tried.subject)
        return tuple(
            trial if self._model.judgement(row).sound else replace(trial, reason=_NOT_FOLLOWED)
            for row, trial in enumerate(trials)
        )

    def _try_again(self) -> None:
        if self._tried is None:
            return
        trials = self._explained()
        self._model.show_trials(trials)
        self.trial.say(self._tried, trials, self._otherwise)
        self.otherwise.show_fires(fires=not any(trial.fires for trial in trials))

    @Slot()
    def _show_push(self) -> None:
        if self._tried is not None:
            self.show_push_wanted.emit(self._tried.id)

    # dropping, menu and size

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _json_file(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()  # the window has something for other files

    def dropEvent(self, event: QDropEvent) -> None:
        path = _json_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.exec(self.table.viewport().mapToGlobal(place))
        menu.deleteLater()

    def menu(self) -> QMenu:
        """What can be done with the rules that are chosen."""
        menu = QMenu(self)
        rules, row = self.table.chosen_rules, self.table.current_row
        if rules:
            menu.addAction("Edit\tEnter").triggered.connect(self.editor.take_focus)
            off = all(rule.enabled for rule in rules)
            menu.addAction(f"Switch {'off' if off else 'on'}\tSpace").triggered.connect(
                self.table.switch_chosen
            )
            menu.addAction("Duplicate\tCtrl+D").triggered.connect(self.deeds.duplicate)
            up = menu.addAction("Move up\tAlt+Up")
            up.triggered.connect(self.table.move_up)
            up.setEnabled(row > 0)
            down = menu.addAction("Move down\tAlt+Down")
            down.triggered.connect(self.table.move_down)
            down.setEnabled(row < self._model.rowCount() - 1)
            menu.addSeparator()
            menu.addAction("Copy as JSON\tCtrl+C").triggered.connect(self.deeds.copy)
        menu.addAction("Paste\tCtrl+V").triggered.connect(self.deeds.paste)
        if rules:
            menu.addSeparator()
            menu.addAction("Delete\tDel").triggered.connect(self.deeds.delete)
        return menu


def _json_file(data: QMimeData) -> Path | None:
    """The JSON file that is dragged, None where it is something else."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() == ".json"), None)
