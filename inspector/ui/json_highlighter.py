"""JSON's words in the theme's colours, one block at a time: no state is carried from a line to the next (a JSON string
can't span lines), so a keystroke costs one line. Imports PySide6 and the theme."""

from __future__ import annotations

import re

from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from inspector.ui.qt_text import units
from inspector.ui.theme import Theme

# Every coloured stretch makes Qt shape the line anew, so that one line of a whole minified body would take half a
# second for each key. Beyond this many characters a line stays plain.
COLOURED_CHARACTERS = 4000

TOKEN = re.compile(
    r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*(?:"|$))(?P<colon>\s*:)?'
    r"|(?P<number>-?\d[\d.eE+\-]*)"
    r"|(?P<word>\b(?:true|false|null)\b)"
)


class JsonHighlighter(QSyntaxHighlighter):
    """Colours keys, strings, numbers and words; again when the theme changes."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._key = QTextCharFormat()
        self._string = QTextCharFormat()
        self._number = QTextCharFormat()
        self._word = QTextCharFormat()
        self._take_colors()
        theme.changed.connect(self._recolor)

    @Slot()
    def _recolor(self) -> None:
        self._take_colors()
        self.rehighlight()

    def _take_colors(self) -> None:
        colors = self._theme.colors
        for form, color in (
            (self._key, colors.json_key),
            (self._string, colors.json_string),
            (self._number, colors.json_number),
            (self._word, colors.json_word),
        ):
            form.setForeground(QColor(color))

    def highlightBlock(self, text: str) -> None:
        for match in TOKEN.finditer(units(text[:COLOURED_CHARACTERS])):
            kind = match.lastgroup
            if kind == "number":
                form = self._number
            elif kind == "word":
                form = self._word
            else:
                form = self._key if match["colon"] else self._string
            start, end = match.span("string") if match["string"] is not None else match.span()
            self.setFormat(start, end - start, form)
