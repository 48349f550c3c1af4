"""Values of a document as text for a view, secrets masked unless they are to be shown. Pure; imports the contract."""

from __future__ import annotations

import json

from inspector.contract.difference import Difference
from inspector.contract.masking import mask_body, mask_token
from inspector.contract.token_places import HIDDEN, is_token_name
from inspector.contract.verbatim import Verbatim

LONGEST = 2000


def scalar(value: object, place: Difference, *, reveal: bool) -> str:
    """A value that is no object and no list, as JSON."""
    if not reveal and value is not None and _is_secret(place):
        value = mask_token(value) if isinstance(value, str) else HIDDEN
    if isinstance(value, str):
        text = json.dumps(value[:LONGEST], ensure_ascii=False)
        if not reveal and "token" in text.casefold():
            text = mask_body(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
        return text.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Verbatim):
        return value.text[:LONGEST]
    return json.dumps(value)


def _is_secret(place: Difference) -> bool:
    """Whether it is a device token, or a part of one."""
    return any(isinstance(part, str) and is_token_name(part) for part in place.path)


def summary(value: object, place: Difference, *, reveal: bool) -> str:
    """A value in one line: of an object or a list how much is in it."""
    if isinstance(value, dict):
        return f"{{ {len(value)} }}" if value else "{ }"
    if isinstance(value, list):
        return f"[ {len(value)} ]" if value else "[ ]"
    return scalar(value, place, reveal=reveal)
