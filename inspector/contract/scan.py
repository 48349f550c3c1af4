"""Reads JSON text token by token, at any depth, without recursion. Pure; imports its own room.

`json.loads` says neither where a value stands nor what was written there. Everything that must know that
(problems' paths, marking an error as one types, changing one value and nothing else) goes through this
scanner. It is strict, except that it takes `NaN`, `Infinity` and `-Infinity`, which some writers produce.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.contract.characters import name_character
from inspector.contract.faults import JsonSyntaxError, Place, find_fault

KEY, STRING, NUMBER, WORD = "k", "s", "n", "w"

Token = tuple[str, int, int]
"""Kind, start, end (character offsets). The kind is one of the four above, or `{`, `}`, `[`, `]` itself."""

NOT_JSON_WORDS = frozenset({"NaN", "Infinity", "-Infinity"})

# No possessive group, `(…)*+`: before Python 3.11.5 it takes half of what its inside failed at. Single ones are right.
_LEXEME = re.compile(
    r"""[ \t\n\r]*+(?:
        (?P<s>"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*")
      | (?P<n>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)
      | (?P<w>(?:true|false|null|NaN|-?Infinity)(?![\w$]))
      | (?P<p>[][{}:,])
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\n\r]*+")


class _State(NamedTuple):
    """The kinds of token that may come next, and the place's name for a message."""

    kinds: str
    place: Place


_VALUE = _State("snw{[", Place.VALUE)
_ITEM_OR_END = _State("snw{[]", Place.ITEM_OR_END)
_KEY = _State("s", Place.KEY)
_KEY_OR_END = _State("s}", Place.KEY_OR_END)
_COLON = _State(":", Place.COLON)
_AFTER_MEMBER = _State(",}", Place.AFTER_MEMBER)
_AFTER_ITEM = _State(",]", Place.AFTER_ITEM)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of one JSON document; commas and colons are checked but not given.

    Raises JsonSyntaxError on coming to a place that is not JSON: what stands before it was given by then.
    """
    match = _LEXEME.match
    enclosing: list[_State] = []  # for each open container, what comes after a value in it
    state = _VALUE
    position = 0
    while True:
        found = match(text, position)
        if found is None:
            raise find_fault(text, skip_space(text, position), state.place)
        group = found.lastgroup or ""
        start, end = found.span(group)
        kind = text[start] if group == "p" else group
        if kind not in state.kinds:
            raise find_fault(text, start, state.place)
        position = end
        if kind == ",":
            state = _KEY if state is _AFTER_MEMBER else _VALUE
        elif kind == ":":
            state = _VALUE
        elif kind == STRING and (state is _KEY or state is _KEY_OR_END):
            yield KEY, start, end
            state = _COLON
        elif kind == "{":
            yield kind, start, end
            enclosing.append(_AFTER_MEMBER)
            state = _KEY_OR_END
        elif kind == "[":
            yield kind, start, end
            enclosing.append(_AFTER_ITEM)
            state = _ITEM_OR_END
        else:
            yield kind, start, end
            if kind == "}" or kind == "]":
                enclosing.pop()
            if not enclosing:
                break
            state = enclosing[-1]
    rest = skip_space(text, position)
    if rest < len(text):
        here = name_character(text[rest])
        raise JsonSyntaxError(rest, f"{here} where the document has already ended", trailing=True)


def string_value(text: str, start: int, end: int) -> str:
    """The text that the string literal at `text[start:end]` stands for."""
    if text.find("\\", start, end) < 0:
        return text[start + 1 : end - 1]
    return str(json.loads(text[start:end]))


def skip_space(text: str, position: int) -> int:
    """The offset of the next character at or after `position` that is not JSON white space."""
    found = _SPACE.match(text, position)
    return found.end() if found else position


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of `offset`, both counted from 1: columns in characters, lines ended by a line feed."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
