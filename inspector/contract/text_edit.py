"""Changes of a JSON text as replacements of a few characters: one value and no other byte. Pure; imports
`inspector.errors` and its own room.

The text is never taken apart and written anew: layout, order of keys, unknown keys and the spelling of numbers and of
strings stay as they were typed. Bare variables (`variable_places`) count as values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from inspector.contract import scan
from inspector.contract.characters import quote
from inspector.contract.outline import Node, descend, outline
from inspector.contract.paths import Path, format_path
from inspector.contract.variable_places import stand_in, variable_end
from inspector.errors import UsageError

# What a character of a string may be written as; a surrogate pair is one character.
_SPELLED = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of the characters from `start` to `end` (offsets in characters)."""

    start: int
    end: int
    text: str = field(repr=False)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that don't overlap; all their offsets are the ones of `text`."""
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def read_outline(text: str) -> Node:
    """The tree of a JSON text that may have bare variables. Raises JsonSyntaxError where it is none."""
    return outline(stand_in(text))


def value_end(text: str, node: Node) -> int:
    """Where the value ends that `node` of `read_outline(text)` is for: a variable's stand-in is shorter than it."""
    return (variable_end(text, node.start) if node.kind == scan.NUMBER else None) or node.end


def set_edit(text: str, root: Node, path: Path, literal: str) -> Edit:
    """The edit that puts `literal` (JSON text, or a variable) at `path`, whether something is there or not.

    Objects that are missing on the way are made; an index may be one past a list's end, which appends. Of a repeated
    key the last one, which counts, is changed. Raises UsageError where the path can't be followed.
    """
    node, depth = descend(root, path)
    if depth == len(path):
        return Edit(node.start, value_end(text, node), literal)
    return _insertion(text, root, node, path, depth, literal)


def remove_edits(text: str, root: Node, path: Path) -> tuple[Edit, ...]:
    """The edits that take the member or item at `path` away, and its comma; a key that is repeated goes altogether.

    Raises UsageError where the path is not there, or is empty.
    """
    if not path:
        raise UsageError(
            "The path is empty, and the whole body can't be removed.", "Name a part of it: aps.alert."
        )
    parent, depth = descend(root, path[:-1])
    last = path[-1]
    if depth < len(path) - 1 or parent.child(last) is None:
        raise UsageError(f"The body has no {format_path(path)}.", "Name a part that is there.")
    children = parent.children
    gone = [
        place == last if isinstance(last, int) else child.key == last for place, child in enumerate(children)
    ]
    if all(gone):
        start, end = children[0].key_start, value_end(text, children[-1])
        around = text[parent.start + 1 : start], text[end : parent.end - 1]
        if any("\n" in space for space in around):  # no line is to stay between empty braces
            start, end = parent.start + 1, parent.end - 1
        return (Edit(start, end, ""),)
    edits = []
    place = 0
    while place < len(children):
        first = place
        while place < len(children) and gone[place]:
            place += 1
        if place == first:
            place += 1
        elif place < len(children):
            edits.append(Edit(children[first].key_start, children[place].key_start, ""))
        else:
            edits.append(Edit(value_end(text, children[first - 1]), value_end(text, children[place - 1]), ""))
    return tuple(edits)


def respell(literal: str, value: str) -> Edit:
    """The least edit of a string literal that makes it stand for `value`, offsets counted from its opening quote.
    What stays of the string keeps its spelling."""
    spelled = _SPELLED.findall(literal, 1, len(literal) - 1)
    old = [one if one[0] != "\\" else str(json.loads(f'"{one}"')) for one in spelled]
    most = min(len(old), len(value))
    head = 0
    while head < most and old[head] == value[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == value[-1 - tail]:
        tail += 1
    start = 1 + sum(map(len, spelled[:head]))
    end = len(literal) - 1 - sum(map(len, spelled[len(spelled) - tail :]))
    return Edit(start, end, quote(value[head : len(value) - tail])[1:-1])


def _insertion(text: str, root: Node, node: Node, path: Path, depth: int, literal: str) -> Edit:
    """What is missing of `path`, put into `node`, which is as far as it leads."""
    part, rest = path[depth], path[depth + 1 :]
    colon = _colon(text, node) or _colon(text, root) or ": "
    if node.kind == "[" and part == len(node.children):
        member = _wrap(rest, literal, path, colon)
    elif node.kind == "{" and isinstance(part, str):
        member = f"{quote(part)}{colon}{_wrap(rest, literal, path, colon)}"
    else:
        raise _impossible(text, node, path, depth)
    if not node.children:
        return Edit(node.start + 1, node.start + 1, member)
    end = value_end(text, node.children[-1])
    return Edit(end, end, f",{_gap(text, node)}{member}")


def _wrap(rest: Path, literal: str, path: Path, colon: str) -> str:
    """The value within new objects, and new lists of one item, as `rest` asks for."""
    before, after = [], []
    for part in rest:
        if isinstance(part, str):
            before.append(f"{{{quote(part)}{colon}")
            after.append("}")
        elif part == 0:
            before.append("[")
            after.append("]")
        else:
            raise UsageError(
                f"{format_path(path)} can't be made: a new list has no item {part} yet.",
                "Begin with the item [0].",
            )
    return "".join((*before, literal, *reversed(after)))


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
