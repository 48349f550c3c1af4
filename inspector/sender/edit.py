"""Changes one value of a JSON body and no other byte. Imports `inspector.contract`.

The body is never taken apart and written anew: the new text is put in the place of the old one, so the layout, the
order of keys, and numbers such as `1.10` or those of a hundred digits stay as they were typed.
"""

from __future__ import annotations

import json

from inspector.contract import scan
from inspector.contract.characters import clean, has_lone_surrogate
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.outline import Node, descend, outline
from inspector.contract.paths import Path, format_path, parse_path, read_path
from inspector.contract.text import error_place
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
    node, depth = descend(root, path)
    if depth == len(path):
        changed = f"{text[: node.start]}{value}{text[node.end :]}"
    else:
        changed = _insert(text, root, node, path, depth, value)
    return changed.encode()


def remove_value(body: bytes, path: str) -> bytes:
    """The body without the member or item at `path`; a key that is repeated goes altogether.

    Raises UsageError where the path is not there or can't be read, or the body is not a JSON object.
    """
    parts = parse_path(path)
    text, root = _read_body(body)
    if not parts:
        raise UsageError(
            "The path is empty, and the whole body can't be removed.", "Name a part of it: aps.alert."
        )
    parent, depth = descend(root, parts[:-1])
    last = parts[-1]
    if depth < len(parts) - 1 or parent.child(last) is None:
        raise UsageError(f"The body has no {format_path(parts)}.", "Name a part that is there.")
    siblings = parent.children
    kept = [
        place
        for place, child in enumerate(siblings)
        if (place != last if isinstance(last, int) else child.key != last)
    ]
    if not kept:
        return (text[: siblings[0].key_start] + text[siblings[-1].end :]).encode()
    # Each one that stays brings along what follows it up to its next neighbour: a comma and white space.
    pieces = [text[: siblings[0].key_start]]
    pieces += (text[siblings[place].key_start : siblings[place + 1].key_start] for place in kept[:-1])
    pieces += (text[siblings[kept[-1]].key_start : siblings[kept[-1]].end], text[siblings[-1].end :])
    return "".join(pieces).encode()


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


def _insert(text: str, root: Node, node: Node, path: Path, depth: int, value: str) -> str:
    """The text with what is missing of `path` put into `node`, which is as far as it leads."""
    part, rest = path[depth], path[depth + 1 :]
    colon = _colon(text, node) or _colon(text, root) or ": "
    if node.kind == "[" and part == len(node.children):
        member = _wrap(rest, value, path, colon)
    elif node.kind == "{" and isinstance(part, str):
        member = f"{_quote(part)}{colon}{_wrap(rest, value, path, colon)}"
    else:
        raise _impossible(text, node, path, depth)
    if not node.children:
        return f"{text[: node.start + 1]}{member}{text[node.start + 1 :]}"
    end = node.children[-1].end
    return f"{text[:end]},{_gap(text, node)}{member}{text[end:]}"


def _wrap(rest: Path, value: str, path: Path, colon: str) -> str:
    """The value within new objects, and new lists of one item, as `rest` asks for."""
    before, after = [], []
    for part in rest:
        if isinstance(part, str):
            before.append(f"{{{_quote(part)}{colon}")
            after.append("}")
        elif part == 0:
            before.append("[")
            after.append("]")
        else:
            raise UsageError(
                f"{format_path(path)} can't be made: a new list has no item {part} yet.",
                "Begin with the item [0].",
            )
    return "".join((*before, value, *reversed(after)))


def _colon(text: str, node: Node) -> str:
    """The colon with the space around it as an object's last member has it: a new one is to look like it."""
    if node.kind != "{" or not node.children:
        return ""
    return text[node.children[-1].key_end : node.children[-1].start]


def _gap(text: str, node: Node) -> str:
    """The white space before a container's last child, as the next one is to have it."""
    last = node.children[-1]
    gap = text[: last.key_start].rstrip(" \t\r\n")
    return text[len(gap) : last.key_start]


def _quote(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _impossible(text: str, node: Node, path: Path, depth: int) -> UsageError:
    where = format_path(path[:depth]) or "The body"
    part = path[depth]
    if node.kind == "{":
        return UsageError(f"{where} is an object, so it has no item [{part}].", "Name a key of it.")
    if node.kind == "[":
        count = len(node.children)
        if isinstance(part, int):
            return UsageError(
                f"{where} has {count} items, so [{part}] can't be set.",
                f"Write {where}[{count}] to append one.",
            )
        return UsageError(
            f"{where} is a list, so it has no key {format_path((part,))}.", f"Name an item: {where}[0]."
        )
    what = {scan.STRING: "a string", scan.NUMBER: "a number"}.get(node.kind, text[node.start : node.end])
    return UsageError(
        f"{where} is {what}, so nothing can be set within it.",
        f"Set it as a whole: {where}={{…}} with a JSON object.",
    )
