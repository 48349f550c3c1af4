"""What came of a sending: the answer and what it means, where the time went, TLS facts, or why there was no answer.

Imports the contract's meanings, the sender's records and words, PySide6 and the theme.
"""

from __future__ import annotations

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
from inspector.ui.certificates.note import ElidedLabel
from inspector.ui.composer.answer_text import AnswerText, answer_summary
from inspector.ui.composer.phase_bar import PhaseBar, milliseconds
from inspector.ui.composer.wording import failure_headline
from inspector.ui.push_columns import local_time
from inspector.ui.qt_text import tip
from inspector.ui.theme import Theme

_ACCEPTED = 200
_ICON = 20
_DIMMED = 0.45


class ResultView(QFrame):
    """Shows the last sending's result; the one before stays, dimmed, while the next is under way."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_result")
        self.setAccessibleName("Result")
        self._theme = theme
        self._tone = ""
        self._result: SendResult | None = None
        self._revealed = False
        self._make_parts()
        self._lay_out()
        self._dimmer = QGraphicsOpacityEffect(self, opacity=_DIMMED)
        self._dimmer.setEnabled(False)
        self._inner.setGraphicsEffect(self._dimmer)
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
        self._attempts = ElidedLabel(self)
        self._attempts.setProperty("role", "muted")
        self._message = _wrapped("", self)
        self._advice = _wrapped("muted", self)
        self._phases = PhaseBar(self._theme, self)
        self._tls = ElidedLabel(self)
        self._tls.setProperty("role", "muted")
        self._peer = ElidedLabel(self)
        self._peer.setProperty("role", "muted")
        self._detail = _wrapped("muted", self)
        self._warning = _wrapped("warn", self)
        self._more = QToolButton(self)
        self._more.setObjectName("composer_answer_toggle")
        self._more.setCheckable(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setProperty("kind", "disclose")
        self._more.toggled.connect(self._show_answer)
        self._answer = AnswerText(self)

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
        self._optional = (
            self._attempts, self._message, self._advice, self._warning,
            self._phases, self._tls, self._peer, self._detail,
        )  # fmt: skip
        for part in self._optional:
            facts.addWidget(part)
        more = QHBoxLayout()
        more.setContentsMargins(6, 0, 12, 0)  # the button's own padding stands out to the left
        more.addWidget(self._more)
        more.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._inner)
        column.addLayout(more)
        column.addWidget(self._answer)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    # what is shown

    @property
    def headline(self) -> str:
        """The first line: the status with its meaning, or why there is none, and how long it took."""
        return " · ".join(part for part in (self._headline.text(), self._total.text()) if part)

    def text(self) -> str:
        """What is shown, in words."""
        labels = (self._attempts, self._message, self._advice, self._warning)
        shown = [label.text() for label in labels if not label.isHidden()]
        return "\n".join([self.headline, *shown])

    @property
    def dimmed(self) -> bool:
        """Whether what is shown is the result before."""
        return self._dimmer.isEnabled()

    def set_dimmed(self, dimmed: bool) -> None:  # noqa: FBT001 - a plain setter
        """While the next one is under way, what is shown is the one before."""
        self._dimmer.setEnabled(dimmed)

    def show_result(self, result: SendResult, attempts: tuple[SendResult, ...] = ()) -> None:
        """Show one attempt's result; `attempts` are all of a sending that was repeated, this one the last."""
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
        total = result.timings.total
        self._total.setText("" if total is None else milliseconds(total))
        _put(self._attempts, _attempts_line(attempts))
        self._phases.show_timings(result.timings, failed=failure is not None)
        self._show_connection(result)
        self._result = result
        self._answer.show_answer(result, revealed=self._revealed)
        self._more.setText(answer_summary(result))
        self._more.setVisible(failure is None)
        self._answer.setVisible(failure is None and self._more.isChecked())
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
        if self._result is not None:
            self._answer.show_answer(self._result, revealed=revealed)

    def _show_nothing(self) -> None:
        self._result = None
        self._say("", "")
        self._total.setText("")
        for part in (*self._optional, self._more, self._answer):
            part.hide()
        self.setToolTip("")

    def _say(self, tone: str, headline: str) -> None:
        self._tone = tone
        self._headline.setText(headline)
        self._inner.setVisible(bool(headline))
        self._recolor()

    def _show_connection(self, result: SendResult) -> None:
        connection = result.connection
        tls = connection.tls if connection is not None else None
        certificate = connection.certificate if connection is not None else None
        parts = [tls.version, tls.cipher] if tls is not None else []
        _put(self._tls, " · ".join(part for part in parts if part))
        _put(self._peer, f"{certificate.subject}, until {certificate.not_after[:10]}" if certificate else "")
        _put(self._warning, _warning(result) if result.failure is None else "")

    @Slot(bool)
    def _show_answer(self, shown: bool) -> None:  # noqa: FBT001 - a slot of a checkable button
        self._answer.setVisible(shown)
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
        icons.set_on(self._more, "caret-down" if self._more.isChecked() else "caret-right", colors.muted)


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
