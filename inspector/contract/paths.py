"""Paths into a JSON document, as people write them: `aps.alert`, `list[2].name`, `["key.with.dots"]`.

A key stands bare where that is unmistakable, else in brackets as a JSON string (single quotes are read too, for
shells); a list's index stands in brackets, from 0. The empty path is the whole document. Imports `inspector.errors`
and its own room.
"""

from __future__ import annotations

import json
import re

from inspector.contract.characters import quote
from inspector.errors import UsageError

Path = tuple[str | int, ...]

MAX_LENGTH = 300
"""Characters of a path that is shown; a longer one is cut back to the nearest ancestor that fits."""

_HOW = 'Write it like aps.alert, list[0].name or ["key.with.dots"].'
_BARE = re.compile(r"[\w$-]+")
_READ_BARE = re.compile(r"[^.\[\]=\"']+")
_READ_INDEX = re.compile(r"\[\s*([0-9]{1,9})\s*\]")
_READ_QUOTED = re.compile(r"\[\s*(?:(\"(?:[^\"\\]|\\.)*\")|'([^']*)')\s*\]", re.DOTALL)


def format_path(path: Path) -> str:
    """The text of `path`. Where it would be longer than MAX_LENGTH, the text of the nearest ancestor that is not."""
    return show_path(path)[0]


def show_path(path: Path) -> tuple[str, bool]:
    """The text that `format_path` gives, and whether it is the whole path's."""
    text = ""
    for part in path:
        if isinstance(part, int):
            step = f"[{part}]"
        elif len(part) > MAX_LENGTH:
            return text, False
        elif _BARE.fullmatch(part):
            step = f".{part}" if text else part
        else:
            step = f"[{quote(part)}]"
        if len(text) + len(step) > MAX_LENGTH:
            return text, False
        text += step
    return text, True


def parse_path(text: str) -> Path:
    """The parts of a path's text. Raises UsageError where it can't be read."""
    path, end = read_path(text)
    if end < len(text):
        raise _unreadable(text, end)
    return path


def read_path(text: str) -> tuple[Path, int]:
    """The path at the beginning of `text`, and where it ends: at the end of `text`, or at an `=` outside quotes.

    Raises UsageError where it can't be read.
    """
    parts: list[str | int] = []
    position = 0
    while position < len(text) and text[position] != "=":
        if text[position] == "[":
            part, position = _read_bracket(text, position)
        else:
            if parts:
                if text[position] != ".":
                    raise _unreadable(text, position)
                position += 1
            found = _READ_BARE.match(text, position)
            if found is None:
                raise _unreadable(text, position)
            part, position = found[0], found.end()
        parts.append(part)
    return tuple(parts), position


def _read_bracket(text: str, position: int) -> tuple[str | int, int]:
    if found := _READ_INDEX.match(text, position):
        return int(found[1]), found.end()
    found = _READ_QUOTED.match(text, position)
    if found is None:
        raise _unreadable(text, position)
    if found[1] is None:
        return found[2], found.end()
    try:
        key = json.loads(found[1])
    except ValueError as error:
        raise _unreadable(text, position) from error
    return str(key), found.end()


def _unreadable(text: str, position: int) -> UsageError:
    # Only what was read of the path is shown: what follows may be a value, and a value may be a token.
    before = text[:position][-40:]
    where = f"after {quote(before)}" if before else "at its beginning"
    return UsageError(f"The path can't be read {where}.", _HOW)
