"""What Tab, Enter and a closing bracket do in the JSON editor. Works on a QTextCursor; imports PySide6.

Each function is one step of undo.
"""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor

INDENT = "  "
_MOVE = QTextCursor.MoveOperation
_KEEP = QTextCursor.MoveMode.KeepAnchor


def indent(cursor: QTextCursor) -> None:
    """Two spaces to the next even column, or before every selected line that has text."""
    if not cursor.hasSelection():
        cursor.insertText(" " * (len(INDENT) - cursor.positionInBlock() % len(INDENT)))
        return
    cursor.beginEditBlock()
    for block in _selected_blocks(cursor):
        if block.text().strip():
            QTextCursor(block).insertText(INDENT)
    cursor.endEditBlock()


def dedent(cursor: QTextCursor) -> None:
    """Take up to two spaces, or one tab, off the start of every line the selection touches."""
    cursor.beginEditBlock()
    for block in _selected_blocks(cursor):
        text = block.text()
        count = 1 if text.startswith("\t") else min(len(INDENT), len(text) - len(text.lstrip(" ")))
        start = QTextCursor(block)
        start.movePosition(_MOVE.NextCharacter, _KEEP, count)
        start.removeSelectedText()
    cursor.endEditBlock()


def new_line(cursor: QTextCursor) -> None:
    """Break the line and keep its indentation: deeper after an opening bracket, whose closing one goes below."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    text, column = cursor.block().text(), cursor.positionInBlock()
    before, after = text[:column].rstrip(), text[column:].lstrip()
    margin = _margin(text)[:column]
    if not before.endswith(("{", "[")):
        cursor.insertText("\n" + margin)
    elif after.startswith(("}", "]")):
        cursor.insertText("\n" + margin + INDENT)
        place = cursor.position()
        cursor.insertText("\n" + margin)
        cursor.setPosition(place)
    else:
        cursor.insertText("\n" + margin + INDENT)
    cursor.endEditBlock()


def close_bracket(cursor: QTextCursor, bracket: str) -> None:
    """Put a closing bracket; the first thing of its line goes one step out."""
    before = cursor.block().text()[: cursor.positionInBlock()]
    cursor.beginEditBlock()
    if not cursor.hasSelection() and before.endswith(INDENT) and not before.strip():
        cursor.movePosition(_MOVE.PreviousCharacter, _KEEP, len(INDENT))
    cursor.insertText(bracket)
    cursor.endEditBlock()


def _margin(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _selected_blocks(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines of the selection; one that it only touches with its end at column 0 is not among them."""
    document = cursor.document()
    block, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    if cursor.hasSelection() and last.position() == cursor.selectionEnd() and last != block:
        last = last.previous()
    blocks = [block]
    while block != last:
        block = block.next()
        blocks.append(block)
    return blocks
