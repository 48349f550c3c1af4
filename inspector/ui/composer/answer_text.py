"""The answer as it came: status line, headers and body. Imports the contract, the sender's records, PySide6
and the theme."""

from __future__ import annotations

import http

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from inspector.contract.masking import mask_body, mask_headers
from inspector.contract.text import reformat
from inspector.sender.model import SendResult
from inspector.ui.theme import fixed_font

SHOWN_BYTES = 64 * 1024
LAID_OUT_CHARACTERS = 32 * 1024  # takes 6 ms; more would be felt
_MOST_LINES = 16
_MARGIN = 12


class AnswerText(QPlainTextEdit):
    """Read-only; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(fixed_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(_MARGIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Answer")
        self.hide()

    def sizeHint(self) -> QSize:
        bar = self.horizontalScrollBar().sizeHint().height()
        lines = min(self.blockCount(), _MOST_LINES)
        return QSize(240, lines * self.fontMetrics().lineSpacing() + 2 * _MARGIN + bar)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def show_answer(self, result: SendResult, *, revealed: bool = False) -> None:
        """Show the answer of a result, with its secrets or with them masked; nothing where there was none."""
        self.setPlainText(answer_text(result, revealed=revealed) if result.failure is None else "")
        self.updateGeometry()


def answer_text(result: SendResult, *, revealed: bool = False) -> str:
    """The answer as a text: a body that is JSON laid out unless it is long, what is no UTF-8 replaced, a very long
    body cut; unless `revealed` without device tokens and what the headers have of secrets."""
    headers = result.answer_headers if revealed else mask_headers(result.answer_headers, custom=True)
    shown = result.answer_body if revealed else mask_body(result.answer_body)
    lines = [f"{result.http_version} {result.status} {_phrase(result.status)}".strip()]
    lines += [f"{name}: {value}" for name, value in headers]
    body = shown[:SHOWN_BYTES].decode(errors="replace")
    if len(body) <= LAID_OUT_CHARACTERS and body.lstrip()[:1] in ("{", "["):
        body = reformat(body)
    if len(result.answer_body) > SHOWN_BYTES:
        body += f"\n… {len(result.answer_body) - SHOWN_BYTES:,} more bytes"
    return "\n".join([*lines, "", body]) if body else "\n".join(lines)


def answer_summary(result: SendResult) -> str:
    """What there is to see, in a few words."""
    count, size = len(result.answer_headers), len(result.answer_body)
    headers = f"{count} header" if count == 1 else f"{count} headers"
    return f"Answer: {headers}, {f'body {size:,} B' if size else 'no body'}"


def _phrase(status: int | None) -> str:
    try:
        return http.HTTPStatus(status or 0).phrase
    except ValueError:
        return ""
