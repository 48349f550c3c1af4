"""Which pushes a rule is for, and how often it fires. Imports PySide6 and the words for rules."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from inspector.contract.push import Service
from inspector.listener.rule import Match, Rule
from inspector.ui.answers.field_form import FieldForm
from inspector.ui.answers.inputs import Choice, PercentBox, WholeBox
from inspector.ui.answers.pattern_line import PatternLine
from inspector.ui.answers.token_field import TokenField
from inspector.ui.theme import Theme

ALWAYS, FIRST = range(2)
_OFTEN = ("Every time it fits", "Only the first times")
_PATTERN = "any  (* and ? stand for characters)"


class MatchForm(FieldForm):
    """`edited` says that a field was changed; `changed_rule` puts what it holds into a rule."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Which pushes", theme, parent)
        self.service = Choice(self)
        self.service.setObjectName("rule_service")
        self.service.setAccessibleName("Service")
        self.service.addItem("any", "")
        for service in Service:
            label = "unknown" if service is Service.UNKNOWN else service.label
            self.service.addItem(label, service.value)
        self.brand = self._line(PatternLine(self), "rule_brand", "Brand", _PATTERN)
        self.conversation = self._line(PatternLine(self), "rule_conversation", "Conversation", "any")
        self.token = TokenField(theme, self)
        self.token.line.setObjectName("rule_device_token")
        self.token.line.setPlaceholderText("any")
        self.path = self._line(PatternLine(self), "rule_path", "Path", "any, for example /push*")
        self.text = self._line(
            QLineEdit(self), "rule_text", "Text", "any; the alert or message contains this"
        )
        self._lines = {
            "brand": self.brand,
            "conversation": self.conversation,
            "device_token": self.token.line,
            "path": self.path,
            "text": self.text,
        }
        self.often = Choice(self)
        self.often.setObjectName("rule_often")
        self.often.setAccessibleName("How often it fires")
        self.often.addItems(list(_OFTEN))
        self.first = WholeBox(1, 1_000_000, self)
        self.first.setObjectName("rule_first")
        self.first.setAccessibleName("Number of times")
        self.first.setFixedWidth(72)
        self.per_message = QCheckBox("Counted for each message by itself", self)
        self.per_message.setObjectName("rule_per_message")
        self.per_message.setToolTip(
            "What is sent again after a failure is the same message, and counts as such"
        )
        self.share = PercentBox(self)
        self.share.setObjectName("rule_share")
        self.share.setAccessibleName("Share of the times, at random")
        self.share.setToolTip("Below 100 %, chance decides each time whether it fires")
        self._lay_out()
        self._connect()

    def _line(self, line: QLineEdit, name: str, words: str, placeholder: str) -> QLineEdit:
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.setPlaceholderText(placeholder)
        return line

    def _lay_out(self) -> None:
        often = QWidget(self)
        row = QHBoxLayout(often)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.often, 1)
        row.addWidget(self.first)
        self.add("match.service", "Service", self.service)
        self.add("match.brand", "Brand", self.brand)
        self.add("match.conversation", "Conversation", self.conversation)
        self.add("match.device_token", "Device token", self.token, buddy=self.token.line)
        self.add("match.path", "Path", self.path)
        self.add("match.text", "Text", self.text)
        self.add("first", "Fires", often, buddy=self.often)
        self.add("per_message", "", self.per_message)
        self.add("share", "Share", self.share)

    def _connect(self) -> None:
        self.service.currentIndexChanged.connect(self.edited)
        for line in self._lines.values():
            line.textEdited.connect(self.edited)
        self.often.currentIndexChanged.connect(self.edited)
        self.first.valueChanged.connect(self.edited)
        self.per_message.toggled.connect(self.edited)
        self.share.valueChanged.connect(self.edited)

    def show_rule(self, rule: Rule) -> None:
        """Show a rule's match; nothing is emitted. What stands in a field already is left alone, cursor and all."""
        match = rule.match
        with QSignalBlocker(self.service), QSignalBlocker(self.often):
            self._show_service(match.service)
            self.often.setCurrentIndex(FIRST if rule.first > 0 else ALWAYS)
        with QSignalBlocker(self.first), QSignalBlocker(self.per_message):
            self.first.show_value(rule.first or 1)
            self.per_message.setChecked(rule.per_message)
        with QSignalBlocker(self.share):
            self.share.show_value(rule.share)
        for name, line in self._lines.items():
            if line.text() != getattr(match, name):
                line.setText(getattr(match, name))
                line.setCursorPosition(0)
        self._show_counting(rule)

    def _show_service(self, service: str) -> None:
        """A service that there is not (from somebody's file) stays, with the check's word on it."""
        known = len(Service) + 1
        while self.service.count() > known:
            self.service.removeItem(known)
        place = self.service.findData(service.strip().casefold())
        if place < 0:
            self.service.addItem(service, service)
            place = known
        self.service.setCurrentIndex(place)

    def changed_rule(self, rule: Rule) -> Rule:
        """The rule with what the fields hold."""
        often = self.often.currentIndex()
        texts = {name: line.text() for name, line in self._lines.items()}
        return replace(
            rule,
            match=Match(service=str(self.service.currentData()), **texts),
            first=0 if often == ALWAYS else self.first.value(),
            per_message=self.per_message.isChecked(),
            share=self.share.value(),
        )

    def _show_counting(self, rule: Rule) -> None:
        """The number, and whose, only where there is something to count."""
        self.first.setVisible(rule.first > 0)
        counts = rule.first > 0 or rule.answer.fail_first > 0 or rule.per_message
        self.set_field_shown("per_message", shown=counts)
