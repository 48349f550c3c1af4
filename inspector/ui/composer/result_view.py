"""What came of a sending: the answer and what it means, where the time went, TLS on both sides, or why there was no
answer; each attempt, and what differs from an earlier result.

Imports the contract's meanings, the sender's records and words, PySide6 and the theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.contract.answers import meaning
from inspector.contract.masking import mask_url
from inspector.errors import InspectorError
from inspector.sender.model import SendResult
from inspector.sender.words import client_certificate, explain, phases, tls_facts
from inspector.ui import icons
from inspector.ui.advice import in_window
from inspector.ui.composer.answer_text import AnswerText, answer_summary
from inspector.ui.composer.phase_bar import PhaseBar, milliseconds
from inspector.ui.composer.sending import Ours
from inspector.ui.composer.wording import failure_headline
from inspector.ui.detail.fact_grid import FactGrid
from inspector.ui.outcome.attempts import AttemptTable
from inspector.ui.outcome.facts import alert_sentence, sections, summary
from inspector.ui.outcome.recent import Recent
from inspector.ui.push_columns import local_time
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme
from inspector.ui.worker import Worker

if TYPE_CHECKING:
    from inspector.ui.outcome.difference_view import DifferenceView

_ACCEPTED = 200
_ICON = 20
_DIMMED = 0.45


class ResultView(QFrame):
    """Shows the last sending's result; the one before stays, dimmed, while the next is under way. Of a sending that was
    repeated any attempt can be looked at, and each result can be compared with the ones before."""

    def __init__(self, worker: Worker, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_result")
        self.setAccessibleName("Result")
        self._worker = worker
        self._theme = theme
        self._tone = ""
        self._result: SendResult | None = None
        self._attempted: tuple[SendResult, ...] = ()
        self._ours: Ours | None = None
        self._revealed = False
        self.recent = Recent()
        self._make_parts()
        self._lay_out()
        self._dimmer = QGraphicsOpacityEffect(self, opacity=_DIMMED)
        self._dimmer.setEnabled(False)
        self._inner.setGraphicsEffect(self._dimmer)
        self._attempts_dimmer = QGraphicsOpacityEffect(self, opacity=_DIMMED)
        self._attempts_dimmer.setEnabled(False)
        self.attempts.setGraphicsEffect(self._attempts_dimmer)
        theme.changed.connect(self._recolor)
        self._show_nothing()

    def _make_parts(self) -> None:
        self._inner = QWidget(self)
        self._icon = QLabel(self)
        self._icon.setFixedSize(_ICON, _ICON)
        self._headline = _wrapped("title", self)
        self._total = QLabel(self)
        self._total.setProperty("role", "muted")
        self._total.setMinimumHeight(_ICON)
        self.attempts = AttemptTable(self._theme, self)
        self.attempts.chosen.connect(self._look_at)
        self._message = _wrapped("", self)
        self._advice = _wrapped("muted", self)
        self._alert = _wrapped("", self)
        self._phases = PhaseBar(self._theme, self)
        self._detail = _wrapped("muted", self)
        self._warning = _wrapped("warn", self)
        self.tls = self._disclosure("composer_tls_toggle")
        self._facts = FactGrid(self._theme, self)
        self._facts_holder = QWidget(self)
        self.more = self._disclosure("composer_answer_toggle")
        self._answer = AnswerText(self)
        self.compare = self._disclosure("composer_compare")
        self.compare.setText("Compare with the previous result")
        self._difference: DifferenceView | None = None
        self._difference_place = QWidget(self)
        inside = QVBoxLayout(self._difference_place)
        inside.setContentsMargins(0, 0, 0, 0)

    def _disclosure(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("kind", "disclose")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.toggled.connect(self._show_folds)
        return button

    @property
    def difference(self) -> DifferenceView:
        """What differs from another result; made when it is first wanted."""
        if self._difference is None:
            from inspector.ui.outcome.difference_view import DifferenceView

            made = self._difference = DifferenceView(self._worker, self._theme, self._difference_place)
            made.set_revealed(self._revealed)
            layout = self._difference_place.layout()
            assert layout is not None
            layout.addWidget(made)
            made.show()
        return self._difference

    def _folds(self) -> tuple[tuple[QToolButton, QWidget], ...]:
        """What is folded away, each below its button."""
        return (
            (self.tls, self._facts_holder),
            (self.more, self._answer),
            (self.compare, self._difference_place),
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._headline, 1)
        head.addWidget(self._total, alignment=Qt.AlignmentFlag.AlignTop)
        facts = QVBoxLayout(self._inner)
        facts.setContentsMargins(12, 8, 12, 8)
        facts.setSpacing(4)
        facts.addLayout(head)
        self._optional: tuple[QWidget, ...] = (
            self._message, self._alert, self._advice, self._warning, self._phases, self._detail,
        )  # fmt: skip
        for part in self._optional:
            facts.addWidget(part)
        holder = QVBoxLayout(self._facts_holder)
        holder.setContentsMargins(12, 4, 12, 8)
        holder.addWidget(self._facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        rows = QHBoxLayout()
        rows.setContentsMargins(9, 0, 9, 0)  # the cells' own padding makes it 12
        rows.addWidget(self.attempts)
        column.addLayout(rows)
        column.addWidget(self._inner)
        for button, below in self._folds():
            line = QHBoxLayout()
            line.setContentsMargins(6, 0, 12, 0)  # the button's own padding stands out to the left
            line.addWidget(button)
            line.addStretch()
            column.addLayout(line)
            column.addWidget(below)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    # what is shown

    @property
    def headline(self) -> str:
        """The first line: the status with its meaning, or why there is none, and how long it took."""
        return " · ".join(part for part in (self._headline.text(), self._total.text()) if part)

    def text(self) -> str:
        """What is shown, in words."""
        labels = (self._message, self._alert, self._advice, self._warning)
        shown = [label.text() for label in labels if not label.isHidden()]
        attempts = _attempts_line(self._attempted)
        return "\n".join([self.headline, *([attempts] if attempts else []), *shown])

    @property
    def result(self) -> SendResult | None:
        """The result that is looked at; None where there is none."""
        return self._result

    @property
    def dimmed(self) -> bool:
        """Whether what is shown is the result before."""
        return self._dimmer.isEnabled()

    def set_dimmed(self, dimmed: bool) -> None:  # noqa: FBT001 - a plain setter
        """While the next one is under way, what is shown is the one before."""
        self._dimmer.setEnabled(dimmed)
        self._attempts_dimmer.setEnabled(dimmed)

    def show_result(
        self, result: SendResult, attempts: tuple[SendResult, ...] = (), ours: Ours | None = None
    ) -> None:
        """Show one attempt's result; `attempts` are all of a sending that was repeated, this one the last. `ours` is
        the certificate that we had to show."""
        self._attempted, self._ours = attempts, ours
        self.recent.add(result)
        self.attempts.show_attempts(attempts)
        self.attempts.setAccessibleDescription(_attempts_line(attempts))
        self._show(result)

    @Slot(int)
    def _look_at(self, place: int) -> None:
        self._show(self._attempted[place])

    def _show(self, result: SendResult) -> None:
        failure = result.failure
        if failure is not None:
            self._say("warn" if failure.reason == "cancelled" else "bad", failure_headline(failure.reason))
            _put(self._message, failure.message)
            _put(self._advice, in_window(failure.next_step))
            _put(self._detail, failure.detail)
        else:
            status = result.status or 0
            self._say("good" if status == _ACCEPTED else "bad", f"{status} {meaning(status)}")
            _put(self._message, "")
            _put(self._advice, in_window(" ".join(_remarks(result))))
            _put(self._detail, "")
        _put(self._alert, alert_sentence(result))
        total = result.timings.total
        self._total.setText("" if total is None else milliseconds(total))
        self._phases.show_timings(result.timings, failed=failure is not None)
        _put(self._warning, _warning(result) if failure is None else "")
        self._result = result
        self._answer.show_answer(result, revealed=self._revealed)
        facts = sections(result, self._ours)
        self._facts.show_sections(facts)
        self.tls.setText(summary(result))
        self.tls.setVisible(bool(facts))
        self.more.setText(answer_summary(result))
        self.more.setVisible(failure is None)
        others = self.recent.others(result)
        self.compare.setVisible(bool(others))
        self._show_folds()
        if self.compare.isChecked():
            self.difference.show_result(result, others)
        self.setToolTip(tip(f"Sent at {local_time(result.at)} to {mask_url(result.url)}"))
        self.setAccessibleDescription(self.text())

    def show_error(self, error: InspectorError) -> None:
        """Show why nothing was sent."""
        self._show_nothing()
        self._say("bad", "Not sent")
        _put(self._message, error.message)
        _put(self._advice, in_window(error.next_step))
        self.setAccessibleDescription(self.text())

    def show_remark(self, error: InspectorError) -> None:
        """Something else went wrong, though it was sent."""
        _put(self._warning, f"{error.message} {in_window(error.next_step)}".strip())

    @Slot(bool)
    def set_revealed(self, revealed: bool) -> None:  # noqa: FBT001 - a slot
        """Show the answer's secrets, or hide them."""
        self._revealed = revealed
        if self._difference is not None:
            self._difference.set_revealed(revealed)
        if self._result is not None:
            self._answer.show_answer(self._result, revealed=revealed)

    def _show_nothing(self) -> None:
        self._result = None
        self._attempted = ()
        self._say("", "")
        self._total.setText("")
        for part in (*self._optional, self.attempts, self.tls, self.more, self.compare):
            part.hide()
        self._show_folds()
        self.setToolTip("")

    def _say(self, tone: str, headline: str) -> None:
        self._tone = tone
        self._headline.setText(headline)
        self._inner.setVisible(bool(headline))
        self._recolor()

    @Slot()
    def _show_folds(self) -> None:
        for button, below in self._folds():
            below.setVisible(button.isChecked() and not button.isHidden())
        if self.sender() is self.compare and self.compare.isChecked() and self._result is not None:
            self.difference.show_result(self._result, self.recent.others(self._result))
        self._recolor()

    @Slot()
    def _recolor(self) -> None:
        colors = self._theme.colors
        name, color = {
            "good": ("check-circle", colors.green),
            "warn": ("warning-circle", colors.amber),
        }.get(self._tone, ("x-circle", colors.red))
        self._icon.setPixmap(icons.pixmap(name, color, _ICON, self.devicePixelRatioF()))
        self._headline.setProperty("tone", self._tone)
        self._headline.style().unpolish(self._headline)
        self._headline.style().polish(self._headline)
        for button in (self.tls, self.more, self.compare):
            icons.set_on(button, "caret-down" if button.isChecked() else "caret-right", colors.muted)


def _wrapped(role: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label


def _put(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _warning(result: SendResult) -> str:
    """What is to be told of a connection that gave an answer."""
    if result.url.startswith("http:"):
        return "Sent without TLS: anybody on the way can read it. The pusher only sends over HTTPS."
    if result.connection is not None and result.connection.trusted is False:
        return "Their certificate was not checked: anybody could have answered."
    if result.client_auth is not None and not result.client_auth.asked:
        return "They did not ask for a client certificate: anybody could have sent this."
    return ""


def _remarks(result: SendResult) -> tuple[str, ...]:
    """What the sender has to say of an answer beyond its status."""
    shown_otherwise = {phases(result.timings), tls_facts(result), client_certificate(result)}
    return tuple(line for line in explain(result)[1:] if line not in shown_otherwise)


def _attempts_line(attempts: tuple[SendResult, ...]) -> str:
    if len(attempts) <= 1:
        return ""
    outcomes = [
        str(result.status) if result.failure is None else failure_headline(result.failure.reason).lower()
        for result in attempts
    ]
    return f"{len(attempts)} attempts: {', '.join(outcomes)}"
