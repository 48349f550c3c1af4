"""Writes what a form asks for into the editor's text: the least edit, and one step of undo for each visit of a field.

Imports the contract's edits, PySide6 and the fields' changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QTextCursor

from inspector.contract.characters import quote
from inspector.contract.form_model import FormField
from inspector.contract.outline import descend
from inspector.contract.paths import Path
from inspector.contract.scan import STRING
from inspector.contract.text_edit import Edit, apply, read_outline, remove_edits, respell, set_edit
from inspector.ui.composer.fields.change import Change
from inspector.ui.json_editor import JsonEditor
from inspector.ui.qt_text import to_qt, units

_KEEP = QTextCursor.MoveMode.KeepAnchor


@dataclass(frozen=True, slots=True)
class _Written:
    """Where the value stands that was written last, good for as long as the document has this revision: the next key
    in the same field then needs no look at the whole text."""

    path: Path
    revision: int
    start: int  # in Qt's units
    literal: str = field(repr=False)


class FormWriter:
    """Lives in the UI thread, with the editor whose text it changes."""

    def __init__(self, editor: JsonEditor) -> None:
        self._editor = editor
        self._written: _Written | None = None
        self._places: dict[Path, tuple[int, str]] = {}
        self._text, self._revision = "", -1
        self._joined = -1  # the revision that the next change of this visit may be joined to

    def begin_visit(self) -> None:
        """What is written from now on is undone by itself."""
        self._joined = -1

    def take_places(self, text: str, revision: int, fields: Iterable[FormField]) -> None:
        """Where values stand in `text`, which the document had at `revision`: for as long as it has, writing them needs
        no look at the whole text."""
        self._text, self._revision = text, revision
        self._places = {one.path: (one.start, one.raw) for one in fields if one.raw}

    def write(self, changes: Sequence[Change]) -> None:
        """Make the changes, in their order, as one step or as a part of this visit's step.

        Raises JsonSyntaxError where the text is not JSON, UsageError where a change can't be made; nothing is changed
        then.
        """
        document = self._editor.document()
        if len(changes) == 1 and self._continue(changes[0]):
            return
        text = self._editor.text()
        steps: list[tuple[str, tuple[Edit, ...]]] = []
        for change in changes:
            edits, place = _edits(text, change)
            steps.append((text, edits))
            text = apply(text, edits)
        cursor = self._open_block()
        for before, edits in steps:
            for edit in sorted(edits, key=lambda one: one.start, reverse=True):
                _replace(cursor, to_qt(before, edit.start), to_qt(before, edit.end), edit.text)
        cursor.endEditBlock()
        self._joined = document.revision()
        self._written = None
        if place is not None:
            start, literal = place
            path, revision = changes[-1].path, document.revision()
            self._written = _Written(path, revision, to_qt(text, start), literal)

    def _continue(self, change: Change) -> bool:
        """Write where the last change was written, if that is still known."""
        document = self._editor.document()
        if self._revision == document.revision() and change.path in self._places:
            start, raw = self._places[change.path]
            self._written = _Written(change.path, self._revision, to_qt(self._text, start), raw)
        written = self._written
        if written is None or written.path != change.path or written.revision != document.revision():
            return False
        if change.text is not None and written.literal[:1] == '"':
            edit = respell(written.literal, change.text)
        elif change.literal is not None:
            edit = Edit(0, len(written.literal), change.literal)
        else:
            return False
        literal = apply(written.literal, [edit])
        if literal != written.literal:
            cursor = self._open_block()
            start = written.start + to_qt(written.literal, edit.start)
            end = written.start + to_qt(written.literal, edit.end)
            _replace(cursor, start, end, edit.text)
            cursor.endEditBlock()
            self._joined = document.revision()
        self._written = _Written(change.path, document.revision(), written.start, literal)
        return True

    def _open_block(self) -> QTextCursor:
        document = self._editor.document()
        cursor = QTextCursor(document)
        if self._joined == document.revision():
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        return cursor


def _edits(text: str, change: Change) -> tuple[tuple[Edit, ...], tuple[int, str] | None]:
    """The edits of a change, and where its value stands after them (an offset in characters, and its JSON text)."""
    root = read_outline(text)
    if change.text is None and change.literal is None:
        return remove_edits(text, root, change.path), None
    node, depth = descend(root, change.path)
    if change.text is not None and depth == len(change.path) and node.kind == STRING:
        old = text[node.start : node.end]
        edit = respell(old, change.text)
        moved = Edit(node.start + edit.start, node.start + edit.end, edit.text)
        return (moved,), (node.start, apply(old, [edit]))
    literal = change.literal if change.literal is not None else quote(change.text or "")
    edit = set_edit(text, root, change.path, literal)
    # What is put in ends with the value, but for the ends of new objects around it.
    return (edit,), (edit.start + edit.text.rfind(literal), literal)


def _replace(cursor: QTextCursor, start: int, end: int, text: str) -> None:
    cursor.setPosition(start)
    cursor.setPosition(end, _KEEP)
    cursor.insertText(text)
    assert cursor.position() == start + len(units(text))
