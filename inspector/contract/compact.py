"""A decoded document as JSON text without white space, as a program sends it. Pure; imports its own room."""

from __future__ import annotations

import json
import re

from inspector.contract.characters import clean, has_lone_surrogate
from inspector.contract.verbatim import Verbatim

_SURROGATE = re.compile("[\ud800-\udfff]")


def compact(document: object) -> str:
    """The shortest usual JSON text of what `decode` gives: non-ASCII as it is, half a surrogate pair escaped, so that
    it is always fit for UTF-8. What Python could not hold (`Verbatim`) is written as it was received."""
    try:
        text = _dumps(document)
    except TypeError:
        text = _with_verbatim(document)
    if has_lone_surrogate(text):
        text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def byte_length(text: str) -> int:
    """Bytes of a text in UTF-8; half a surrogate pair counts as the three bytes it would take."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _dumps(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _with_verbatim(document: object) -> str:
    kept: list[str] = []
    mark = "verbatim"
    while mark in json.dumps(document, ensure_ascii=False, default=str):
        mark += "-"

    def stand_in(value: object) -> str:
        if not isinstance(value, Verbatim):
            raise TypeError(f"{type(value).__name__} is no JSON value")
        kept.append(clean(value.text))
        return f"{mark}{len(kept) - 1};"

    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=stand_in)
    return re.sub(rf'"{mark}(\d+);"', lambda found: kept[int(found[1])], text)
