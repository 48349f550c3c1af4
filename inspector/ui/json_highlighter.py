"""JSON's words in the theme's colours, one block at a time: no state is carried from a line to the next (a JSON string
can't span lines), so a keystroke costs one line. Imports PySide6 and the theme."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from inspector.ui.qt_text import units
from inspector.ui.theme import Theme

# Every coloured stretch makes Qt shape the line anew, so that one line of a whole minified body would take half a
# second for each key. Beyond this many characters a line stays plain.
COLOURED_CHARACTERS = 4000
MANY_BLOCKS = 500

TOKEN = re.compile(
    r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*(?:"|$))(?P<colon>\s*:)?'
    r"|(?P<number>-?\d[\d.eE+\-]*)"
    r"|(?P<word>\b(?:true|false|null)\b)"
)


class JsonHighlighter(QObject):
    """Colours keys, strings, numbers and words; again when the theme changes.

    A QSyntaxHighlighter colours a whole document at once, which takes seconds for a body of 1 MiB. Here the view says
    which blocks show (`colour`), and what a block was last coloured for is its user state: what changes loses it.
    """

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._document = document
        self._theme = theme
        self._round = 0
        self._key = QTextCharFormat()
        self._string = QTextCharFormat()
        self._number = QTextCharFormat()
        self._word = QTextCharFormat()
        self._take_colors()
        document.contentsChange.connect(self._changed)

    def take_colors(self) -> None:
        """The theme has changed: everything is to be coloured again when it shows."""
        self._round += 1
        self._take_colors()

    def _take_colors(self) -> None:
        colors = self._theme.colors
        for form, color in (
            (self._key, colors.json_key),
            (self._string, colors.json_string),
            (self._number, colors.json_number),
            (self._word, colors.json_word),
        ):
            form.setForeground(QColor(color))

    @Slot(int, int, int)
    def _changed(self, position: int, _removed: int, added: int) -> None:
        block, last = self._document.findBlock(position), self._document.findBlock(position + added)
        if last.blockNumber() - block.blockNumber() > MANY_BLOCKS:
            self._round += 1
            return
        block.setUserState(-1)
        while block.isValid() and block != last:
            block = block.next()
            block.setUserState(-1)

    def colour(self, block: QTextBlock) -> None:
        """Colour a block, unless it is."""
        if block.userState() == self._round:
            return
        block.setUserState(self._round)
        formats = self.formats(block.text())
        layout = block.layout()
        if formats != layout.formats():  # the same colours again would make Qt shape the line again
            layout.setFormats(formats)
            self._document.markContentsDirty(block.position(), block.length())

    def formats(self, text: str) -> list[QTextLayout.FormatRange]:
        """The coloured stretches of a line."""
        found = []
        for match in TOKEN.finditer(units(text[:COLOURED_CHARACTERS])):
            kind = match.lastgroup
            stretch = QTextLayout.FormatRange()
            if kind == "number":
                stretch.format = self._number
            elif kind == "word":
                stretch.format = self._word
            else:
                stretch.format = self._key if match["colon"] else self._string
            start, end = match.span("string") if match["string"] is not None else match.span()
            stretch.start, stretch.length = start, end - start
            found.append(stretch)
        return found
