"""What a rule answers: a status with its headers and body, or a fault in its place. Imports PySide6 and the words."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from inspector.listener.rule import Fault, Rule
from inspector.ui.answers.field_form import FieldForm
from inspector.ui.answers.header_lines import from_lines, to_lines
from inspector.ui.answers.inputs import Choice, WholeBox
from inspector.ui.answers.judgement import Judgement
from inspector.ui.answers.status_field import StatusField
from inspector.ui.answers.wording import FAULTS, fault_of, has_status
from inspector.ui.qt_text import document_text
from inspector.ui.theme import Theme, fixed_font

LONGEST_DELAY_MILLISECONDS = 86_400_000
_HEADER_LINES, _BODY_LINES = 3, 4


class AnswerForm(FieldForm):
    """`edited` says that a field was changed; `changed_rule` puts what it holds into a rule."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Answer", theme, parent)
        self.fault = Choice(self)
        self.fault.setObjectName("rule_fault")
        self.fault.setAccessibleName("Kind of answer")
        for fault, words, hint in FAULTS:
            self.fault.addItem(words, fault.value)
            self.fault.setItemData(self.fault.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self.status = StatusField(self)
        self.delay = WholeBox(0, LONGEST_DELAY_MILLISECONDS, self)
        self.delay.setObjectName("rule_delay")
        self.delay.setAccessibleName("Delay in milliseconds")
        self.delay.setSuffix(" ms")
        self.delay.setSingleStep(100)
        self.fail_first = WholeBox(0, 1_000_000, self)
        self.fail_first.setObjectName("rule_fail_first")
        self.fail_first.setAccessibleName("Pushes that get 500 first")
        self.headers = self._text("rule_headers", "Headers", "Name: value, one a line", _HEADER_LINES)
        self.body = self._text("rule_body", "Body", "empty", _BODY_LINES)
        self._lay_out()
        self.fault.currentIndexChanged.connect(self._fault_changed)
        self.status.edited.connect(self.edited)
        self.delay.valueChanged.connect(self.edited)
        self.fail_first.valueChanged.connect(self.edited)
        self.headers.textChanged.connect(self.edited)
        self.body.textChanged.connect(self.edited)

    def _text(self, name: str, words: str, placeholder: str, lines: int) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setObjectName(name)
        text.setAccessibleName(words)
        text.setProperty("role", "field")
        text.setPlaceholderText(placeholder)
        text.setFont(fixed_font())
        text.setTabChangesFocus(True)
        text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        text.document().setDocumentMargin(3)
        text.setMinimumHeight(lines * QFontMetrics(text.font()).lineSpacing() + 16)
        return text

    def _lay_out(self) -> None:
        beside = QWidget(self)
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.fail_first.setFixedWidth(88)
        row.addWidget(self.fail_first)
        words = QLabel("pushes, with 500, before this", beside)
        words.setProperty("role", "muted")
        row.addWidget(words, 1)
        self.headers.setFixedHeight(self.headers.minimumHeight())
        self.add("answer.fault answer answer.drop", "Kind", self.fault)
        self.add("answer.status", "Status", self.status, buddy=self.status.combo)
        self.add("answer.delay_seconds", "Delay", self.delay)
        self.add("answer.fail_first", "Fail first", beside, buddy=self.fail_first)
        self.add("answer.headers", "Headers", self.headers)
        self.add("answer.body", "Body", self.body)

    def show_rule(self, rule: Rule) -> None:
        """Show a rule's answer; nothing is emitted. What stands in a field already is left alone, cursor and all."""
        answer = rule.answer
        with QSignalBlocker(self.fault):
            self.fault.setCurrentIndex(self.fault.findData(fault_of(answer).value))
        self.status.show_status(answer.status)
        with QSignalBlocker(self.delay), QSignalBlocker(self.fail_first):
            self.delay.show_value(round(answer.delay_seconds * 1000))
            self.fail_first.show_value(answer.fail_first)
        with QSignalBlocker(self.headers), QSignalBlocker(self.body):
            if from_lines(document_text(self.headers.document())) != answer.headers:
                self.headers.setPlainText(to_lines(answer.headers))
            if document_text(self.body.document()) != answer.body:
                self.body.setPlainText(answer.body)
        self._show_fitting()

    def changed_rule(self, rule: Rule) -> Rule:
        """The rule with what the fields hold; what a fault has no use for stays for when it is none any more."""
        fault = Fault(str(self.fault.currentData()))
        return replace(
            rule,
            answer=replace(
                rule.answer,
                status=self.status.status,
                delay_seconds=self.delay.value() / 1000,
                fail_first=self.fail_first.value(),
                drop=False,
                headers=from_lines(document_text(self.headers.document())),
                body=document_text(self.body.document()),
                fault=fault,
            ),
        )

    def show_judgement(self, judgement: Judgement) -> None:
        super().show_judgement(judgement)
        self._show_fitting()

    @Slot()
    def _fault_changed(self) -> None:
        self._show_fitting()
        self.edited.emit()

    def _show_fitting(self) -> None:
        """Only what the kind of answer has a use for."""
        fault = Fault(str(self.fault.currentData()))
        self.fault.setToolTip(next(hint for known, _, hint in FAULTS if known is fault))
        for name in ("answer.status", "answer.headers", "answer.body"):
            self.set_field_shown(name, shown=has_status(fault))
        self.set_field_shown(
            "answer.delay_seconds",
            shown=fault not in (Fault.SILENCE, Fault.DROP_EARLY) or self.delay.value() > 0,
        )
