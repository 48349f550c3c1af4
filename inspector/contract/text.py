"""JSON text for people: laid out, and with places found in it. Pure; imports its own room.

Nothing here recurses: a document of any depth is fine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal

from inspector.contract import scan
from inspector.contract.characters import clean, quote
from inspector.contract.faults import JsonSyntaxError
from inspector.contract.outline import descend, outline
from inspector.contract.paths import parse_path
from inspector.contract.variable_places import stand_in, variable_end
from inspector.contract.verbatim import Verbatim
from inspector.errors import UsageError

_INDENT = "  "
_MAX_INDENT = 64  # what is deeper goes on in one line: a line for each of 100,000 levels would be gigabytes


def pretty(document: object) -> str:
    """A decoded document as JSON text: two-space indented, keys in their order, non-ASCII readable, and always fit
    for UTF-8 (half a surrogate pair is escaped). Takes what `decode` gives; a NaN or an infinity is written as
    Python does. What Python could not hold (`Verbatim`) is written as it was received."""
    return _lay_out(_walk(document))


def reformat(text: str, *, variables: bool = False) -> str:
    """A JSON text laid out like `pretty`, with every key, string and number spelled as it is there, repeated keys
    too; with `variables`, bare variables count as values. A text that is not JSON is given back as it is."""
    try:
        plain = stand_in(text) if variables else text
        return _lay_out(
            (kind, text[start : (variable_end(text, start) if kind == scan.NUMBER else None) or end])
            for kind, start, end in scan.tokens(plain)
        )
    except JsonSyntaxError:
        return text


def locate(text: str, path: str, *, nearest: bool = False) -> tuple[int, int] | None:
    """Where a problem's path is in a JSON text, as character offsets (start, end): a member of an object with its
    key, an item of a list, or for the empty path the whole document. Of repeated keys the last one.

    None where it is not there (a missing field), or the text is not JSON; with `nearest`, the innermost object or
    list on the way that is there.
    """
    try:
        parts = parse_path(path)
        node, depth = descend(outline(text), parts)
    except (JsonSyntaxError, UsageError):
        return None
    if depth < len(parts) and not nearest:
        return None
    return node.key_start, node.end


def error_place(text: str) -> tuple[int, int, int, str] | None:
    """The first place where a text is not strict JSON, or None where it is: line and column (from 1), character
    offset, and a sentence's worth of cause. For an editor, while one types."""
    if _is_strict(text):
        return None
    try:
        for kind, start, end in scan.tokens(text):
            if kind == scan.WORD and text[start:end] in scan.NOT_JSON_WORDS:
                return (
                    *scan.line_and_column(text, start),
                    start,
                    f"‘{text[start:end]}’, which JSON does not have",
                )
    except JsonSyntaxError as fault:
        return (*scan.line_and_column(text, fault.offset), fault.offset, clean(fault.message))
    return None


def _is_strict(text: str) -> bool:
    """Quickly, whether a text is strict JSON; false also where that can't be told quickly."""
    try:
        # The value is of no interest: `len` in place of `int` does without the limit on digits.
        json.loads(text, parse_constant=_refuse, parse_int=len)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(word: str) -> object:
    raise ValueError(word)


Piece = tuple[str, str]
"""A token's kind and its text."""


def _lay_out(pieces: Iterator[Piece]) -> str:
    out: list[str] = []
    depth = 0
    opened = after_key = False  # what the piece before was
    for kind, text in pieces:
        closes = kind in "}]"
        depth -= closes
        if not after_key and out and not (closes and opened):
            out.append("" if closes or opened else ",")
            if depth + closes <= _MAX_INDENT:
                out.append(f"\n{_INDENT * depth}")
            elif out[-1]:
                out.append(" ")
        out.append(text)
        after_key = kind == scan.KEY
        if after_key:
            out.append(": ")
        opened = kind in "{["
        depth += opened
    return "".join(out)


def _walk(document: object) -> Iterator[Piece]:
    """The pieces of a decoded document."""
    first: Iterator[tuple[str | None, object]] = iter([(None, document)])
    waiting = [(first, "")]
    while waiting:
        entries, closer = waiting[-1]
        for key, value in entries:
            if key is not None:
                yield scan.KEY, quote(key)
            if isinstance(value, dict):
                yield "{", "{"
                waiting.append((iter(value.items()), "}"))
                break
            if isinstance(value, list):
                yield "[", "["
                waiting.append((((None, item) for item in value), "]"))
                break
            yield scan.WORD, _scalar(value)
        else:
            waiting.pop()
            if closer:
                yield closer, closer


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return quote(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        # Python refuses to write very long ints by default; by way of Decimal it does.
        return str(value) if value.bit_length() < 2000 else f"{Decimal(value):f}"
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Verbatim):
        return clean(value.text)
    raise TypeError(f"{type(value).__name__} is no JSON value")
