"""What the JSON editor underlines and tints: the place of a syntax error, and brackets that belong together.

Imports the contract, PySide6 and the theme.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextEdit

from inspector.contract.text import error_place
from inspector.contract.variable_places import stand_in
from inspector.ui.json_brackets import bracket_pair
from inspector.ui.qt_text import to_qt, units
from inspector.ui.theme import Colors

_WORD = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\w.+-]+|.')
_KEEP = QTextCursor.MoveMode.KeepAnchor


@dataclass(frozen=True, slots=True)
class JsonFault:
    """Where a text stops being JSON: line and column from 1, offset in characters, and the cause in words."""

    line: int
    column: int
    offset: int
    message: str

    @property
    def sentence(self) -> str:
        """Place and cause for people."""
        return f"Line {self.line}, column {self.column}: {self.message}."


def find_fault(text: str, *, variables: bool = False) -> JsonFault | None:
    """The first syntax error of a text, None where it is JSON; with `variables`, bare variables count as values."""
    found = error_place(stand_in(text) if variables else text)
    return None if found is None else JsonFault(*found)


def fault_place(document: QTextDocument, text: str, fault: JsonFault) -> QTextCursor:
    """What to underline for a fault in `text`, which the document shows: the word that begins there, or one character;
    at the end of a line the one before. The cursor moves along as the text is edited."""
    cursor = QTextCursor(document)
    cursor.setPosition(to_qt(text, fault.offset))
    line, start = units(cursor.block().text()), cursor.block().position()
    column = max(0, min(cursor.positionInBlock(), len(line) - 1))
    word = _WORD.match(line, column)
    cursor.setPosition(start + column)
    cursor.setPosition(start + (word.end() if word else column), _KEEP)
    return cursor


def fault_marks(place: QTextCursor, colors: Colors) -> list[QTextEdit.ExtraSelection]:
    """The marks for a syntax error: its line tinted, its place underlined."""
    line = QTextCharFormat()
    line.setBackground(QColor(colors.red_wash))
    line.setProperty(QTextFormat.Property.FullWidthSelection, True)
    word = QTextCharFormat()
    word.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    word.setUnderlineColor(QColor(colors.red))
    start = QTextCursor(place)
    start.setPosition(place.selectionStart())
    return [_marked(start, line), _marked(place, word)]


def bracket_marks(cursor: QTextCursor, colors: Colors) -> list[QTextEdit.ExtraSelection]:
    """The marks for the bracket at the cursor and its partner, if there are any."""
    document = cursor.document()
    pair = None if cursor.hasSelection() else bracket_pair(document, cursor.position())
    form = QTextCharFormat()
    form.setBackground(QColor(colors.selection))
    marks = []
    for position in pair or ():
        bracket = QTextCursor(document)
        bracket.setPosition(position)
        bracket.movePosition(QTextCursor.MoveOperation.NextCharacter, _KEEP)
        marks.append(_marked(bracket, form))
    return marks


def _marked(cursor: QTextCursor, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format = form
    return mark
