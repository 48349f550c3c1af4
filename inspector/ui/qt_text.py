"""Where Python's texts and Qt's differ: units, line ends, what `toPlainText` quietly changes, and what is taken for
HTML. Imports PySide6.

Qt counts 16-bit units, Python counts characters; they differ where a text has an emoji. QTextDocument's `toPlainText`
makes plain spaces of no-break spaces; its raw text keeps every character and has U+2029 at the ends of lines.
"""

from __future__ import annotations

import re
from html import escape

from PySide6.QtGui import QTextCursor, QTextDocument

_LONGEST_TIP = 1200
_LONGEST_TIP_LINE = 100
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


def tip(text: str) -> str:
    """A text for a tooltip, which takes everything that looks like HTML for it, and wraps only that: what came from
    outside is shown as it is, wrapped where it is long, and cut where it is very long."""
    if len(text) <= _LONGEST_TIP_LINE and "<" not in text and "&" not in text:
        return text
    if len(text) > _LONGEST_TIP:
        text = text[:_LONGEST_TIP] + "…"
    return "<p style='white-space: pre-wrap'>" + escape(text).replace("\n", "<br>") + "</p>"


def menu_text(text: str, longest: int = 60) -> str:
    """A text for a menu's entry: of bearable length, on one line, an ampersand being no mark of a key."""
    text = " ".join(text.split())
    return (text if len(text) <= longest else text[: longest - 1] + "…").replace("&", "&&")
