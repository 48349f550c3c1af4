"""Says in plain words why a text is not JSON. Pure; imports its own room.

A message shows at most one character of the text: what stands there may be a secret.
"""

from __future__ import annotations

import re
from enum import StrEnum

from inspector.contract.characters import name_character


class JsonSyntaxError(ValueError):
    """The text is not JSON at `offset`. `trailing` tells that a whole document came before.

    Stays within this package: outward it becomes a problem or an error of the one error tree.
    """

    def __init__(self, offset: int, message: str, *, trailing: bool = False) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.trailing = trailing


class Place(StrEnum):
    """What is expected at a place, in words."""

    VALUE = "a value"
    ITEM_OR_END = "a value or ‘]’"
    KEY = "a key in double quotes"
    KEY_OR_END = "a key in double quotes or ‘}’"
    COLON = "a colon after the key"
    AFTER_MEMBER = "a comma or ‘}’"
    AFTER_ITEM = "a comma or ‘]’"


_GOOD_STRING_PART = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*')
_WORD = re.compile(r"[\w$]+")
_OTHER_LANGUAGES = {"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null"}


def find_fault(text: str, offset: int, expected: Place) -> JsonSyntaxError:
    """The fault of what stands at `offset`, where `expected` was expected."""
    if offset >= len(text):
        return JsonSyntaxError(offset, f"the text ends where {expected} was expected")
    here = text[offset]
    between = expected in (Place.AFTER_MEMBER, Place.AFTER_ITEM)
    if here == '"' and not between and expected is not Place.COLON:
        return _string_fault(text, offset)
    if between:
        advice = _between(text, offset, expected)
    elif expected in (Place.VALUE, Place.ITEM_OR_END):
        advice = _instead_of_value(text, offset)
    elif expected in (Place.KEY, Place.KEY_OR_END):
        advice = _instead_of_key(text, offset)
    else:
        advice = ""
    return JsonSyntaxError(
        offset, advice or _anywhere(text, offset) or f"{name_character(here)} where {expected} was expected"
    )


def _string_fault(text: str, offset: int) -> JsonSyntaxError:
    """What is wrong within the string that begins at `offset`."""
    good = _GOOD_STRING_PART.match(text, offset)
    end = good.end() if good else offset
    if end >= len(text):
        return JsonSyntaxError(offset, "this string is never closed")
    here = text[end]
    if here == "\\":
        following = text[end + 1 : end + 2]
        if following == "u":
            return JsonSyntaxError(end, "‘\\u’ must be followed by four hexadecimal digits")
        shown = name_character(following) if following else "the end of the text"
        return JsonSyntaxError(end, f"a backslash before {shown}; a plain backslash is written ‘\\\\’")
    escape = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(here, f"\\u{ord(here):04x}")
    return JsonSyntaxError(end, f"{name_character(here)} inside a string must be written ‘{escape}’")


def _anywhere(text: str, offset: int) -> str:
    here = text[offset]
    if here in "'“”„‘’":
        return f"{name_character(here)} where a straight double quote was expected"
    if here == "/" and text[offset + 1 : offset + 2] in ("/", "*"):
        return "a comment, which JSON does not have"
    return ""


def _instead_of_key(text: str, offset: int) -> str:
    here = text[offset]
    if here == "}":
        return "a comma stands before ‘}’"
    if here.isalnum() or here == "_":
        return "a key that does not stand in double quotes"
    return ""


def _instead_of_value(text: str, offset: int) -> str:
    here = text[offset]
    if here in "]}" and text[:offset].rstrip(" \t\n\r")[-1:] == ",":
        return f"a comma stands before ‘{here}’"
    word = _WORD.match(text, offset)
    if word and (right := _OTHER_LANGUAGES.get(word[0])):
        return f"‘{word[0]}’ where JSON has ‘{right}’"
    if here in "+.":
        return f"a number can't begin with ‘{here}’"
    if here == "-":
        return "a minus sign without a number after it"
    if here.isalpha():
        return "text that does not stand in double quotes"
    return ""


def _between(text: str, offset: int, expected: Place) -> str:
    here, before = text[offset], text[offset - 1]
    if here in '"{[':
        return f"a comma is missing before {name_character(here)}"
    if here.isdigit() and before == "0":
        return "a number can't begin with 0"
    if here == ".":
        return "a decimal point without a digit after it"
    if here.isalnum():
        # With space between a comma was forgotten; without, the word or number itself has gone wrong.
        if before.isspace() or before in '"}]':
            return f"a comma is missing before {name_character(here)}"
        return "a number or a word that goes on in a way that JSON does not know"
    if here in "}]":
        opener = "{" if expected is Place.AFTER_MEMBER else "["
        return f"‘{here}’ closes what was opened by ‘{opener}’"
    return ""
