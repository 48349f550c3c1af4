"""The editor of one rule: its name, which pushes it is for, what it answers. Imports PySide6 and the two forms."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from inspector.listener.rule import Rule
from inspector.ui.answers.answer_form import AnswerForm
from inspector.ui.answers.field_form import FieldForm
from inspector.ui.answers.judgement import Judgement
from inspector.ui.answers.match_form import MatchForm
from inspector.ui.certificates.note import Note
from inspector.ui.theme import Theme

SIDE_BY_SIDE_FROM = 680
_MARGIN = 12


class RuleEditor(QScrollArea):
    """`edited` brings the rule as it is now; `left` says that the keyboard goes back to the table."""

    edited = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rule_editor")
        self.setAccessibleName("The chosen rule")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rule = Rule("")
        self.name = QLineEdit(self)
        self.name.setObjectName("rule_name")
        self.name.setAccessibleName("Name of the rule")
        self.name.setPlaceholderText("What rows of the history call it")
        self._head = FieldForm("", theme, self)
        self._head.add("name", "Name", self.name)
        self._place_note = Note(theme, self)
        self.match = MatchForm(theme, self)
        self.answer = AnswerForm(theme, self)
        self._lay_out()
        self._order_tabs()
        self.name.textEdited.connect(self._edited)
        self.match.edited.connect(self._edited)
        self.answer.edited.connect(self._edited)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._both.setSpacing(4)
        for form in (self.match, self.answer):
            column = QVBoxLayout()
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(form)
            column.addStretch(1)
            self._both.addLayout(column)
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(_MARGIN, 8, _MARGIN, _MARGIN)
        whole.setSpacing(4)
        whole.addWidget(self._head)
        whole.addWidget(self._place_note)
        whole.addLayout(self._both, 1)
        self.setWidget(inside)

    def _order_tabs(self) -> None:
        match, answer = self.match, self.answer
        chain = (self.name, match.service, match.brand, match.conversation, match.token.line, match.token.reveal,
                 match.path, match.text, match.often, match.first, match.per_message, match.share,
                 answer.fault, answer.status.combo, answer.delay, answer.fail_first, answer.headers,
                 answer.body)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    # what the page asks

    @property
    def rule(self) -> Rule:
        """The rule as it stands in the fields."""
        return self._rule

    def show_rule(self, rule: Rule, judgement: Judgement) -> None:
        """Show a rule and what is wrong with it. A field that has its value already is left alone."""
        self._rule = rule
        if self.name.text() != rule.name:
            self.name.setText(rule.name)
            self.name.setCursorPosition(0)
        self.match.show_rule(rule)
        self.answer.show_rule(rule)
        self._head.show_judgement(judgement)
        self.match.show_judgement(judgement)
        self.answer.show_judgement(judgement)
        self._place_note.say(judgement.place, severity="warning")

    def show_from_start(self) -> None:
        """Another rule is looked at: from its name on, its device token hidden."""
        self.match.token.hide_token()
        self.verticalScrollBar().setValue(0)

    def take_focus(self) -> None:
        """Put the cursor into the name, all of it selected."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def take_focus_in_answer(self) -> None:
        """Put the cursor to what is answered."""
        self.answer.fault.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(self.answer.fault)

    # editing

    @Slot()
    def _edited(self) -> None:
        rule = replace(self._rule, name=self.name.text())
        self._rule = self.answer.changed_rule(self.match.changed_rule(rule))
        self.edited.emit(self._rule)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= SIDE_BY_SIDE_FROM
        self._both.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        self._both.setSpacing(24 if wide else 4)
        self._both.setStretch(0, int(wide))
        self._both.setStretch(1, 1)
