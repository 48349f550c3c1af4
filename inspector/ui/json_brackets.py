"""The bracket that belongs to the one at a place of a JSON document. Imports PySide6."""

from __future__ import annotations

import re

from PySide6.QtGui import QTextBlock, QTextDocument

from inspector.ui.qt_text import units

# It runs whenever the cursor comes to a bracket, so it gives up rather than hold a keystroke back.
SCANNED_CHARACTERS = 20_000

_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]')
_OPEN = "[{"
_PARTNER = {"[": "]", "{": "}", "]": "[", "}": "{"}


def bracket_pair(document: QTextDocument, position: int) -> tuple[int, int] | None:
    """The positions of the bracket beside `position` and of its partner; None where there is no bracket (one inside
    a string is none), or no partner of its kind near enough."""
    block = document.findBlock(position)
    if block.length() > SCANNED_CHARACTERS:
        return None
    column = position - block.position()
    here = dict(_brackets(block))
    for place in (column - 1, column):
        if place in here:
            partner = _partner(block, place, here[place])
            return None if partner is None else (block.position() + place, partner)
    return None


def _brackets(block: QTextBlock) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in _MARK.finditer(units(block.text())) if match[0][0] != '"']


def _partner(block: QTextBlock, column: int, bracket: str) -> int | None:
    forward = bracket in _OPEN
    waiting = [bracket]
    marks = [
        (place, mark) for place, mark in _brackets(block) if (place > column) is forward and place != column
    ]
    left = SCANNED_CHARACTERS
    while block.isValid() and left > 0:
        for place, mark in marks if forward else reversed(marks):
            if (mark in _OPEN) is forward:
                waiting.append(mark)
            elif _PARTNER[waiting.pop()] != mark:
                return None
            elif not waiting:
                return block.position() + place
        left -= block.length()
        block = block.next() if forward else block.previous()
        if block.length() > left:
            return None
        marks = _brackets(block) if block.isValid() else []
    return None
