"""Text made equal for searching: upper and lower case, accents in two spellings, JSON escapes. Pure.

SQLite alone folds ASCII only. So a row that holds anything else, or JSON escapes, carries one more text that was
folded here (`search_text`); nearly all rows need none, and a search reads only what it must.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from unicodedata import normalize

# Between the texts of one row: no folded text holds it, so nothing is found across two of them.
SEPARATOR = "\0"

_HALF_PAIR = re.compile("[\ud800-\udfff]")
# Escapes that hide text from a search in the raw bytes. Others, such as \n, stand between words.
_HIDING_ESCAPE = re.compile(rb"\\[u/\\]")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# JSON in JSON (a payload that became a string) is escaped twice.
_ESCAPE_DEPTH = 2


def fold(text: str) -> str:
    """The text as it is compared: case folded, accents apart from their letters (NFD), and U+FFFD for what SQLite
    can't hold. Whatever is found in a text by its ASCII letters is found in the folded text too."""
    if text.isascii():
        folded = text.lower()
        return folded.replace("\0", "\ufffd") if "\0" in folded else folded
    folded = normalize("NFD", normalize("NFD", text).casefold())
    try:
        folded.encode()
    except UnicodeEncodeError:
        folded = _HALF_PAIR.sub("\ufffd", folded)
    return folded.replace("\0", "\ufffd")


def is_plain(body: bytes) -> bool:
    """Whether SQLite can search the bytes as they are: ASCII, no NUL, no escapes that hide text."""
    return body.isascii() and b"\0" not in body and (b"\\" not in body or not _HIDING_ESCAPE.search(body))


def fold_body(body: bytes) -> str:
    """What a search in a body reads, folded: its bytes as text, and what they say without JSON escapes, or in another
    Unicode encoding of JSON."""
    texts = [_as_text(body)]
    if is_plain(body):
        return fold(texts[0])
    if b"\0" in body:
        texts.append(body.decode(json.detect_encoding(body), "replace"))
    for _ in range(_ESCAPE_DEPTH):
        if "\\" in texts[-1]:
            texts.append(_without_escapes(texts[-1]))
    return SEPARATOR.join(map(fold, texts))


def fold_all(texts: Iterable[str | None], bodies: Iterable[bytes] = ()) -> str:
    """The search text of a row that is not plain."""
    folded = [fold(text) for text in texts if text]
    folded += [fold_body(body) for body in bodies if body]
    return SEPARATOR.join(folded)


def _as_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _without_escapes(text: str) -> str:
    unescaped = _ESCAPE.sub(_unescape, text)
    # Two escapes of one character (a surrogate pair) become that character.
    return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescape(match: re.Match[str]) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else _ESCAPED.get(letter, letter)
