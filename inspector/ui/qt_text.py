"""Where Python's texts and Qt's differ: units, line ends and what `toPlainText` quietly changes. Imports PySide6.

Qt counts 16-bit units, Python counts characters; they differ where a text has an emoji. QTextDocument's `toPlainText`
makes plain spaces of no-break spaces; its raw text keeps every character and has U+2029 at the ends of lines.
"""

from __future__ import annotations

import re

from PySide6.QtGui import QTextCursor, QTextDocument

_PARAGRAPH = "\u2029"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def units(text: str) -> str:
    """A text with one character for each of Qt's units, so that offsets into it are Qt's positions. For measuring
    only: what takes two units has become two question marks."""
    return text if text.isascii() else _ASTRAL.sub("??", text)


def to_qt(text: str, offset: int) -> int:
    """Qt's position for an offset in characters."""
    return len(units(text[:offset]))


def to_python(text: str, position: int) -> int:
    """The offset in characters for Qt's position; one within a character counts as before it."""
    if text.isascii():
        return position
    at = 0
    for offset, character in enumerate(text):
        at += 2 if character > "\uffff" else 1
        if at > position:
            return offset
    return len(text)


def document_text(document: QTextDocument) -> str:
    """The whole text without loss, lines ended by a line feed."""
    return document.toRawText().replace(_PARAGRAPH, "\n")


def selected_text(cursor: QTextCursor) -> str:
    """The selected text without loss, lines ended by a line feed."""
    return cursor.selectedText().replace(_PARAGRAPH, "\n")
