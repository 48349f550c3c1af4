"""Changes one value of a JSON body and no other byte. Imports `inspector.contract`.

The body is never taken apart and written anew: the new text is put in the place of the old one, so the layout, the
order of keys, and numbers such as `1.10` or those of a hundred digits stay as they were typed.
"""

from __future__ import annotations

import json

from inspector.contract import scan
from inspector.contract.characters import clean, has_lone_surrogate
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.outline import Node, outline
from inspector.contract.paths import Path, format_path, parse_path, read_path
from inspector.contract.text import error_place
from inspector.contract.text_edit import apply, remove_edits, set_edit
from inspector.errors import UsageError

_HOW = "Write PATH=VALUE, for example badge=7 or aps.alert=Hi."
_MARK = "\ufeff"


def set_value(body: bytes, assignment: str) -> bytes:
    """The body with one value set, as `PATH=VALUE` says: `aps.alert=Hi`, `list[0].name="7"`, `["a.b"]={"c": 1}`.

    VALUE is JSON where it reads as JSON (and is put in as it is written), else it is a string. Objects that are
    missing on the way are made; an index may be one past a list's end, which appends. Of a repeated key the last one,
    which counts, is changed. A byte order mark stays.

    Raises UsageError where the assignment can't be read, the path can't be followed, or the body is not a JSON object.
    """
    path, value = _read_assignment(assignment)
    text, root = _read_body(body)
    return apply(text, [set_edit(text, root, path, value)]).encode()


def remove_value(body: bytes, path: str) -> bytes:
    """The body without the member or item at `path`; a key that is repeated goes altogether.

    Raises UsageError where the path is not there or can't be read, or the body is not a JSON object.
    """
    parts = parse_path(path)
    text, root = _read_body(body)
    return apply(text, remove_edits(text, root, parts)).encode()


def _read_assignment(assignment: str) -> tuple[Path, str]:
    """The path and the value's JSON text."""
    # Messages show the path at most: the value may be a device token.
    path, end = read_path(assignment)
    if end == len(assignment):
        raise UsageError("There is no ‘=’ after the path.", _HOW)
    if not path:
        raise UsageError("There is no path before the ‘=’.", _HOW)
    value = assignment[end + 1 :]
    if any(has_lone_surrogate(text) for text in (value, *map(str, path))):
        raise UsageError(
            f"The assignment to {format_path(path)} is not clean Unicode text.",
            "Type it in a terminal that uses UTF-8.",
        )
    if error_place(value) is None:
        return path, value.strip(" \t\r\n")
    return path, json.dumps(value, ensure_ascii=False)


def _read_body(body: bytes) -> tuple[str, Node]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"The body can't be changed: it is not UTF-8 at byte {error.start}.",
            "Save it as UTF-8 and try again.",
        ) from error
    mark = _MARK if text.startswith(_MARK) else ""
    try:
        # The mark is no part of the document; a space in its place keeps every offset.
        root = outline(f" {text[1:]}" if mark else text)
    except JsonSyntaxError as fault:
        line, column = scan.line_and_column(text, fault.offset)
        raise UsageError(
            f"The body can't be changed: it is not JSON at line {line}, column {column}: {clean(fault.message)}.",
            "Correct it there, or send it without --set.",
        ) from fault
    if root.kind != "{":
        raise UsageError(
            "The body can't be changed: it is not a JSON object.", "Begin with a template: send --list."
        )
    return text, root
