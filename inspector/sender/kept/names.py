"""Names of files made from titles: readable, and free of what some file system or shell can't take. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 60
"""Characters; a name's bytes stay below what file systems take, with room for endings."""

_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"))
)
_BREAKS = re.compile(r"[^\w]+|_+")


def folded(name: str) -> str:
    """Two names that some file system takes for the same fold to the same text."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def slug(title: str, taken: Collection[str] = ()) -> str:
    """A file's name without its ending for a title: lower case letters and digits of any script, joined by `-`. Never
    one of `taken` (folded names), nor one that Windows reserves; a number is put after it then."""
    text = unicodedata.normalize("NFC", title).lower()
    stem = _BREAKS.sub("-", text).strip("-")[:LONGEST].strip("-")
    while len(stem.encode()) > 180:
        stem = stem[:-1]
    stem = stem or "payload"
    if stem in _RESERVED:
        stem = f"{stem}-payload"
    name, number = stem, 1
    while folded(name) in taken:
        number += 1
        name = f"{stem}-{number}"
    return name
