"""Characters that JSON allows and other programs choke on. Pure; imports nothing of the package."""

from __future__ import annotations

import json
import re

_SURROGATE = re.compile("[\ud800-\udfff]")
# What a text widget would turn into something else (U+2029 becomes a line break) or not show at all.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` can't be written as UTF-8, because half of a surrogate pair stands alone in it."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def clean(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def quote(text: str) -> str:
    """`text` as a JSON string: readable, and always fit for UTF-8 and for a text widget."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def name_character(character: str) -> str:
    """One character as people can see it: itself in quotes, or its number and, for the common ones, its name."""
    if names := _NAMES.get(character):
        return names
    if character.isprintable() and not character.isspace():
        return f"‘{character}’"
    return f"the character U+{ord(character):04X}"


_NAMES = {
    "\x00": "a NUL character",
    "\t": "a tab",
    "\n": "a line break",
    "\r": "a carriage return",
    " ": "a space",
    "\xa0": "a no-break space",
    "\ufeff": "a byte order mark",
    "\ufffd": "a damaged character",
    "“": "a typographic quote ‘“’",
    "”": "a typographic quote ‘”’",
    "„": "a typographic quote ‘„’",
    "‘": "a typographic quote",
    "’": "a typographic quote",
}
